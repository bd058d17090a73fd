//! Letters and signs that keyboards lack, by the names that LaTeX and Julia give them: `\mu` and the Tab key are `μ`.

use super::Completion;

/// Names and what they stand for.
#[rustfmt::skip]
pub const SYMBOLS: &[(&str, &str)] = &[
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("epsilon", "ε"), ("zeta", "ζ"), ("eta", "η"),
    ("theta", "θ"), ("iota", "ι"), ("kappa", "κ"), ("lambda", "λ"), ("mu", "μ"), ("nu", "ν"), ("xi", "ξ"),
    ("omicron", "ο"), ("pi", "π"), ("rho", "ρ"), ("sigma", "σ"), ("tau", "τ"), ("upsilon", "υ"), ("phi", "φ"),
    ("chi", "χ"), ("psi", "ψ"), ("omega", "ω"),
    ("varepsilon", "ϵ"), ("vartheta", "ϑ"), ("varphi", "ϕ"), ("varrho", "ϱ"), ("varsigma", "ς"),
    ("Gamma", "Γ"), ("Delta", "Δ"), ("Theta", "Θ"), ("Lambda", "Λ"), ("Xi", "Ξ"), ("Pi", "Π"), ("Sigma", "Σ"),
    ("Upsilon", "Υ"), ("Phi", "Φ"), ("Psi", "Ψ"), ("Omega", "Ω"),
    ("nabla", "∇"), ("partial", "∂"), ("infty", "∞"), ("ell", "ℓ"), ("hbar", "ℏ"),
    ("le", "≤"), ("leq", "≤"), ("ge", "≥"), ("geq", "≥"), ("ne", "≠"), ("neq", "≠"), ("approx", "≈"), ("sim", "∼"),
    ("in", "∈"), ("notin", "∉"), ("subset", "⊂"), ("cup", "∪"), ("cap", "∩"), ("emptyset", "∅"),
    ("sum", "∑"), ("prod", "∏"), ("int", "∫"), ("sqrt", "√"), ("pm", "±"), ("times", "×"), ("cdot", "⋅"), ("div", "÷"),
    ("to", "→"), ("leftarrow", "←"), ("rightarrow", "→"), ("mapsto", "↦"), ("forall", "∀"), ("exists", "∃"),
    ("bbE", "𝔼"), ("bbN", "ℕ"), ("bbR", "ℝ"), ("bbZ", "ℤ"), ("dots", "…"), ("degree", "°"), ("prime", "′"),
    ("_0", "₀"), ("_1", "₁"), ("_2", "₂"), ("_3", "₃"), ("_4", "₄"), ("_5", "₅"), ("_6", "₆"), ("_7", "₇"), ("_8", "₈"),
    ("_9", "₉"),
    ("^0", "⁰"), ("^1", "¹"), ("^2", "²"), ("^3", "³"), ("^4", "⁴"), ("^5", "⁵"), ("^6", "⁶"), ("^7", "⁷"), ("^8", "⁸"),
    ("^9", "⁹"), ("^-", "⁻"),
];

/// What the name behind the last backslash stands for: the sign where the name is whole, else the names that begin so.
pub fn complete(before: &str) -> Option<(usize, Vec<Completion>)> {
    let start = before.rfind('\\')?;
    let name = &before[start + 1..];
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_^-".contains(c)) {
        return None;
    }
    let fitting: Vec<_> = SYMBOLS.iter().filter(|(known, _)| known.starts_with(name)).collect();
    if fitting.is_empty() {
        return None;
    }
    let whole = fitting.iter().find(|(known, _)| *known == name);
    let found = match (whole, &fitting[..]) {
        (Some((name, sign)), _) | (None, [(name, sign)]) => vec![Completion::new(*sign, format!("\\{name}"))],
        (None, several) => several.iter().map(|(name, sign)| Completion::new(format!("\\{name}"), *sign)).collect(),
    };
    Some((start, found))
}
