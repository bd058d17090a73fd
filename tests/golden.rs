//! The theory's table, symbol for symbol: what is printed for each likelihood and each pair of likelihood and link.
//!
//! A row is `program | fact ⇒ text`. A program with `o` in it is a layer of three components with `o = affine(x, 3)`, or of
//! one with `o1`; any other is a likelihood of the standard library. Facts of noise begin with + or ×.

use std::collections::HashMap;

use nemlang::derive::ProgramDerivation;
use nemlang::report::derivation;
use nemlang::session::Session;

const LIKELIHOODS: &str = "
    gaussian          | log-density     ⇒ ln f = −(y − μ)²/(2 σ²) − ln σ − ln(2 π)/2
    gaussian          | score           ⇒ ∂ ln f/∂μ = (y − μ)/σ² / ∂ ln f/∂σ = ((y − μ)² − σ²)/σ³
    gaussian          | + Δ(n)          ⇒ ((y − μ)² − (y + n − μ)²)/(2 σ²)
    gaussian          | + helps where   ⇒ (y + n − μ)² ≤ (y − μ)²
    gaussian          | + region        ⇒ interval between 0 and 2 (μ − y)
    gaussian          | + on average    ⇒ E[(y + n − μ)²] ≤ E[(y − μ)²]
    gaussian          | + sampler       ⇒ the proposal's quantile function between the ends: every draw is used
    gaussian          | + harms where   ⇒ outside of the interval
    gaussian          | + ascent        ⇒ n (y − μ) ≥ 0 / half-line from 0, direction y − μ
    gaussian          | + K outcomes    ⇒ ‖y + n − μ‖² ≤ ‖y − μ‖² / ball, centre μ − y, radius ‖μ − y‖ / σ by component: Σ_k (y_k + n_k − μ_k)²/σ_k² ≤ Σ_k (y_k − μ_k)²/σ_k² / ellipsoid through 0, centre μ − y, weights 1/σ²
    gaussian          | × helps where   ⇒ (n − 1) y ((n + 1) y − 2 μ) ≤ 0
    gaussian          | × region        ⇒ interval between 1 and 2 μ/y − 1 (everything where y = 0)
    bernoulli         | log-density     ⇒ ln f = y ln p + (1 − y) ln(1 − p)
    bernoulli         | score           ⇒ ∂ ln f/∂p = (y − p)/(p (1 − p))
    bernoulli         | + helps where   ⇒ n ln(p/(1 − p)) ≥ 0
    bernoulli         | + region        ⇒ half-line from 0, direction ln(p/(1 − p))
    bernoulli         | + K outcomes    ⇒ Σ_k n_k ln(p_k/(1 − p_k)) ≥ 0 / half-space through 0, normal ln(p/(1 − p))
    bernoulli         | × helps where   ⇒ (n − 1) y ln(p/(1 − p)) ≥ 0
    bipolar_bernoulli | score           ⇒ ∂ ln f/∂m = (y − m)/(1 − m²)
    bipolar_bernoulli | + helps where   ⇒ n artanh(m) ≥ 0
    bipolar_bernoulli | + K outcomes    ⇒ Σ_k n_k artanh(m_k) ≥ 0 / half-space through 0, normal artanh(m)
    bipolar_bernoulli | × Δ(n)          ⇒ (n − 1) y artanh(m)
    bipolar_bernoulli | × helps where   ⇒ (n − 1) y artanh(m) ≥ 0
    categorical       | log-density     ⇒ ln f = Σ_k y_k ln p_k
    categorical       | score           ⇒ ∂ ln f/∂p = y/p
    categorical       | + helps where   ⇒ Σ_k n_k ln p_k ≥ 0
    categorical       | + region        ⇒ half-space through 0, normal ln p
    categorical       | + sampler       ⇒ mirror a draw that falls outside at the boundary: every draw is used
    categorical       | × helps where   ⇒ Σ_k (n_k − 1) y_k ln p_k ≥ 0
    categorical       | × region        ⇒ half-space through 1, normal y ln p
    laplace           | log-density     ⇒ ln f = −|y − μ|/b − ln(2 b)
    laplace           | score           ⇒ ∂ ln f/∂μ = sign(y − μ)/b / ∂ ln f/∂b = (|y − μ| − b)/b²
    laplace           | + Δ(n)          ⇒ (|y − μ| − |y + n − μ|)/b
    laplace           | + helps where   ⇒ |y + n − μ| ≤ |y − μ|
    laplace           | + region        ⇒ interval between 0 and 2 (μ − y)
    laplace           | + K outcomes    ⇒ ‖y + n − μ‖₁ ≤ ‖y − μ‖₁ / cross-polytope, centre μ − y, radius ‖y − μ‖₁ / b by component: Σ_k |y_k + n_k − μ_k|/b_k ≤ Σ_k |y_k − μ_k|/b_k / cross-polytope, centre μ − y, weights 1/b, radius Σ_k |y_k − μ_k|/b_k
    exponential       | log-density     ⇒ ln f = ln λ − λ y
    exponential       | score           ⇒ ∂ ln f/∂λ = 1/λ − y
    exponential       | + Δ(n)          ⇒ −λ n
    exponential       | + helps where   ⇒ −λ n ≥ 0 and y + n ≥ 0
    exponential       | + region        ⇒ interval [−y, 0]
    exponential       | + rules         ⇒ arithmetic alone
    exponential       | × region        ⇒ interval [0, 1]
    uniform           | + Δ(n)          ⇒ 0 for every n: the density is the same for every outcome within its support
    uniform           | + region        ⇒ interval [low − y, high − y]
    uniform           | + K outcomes    ⇒ y + n ≥ low and y + n ≤ high / box, each component in [low − y, high − y]
    logistic_distribution | + region    ⇒ interval that holds 0 and ends where Δ(n) turns negative
    student_t         | + region        ⇒ interval between 0 and 2 (μ − y)
    cauchy            | + region        ⇒ interval between 0 and 2 (μ − y)
    von_mises         | + region        ⇒ arc between 0 and 2 (μ − y), and its turns by 2 π
    pareto            | + region        ⇒ interval [low − y, 0]
    multivariate_gaussian | + region    ⇒ ellipsoid ‖L⁻¹ @ n − c‖ ≤ ‖L⁻¹ @ (y − μ)‖, c = −(L⁻¹ @ (y − μ))
    gaussian_covariance   | + region    ⇒ ellipsoid, centre μ − y, axes of S⁻¹, level (y − μ)ᵀ S⁻¹ (y − μ)
    gaussian_covariance   | + helps where ⇒ (y + n − μ)ᵀ S⁻¹ (y + n − μ) ≤ (y − μ)ᵀ S⁻¹ (y − μ)
    poisson           | + region        ⇒ interval that holds 0 and ends where Δ(n) turns negative, cut by y + n ≥ 0
    gamma             | + region        ⇒ interval that holds 0 and ends where Δ(n) turns negative, cut by y + n ≥ 0
    log_normal        | + region        ⇒ interval that holds 0 and ends where Δ(n) turns negative, cut by y + n ≥ 0
    inverse_gaussian  | + region        ⇒ interval that holds 0 and ends where Δ(n) turns negative, cut by y + n ≥ 0
    huber             | + region        ⇒ interval that holds 0 and ends where Δ(n) turns negative
    masked_gaussian   | + region        ⇒ interval between 0 and 2 (μ − y) (everything where mask = 0)
    beta              | + shape         ⇒ convex provided a − 1 ≥ 0, b − 1 ≥ 0: ln f is concave in y
