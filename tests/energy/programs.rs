//! Energies of every kind.

pub const VISIBLE: &[&str] = &["binary", "bipolar", "one_hot", "real"];
pub const HIDDEN: &[&str] = &["binary", "bipolar", "one_hot", "real", "positive"];

/// What is written besides v W h and the fields.
pub const FORMS: &[Form] = &[
    Form { extra: "", second: false },
    // Squares of units, which change a field where they do not confine.
    Form { extra: " + p * sum(v^2) + q * sum(h^2) / 9", second: false },
    // Three groups in one product, and weights shared by two groups.
    Form { extra: " - sum((u @ U) * (v @ W) * h) / 3 - u @ U @ h", second: true },
];

pub struct Form {
    extra: &'static str,
    /// Whether there is a second visible group, `u`.
    second: bool,
}

impl Form {
    pub fn has_second(&self) -> bool {
        self.second
    }
}

/// Real units have a square of their own that confines them, whatever else there is.
fn confined(kind: &str, name: &str) -> String {
    match kind {
        "real" | "positive" => format!(" + tau_{name} * sum({name}^2)"),
        _ => String::new(),
    }
}

/// Few enough units to go through all states: a continuous one is a grid.
fn size(kind: &str) -> usize {
    match kind {
        "real" | "positive" => 1,
        "one_hot" => 3,
        _ => 2,
    }
}

pub fn program(visible: &str, hidden: &str, form: &Form) -> String {
    let (n, m) = (size(visible), size(hidden));
    let second = match form.second {
        true => format!("param U: real[2, {m}] = init gaussian(0, 0.4)  observe u: binary[2]"),
        false => String::new(),
    };
    let used = |name: &str, text: &str| {
        if form.extra.contains(&format!("{name} *")) { text.to_string() } else { String::new() }
    };
    let scale = |kind: &str, name: &str| match kind {
        "real" | "positive" => format!("param tau_{name}: positive = 1"),
        _ => String::new(),
    };
    format!(
        "model M {{
             param W: real[{n}, {m}] = init gaussian(0, 0.4)
             param b: real[{n}] = 0
             param c: real[{m}] = 0
             {} {} {} {}
             {second}
             observe v: {visible}[{n}]
             latent h: {hidden}[{m}]
             energy -(v @ W @ h) - b @ v - c @ h{}{}{}
         }}",
        used("p", "param p: positive = 0.5"),
        used("q", "param q: unit = 0.5"),
        scale(visible, "v"),
        scale(hidden, "h"),
        confined(visible, "v"),
        confined(hidden, "h"),
        form.extra
    )
}

/// Every kind of visible and of hidden units in every form: the two kinds, the form, the program.
pub fn every() -> impl Iterator<Item = (&'static str, &'static str, &'static Form, String)> {
    let kinds = VISIBLE.iter().flat_map(|visible| HIDDEN.iter().map(move |hidden| (*visible, *hidden)));
    kinds.flat_map(|(visible, hidden)| {
        FORMS.iter().map(move |form| (visible, hidden, form, program(visible, hidden, form)))
    })
}