";

const LAYERS: &str = "
    categorical(softmax(o))     | log-density    ⇒ ln f = Σ_k y_k ln a_k, a = softmax(o)
    categorical(softmax(o))     | pre-activation ⇒ o = affine(…)
    categorical(softmax(o))     | δ              ⇒ ∂ ln f/∂o = y − a / y′ − a Σ_k y′_k with a noisy target y′
    categorical(softmax(o))     | invariance     ⇒ holds: δ = y − a
    categorical(softmax(o))     | + helps where  ⇒ Σ_k n_k ln a_k ≥ 0
    categorical(softmax(o))     | + region       ⇒ half-space through 0, normal ln a
    categorical(softmax(o))     | + ascent       ⇒ Σ_k n_k (y_k − a_k − Σ_j a_j (y_j − a_j)) ≥ 0 / half-space through 0, normal y − a − Σ_k a_k (y_k − a_k)
    bernoulli(logistic(o))      | + ascent       ⇒ Σ_k n_k (y_k − a_k) ≥ 0 / half-space through 0, normal y − a
    gaussian(o)                 | + ascent       ⇒ Σ_k n_k (y_k − a_k) ≥ 0 / half-space through 0, normal y − a
    categorical(softmax(o))     | × helps where  ⇒ Σ_k (n_k − 1) y_k ln a_k ≥ 0
    bernoulli(logistic(o))      | log-density    ⇒ ln f = yᵀo − Σ_k softplus(o_k), a = logistic(o)
    bernoulli(logistic(o))      | δ              ⇒ ∂ ln f/∂o = y − a
    bernoulli(logistic(o))      | + helps where  ⇒ Σ_k n_k ln(a_k/(1 − a_k)) = nᵀo ≥ 0
    bernoulli(logistic(o))      | + region       ⇒ half-space through 0, normal ln(a/(1 − a)) = o
    bernoulli(logistic(o))      | × helps where  ⇒ Σ_k (n_k − 1) y_k ln(a_k/(1 − a_k)) = Σ_k (n_k − 1) y_k o_k ≥ 0
    bernoulli(logistic(o1))     | + helps where  ⇒ n ln(a/(1 − a)) = n o ≥ 0
    bernoulli(logistic(o1))     | + region       ⇒ half-line from 0, direction ln(a/(1 − a)) = o
    bipolar_bernoulli(tanh(o))  | δ              ⇒ ∂ ln f/∂o = y − a
    bipolar_bernoulli(tanh(o))  | invariance     ⇒ holds: δ = y − a
    bipolar_bernoulli(tanh(o))  | + helps where  ⇒ Σ_k n_k artanh(a_k) = nᵀo ≥ 0
    bipolar_bernoulli(tanh(o))  | + region       ⇒ half-space through 0, normal artanh(a) = o
    bipolar_bernoulli(tanh(o))  | × helps where  ⇒ Σ_k (n_k − 1) y_k artanh(a_k) = Σ_k (n_k − 1) y_k o_k ≥ 0
    gaussian(o)                 | log-density    ⇒ ln f = −‖y − a‖²/2 − 3 ln(2 π)/2, a = o
    gaussian(o)                 | δ              ⇒ ∂ ln f/∂o = y − a
    gaussian(o, 2)              | δ              ⇒ ∂ ln f/∂o = (y − a)/4
    gaussian(o, 2)              | invariance     ⇒ holds: δ = c (y − a) with c = 1/4
    gaussian(o)                 | + helps where  ⇒ ‖y + n − a‖² ≤ ‖y − a‖²
    gaussian(o)                 | + region       ⇒ ball, centre a − y, radius ‖a − y‖
    gaussian(o)                 | × helps where  ⇒ Σ_k (n_k − 1) y_k ((n_k + 1) y_k − 2 a_k) ≤ 0
    gaussian(o)                 | × region       ⇒ ellipsoid through 1, centre a/y, weights y² (components with y_k = 0 are free)
    gaussian(o1)                | + helps where  ⇒ (y + n − a)² ≤ (y − a)²
    gaussian(o1)                | + region       ⇒ interval between 0 and 2 (a − y)
    gaussian(logistic(o))       | δ              ⇒ ∂ ln f/∂o = a (y − a) (1 − a)
    gaussian(logistic(o), 2)    | δ              ⇒ ∂ ln f/∂o = a (y − a) (1 − a)/4
    gaussian(logistic(o))       | invariance     ⇒ fails: the link's slope a (1 − a) stays beside y − a
    gaussian(tanh(o))           | δ              ⇒ ∂ ln f/∂o = (y − a) (1 − a²)
    gaussian(tanh(o))           | invariance     ⇒ fails: the link's slope 1 − a² stays beside y − a
    gaussian(relu(o))           | δ              ⇒ ∂ ln f/∂o = (y − a) [o > 0]
    gaussian(relu(o))           | invariance     ⇒ fails: the link's slope [o > 0] stays beside y − a
    gaussian(softmax(o))        | δ              ⇒ ∂ ln f/∂o = a (y − a − Σ_k a_k (y_k − a_k))
    gaussian(softmax(o))        | invariance     ⇒ fails: the link mixes the components, and the mixing stays
    laplace(o)                  | δ              ⇒ ∂ ln f/∂o = sign(y − a)
    laplace(o)                  | invariance     ⇒ fails: ∂ ln f/∂a = sign(y − a) is no multiple of y − a
    laplace(o)                  | + region       ⇒ cross-polytope, centre a − y, radius ‖y − a‖₁
    exponential(softplus(o))    | δ              ⇒ ∂ ln f/∂o = (a − y) logistic(o)
    exponential(softplus(o))    | + helps where  ⇒ −Σ_k n_k softplus(o_k) ≥ 0 and y + n ≥ 0
    exponential(softplus(o))    | + region       ⇒ half-space through 0, normal −softplus(o), cut by y + n ≥ 0
    exponential(softplus(o1))   | + region       ⇒ interval [−y, 0]
    exponential(softplus(o1))   | × region       ⇒ interval [0, 1]
";

fn derived(program: &str, name: &str) -> ProgramDerivation {
    let session = Session::from_text("test.nem", program, None);
    assert!(!session.problems.has_errors(), "{program}: {:?}", session.problems.sorted());
    session.derive(Some(name)).unwrap_or_else(|problems| panic!("{program}: {:?}", problems.sorted()))
}

fn page(start: &str) -> String {
    let width = if start.contains("o1") { 1 } else { 3 };
    let Some((likelihood, rest)) = start.split_once('(') else {
        return derivation::program(&derived("fn unused(x: real) = x", start));
    };
    let arguments = rest.replace("o1", "o").replace("(o)", "(affine(x, W))");
    let arguments = match arguments.strip_prefix('o') {
        Some(rest) => format!("affine(x, W){rest}"),
        None => arguments,
    };
    let call = format!("{likelihood}({arguments}").replace('W', &width.to_string());
    let program = format!("model M {{\n    input x: real[2]\n    observe y ~ {call}\n}}");
    derivation::program(&derived(&program, "M"))
}

/// What a page says, by label; lines that continue one another are joined by ` / `, or by a space where a line was too long.
fn facts(page: &str) -> HashMap<String, String> {
    let mut facts: HashMap<String, String> = HashMap::new();
    let (mut part, mut label) = (String::new(), String::new());
    for line in page.lines() {
        if let Some(noise) = line.strip_prefix("  noise ") {
            part = if noise.contains('+') { "+ " } else { "× " }.into();
        } else if line.starts_with("    ") {
            let columns: Vec<char> = line.chars().collect();
            let [own, text] = [&columns[..20], &columns[20..]].map(|c| c.iter().collect::<String>());
            match (own.trim(), text.strip_prefix("  ")) {
                ("", Some(long)) => *facts.entry(label.clone()).or_default() += &format!(" {long}"),
                ("", None) => *facts.entry(label.clone()).or_default() += &format!(" / {text}"),
                (own, _) => {
                    label = format!("{part}{own}");
                    facts.insert(label.clone(), text);
                }
            }
        }
    }
    facts
}

fn check(table: &str) {
    let mut wrong = vec![];
    let mut pages: HashMap<String, HashMap<String, String>> = HashMap::new();
    for row in table.lines().filter(|l| !l.trim().is_empty()) {
        let (left, goal) = row.split_once('⇒').unwrap();
        let (start, fact) = left.split_once('|').unwrap();
        let [start, fact, goal] = [start, fact, goal].map(str::trim);
        let known = pages.entry(start.into()).or_insert_with(|| facts(&page(start)));
        let found = known.get(fact).map_or("(nothing)", String::as_str);
        if found != goal {
            wrong.push(format!("{start} | {fact}\n  ⇒ {found}\n  ≠ {goal}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn likelihoods_follow_the_table() {
    check(LIKELIHOODS);
}

#[test]
fn layers_follow_the_table() {
    check(LAYERS);
}

#[test]
fn equal_layers_are_told_once_and_lines_fit() {
    let program = "
        model M {
            input x: real[4]
            h1 ~ bernoulli(logistic(affine(x, 3)))
            h2 ~ bernoulli(logistic(affine(h1, 3)))
            observe y: one_hot[2] ~ categorical(softmax(affine(h2, 2)))
        }";
    let derived = derived(program, "M");
    let text = derivation::program(&derived);
    assert!(text.contains("h1, h2 ~ bernoulli(p = logistic(o)) over binary[3] (latent, at its mean)"), "{text}");
    assert!(text.contains("∂ ln f/∂o = h − a"), "{text}");
    assert_eq!(text.matches("bernoulli(").count(), 1);
    assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
    let brief = derivation::brief(&derived.models[0]);
    assert!((6..=12).contains(&brief.lines().count()), "{brief}");
}

#[test]
fn a_definition_can_be_the_pre_activation() {
    let program = "
        model M {
            input x: real[4]
            param scale: positive = 1
            score = scale * affine(x, 3)
            observe y: binary[3] ~ bernoulli(logistic(score))
        }";
    let facts = facts(&derivation::program(&derived(program, "M")));
    assert_eq!(facts["pre-activation"], "o = score");
    assert_eq!(facts["δ"], "∂ ln f/∂o = y − a");
}

#[test]
fn a_pre_activation_can_be_written_out() {
    let program = "
        model M {
            input x: real[4]
            param W: real[4, 3] = init gaussian(0, 1)
            param b: real[3]
            observe y: bipolar[3] ~ bipolar_bernoulli(tanh(x @ W + b))
        }";
    let facts = facts(&derivation::program(&derived(program, "M")));
    assert_eq!(facts["pre-activation"], "o = b + x @ W");
    assert_eq!(facts["δ"], "∂ ln f/∂o = y − a");
    assert_eq!(facts["invariance"], "holds: δ = y − a");
}

#[test]
fn one_outcome_of_student_s_t_has_the_interval_of_the_gaussian() {
    let program = "
        likelihood student(mu: real, nu: positive = 3) over y: real {
            log_density = -(nu + 1) / 2 * ln(1 + (y - mu)^2 / nu)
            mean        = mu
        }
        model M { input x: real[2]  observe y: real ~ student(affine(x, 1)) }";
    for name in ["student", "M"] {
        let page = derivation::program(&derived(program, name));
        assert!(page.contains("region          interval between 0 and 2 ("), "{page}");
        assert!(page.contains("region          interval between 1 and 2 "), "{page}");
    }
    let page = derivation::program(&derived(program, "student"));
    assert!(page.contains("helps where     (y + n − μ)² ≤ (y − μ)²"), "{page}");
    assert!(page.contains("no named shape"), "several outcomes have no such interval: {page}");
}

#[test]
fn an_inner_product_can_be_the_pre_activation() {
    let program = "
        model M {
            input x: real[2]
            param w: real[2] = init gaussian(0, 1)
            observe y: real ~ gaussian(x @ w, 1)
        }";
    let facts = facts(&derivation::program(&derived(program, "M")));
    assert_eq!(facts["δ"], "∂ ln f/∂o = y − a");
}

#[test]
fn regions_are_told_in_the_name_of_the_variable() {
    let program = "model M { input x: real[2]  observe w: real ~ gaussian(affine(x, 1), 1) }
                   model N { input x: real[2]  observe w: real[3] ~ gaussian(affine(x, 3), 1) }";
    let (one, many) = (derivation::program(&derived(program, "M")), derivation::program(&derived(program, "N")));
    assert!(one.contains("(everything where w = 0)"), "{one}");
    assert!(many.contains("(components with w_k = 0 are free)"), "{many}");
}

#[test]
fn the_name_of_a_likelihood_changes_nothing() {
    let own = "
        likelihood coin(p: unit) over y: binary {
            log_density = y * ln(p) + (1 - y) * ln(1 - p)
            mean        = p
        }";
    let renamed = derivation::program(&derived(own, "coin"));
    assert_eq!(renamed.replace("coin", "bernoulli"), page("bernoulli"));
}

const PRIORS: &str = "
    model M {
        input x: real[3]
        param s: positive ~ exponential(2) = 1
        h1 ~ bernoulli(logistic(affine(x, 3, prior = gaussian(0, 2))))
        h2 ~ bernoulli(logistic(affine(h1, 3, prior = gaussian(0, 2))))
        g ~ bernoulli(logistic(affine(h2, 3)))
        observe y ~ categorical(softmax(affine(g, 4, prior = laplace(0, 0.1))))
        observe z: real ~ gaussian(affine(g, 1), s)
    }";

#[test]
fn priors_pull_on_the_gradient_and_cancel_from_delta() {
    let page = derivation::program(&derived(PRIORS, "M"));
    for told in [
        "prior of s: exponential(λ = 2)\n    log-prior       ln p(s) = ln 2 − 2 s\n    pull            ∂ ln p/∂s = −2;",
        "prior of h1.W, h2.W: gaussian(μ = 0, σ = 2), for each of 9 elements\n",
        "ln p(W) = −‖W‖²/8 − ",
        "∂ ln p/∂W = −W/4; with N examples, 1/N of it in each step\n",
        "ln p(W) = 12 ln 5 − 10 ‖W‖₁\n",
        "∂ ln p/∂W = −10 sign(W);",
        "cancel          ln f(y′|Θ) + ln p(Θ) − (ln f(y|Θ) + ln p(Θ)) = ln f(y′|Θ) − ln f(y|Θ)\n",
        "y + n           Δ(n) = Σ_k n_k ln a_k with ln p(Θ), as without\n",
        "z + n           Δ(n) = ((z − a)² − (z + n − a)²)/(2 s²) with ln p(Θ), as without\n",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    assert_eq!(page.matches("prior of ").count(), 3, "a layer has none by default: {page}");
}

#[test]
fn every_condition_is_the_same_with_priors() {
    let without = PRIORS
        .replace(", prior = gaussian(0, 2)", "")
        .replace(", prior = laplace(0, 0.1)", "")
        .replace(" ~ exponential(2)", "");
    let [with, without] = [PRIORS, &without].map(|program| derived(program, "M").models.remove(0));
    assert!(without.priors.is_empty() && without.with_priors.is_empty());
    let page = derivation::model(&with);
    let (before, rest) = page.split_once("\n  prior of").unwrap();
    let after = rest.split_once("priors in Δ(n)").and_then(|(_, rest)| rest.split_once("\n\n  noise ")).unwrap().1;
    assert_eq!(format!("{before}\n  noise {after}"), derivation::model(&without), "nothing else is told otherwise");
    for (layer, derived) in with.layers.iter().zip(&with.with_priors) {
        let deltas: Vec<_> = layer.noise.iter().map(|noise| noise.delta).collect();
        assert_eq!((&layer.name, deltas), (&derived.variable, derived.deltas.clone()));
    }
    let brief = derivation::brief(&with);
    let told = "priors of s, h1.W, h2.W, y.W: in the gradient, not in Δ(n)\n";
    assert_eq!(brief.replace(told, ""), derivation::brief(&without));
    assert!(brief.contains(told), "{brief}");
}

#[test]
fn json_keeps_its_schema() {
    let session = Session::from_text("test.nem", "fn unused(x: real) = x", None);
    let document =
        nemlang::report::derivation_json::document(&session.derive(Some("gaussian")).unwrap(), &session.sources);
    assert_eq!(document["schema"], "nem-derivation/2");
    let gaussian = &document["likelihoods"][0];
    assert_eq!(gaussian["parameters"][0]["score"]["text"], "(y − μ)/σ²");
    let noise = &gaussian["noise"]["independent_outcomes"][0];
    assert_eq!(noise["region"]["kind"], "ball");
    assert_eq!(noise["region"]["centre"]["text"], "μ − y");
    assert_eq!(noise["condition"]["relation"], "<=");
    assert!(gaussian["place"]["line"].is_u64());
    assert!(gaussian["log_density"]["prefix"].is_array());
    let session = Session::from_text("test.nem", PRIORS, None);
    let document = nemlang::report::derivation_json::document(&session.derive(None).unwrap(), &session.sources);
    let model = &document["models"][0];
    let prior = &model["priors"][3];
    assert_eq!((&prior["parameter"], &prior["elements"]), (&"y.W".into(), &12.into()));
    assert_eq!(prior["score"]["text"], "−10 sign(W)");
    assert_eq!(model["with_priors"][4]["variable"], "z");
    assert_eq!(model["with_priors"][4]["delta"][0], model["variables"][4]["noise"][0]["delta"]);
}
