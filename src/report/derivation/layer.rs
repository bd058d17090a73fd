//! The page of a model: a block for each random variable; those that differ in their name alone share one.

use super::energy;
use super::noise::{self, Told, injected};
use super::page::Page;
use super::prior;
use crate::derive::{Delta, Failure, Invariance, LayerDerivation, ModelDerivation};
use crate::expr::{Dim, Domain, Expr, Shape, free_variables, print, simplify, substitute};
use crate::model::{NOISE, apart};

/// One model; ends with a line break.
pub fn model(derived: &ModelDerivation) -> String {
    let layers = groups(&derived.layers).into_iter().map(|layers| block(&layers));
    let blocks: Vec<String> = layers.chain(derived.energy.iter().map(energy::block)).collect();
    let mut page = Page::default();
    prior::parts(&mut page, derived);
    for one in &derived.carried {
        let injected = injected(&one.nem, &print::text);
        page.part(&format!("noise {injected}: that of {}, carried back to {}", one.from, one.to));
        noise::lines(&mut page, Told { nem: &one.nem, twin: None, ascent: None }, &print::text);
    }
    derived.requested.iter().for_each(|asked| noise::requested(&mut page, asked, &print::text));
    format!("{}\n\n{}{}", title(derived), blocks.join("\n"), page.finish())
}

/// `model Classifier(hidden = 40)`
pub fn title(derived: &ModelDerivation) -> String {
    let sizes: Vec<String> = derived.sizes.iter().map(|(name, n)| format!("{name} = {n}")).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!("({})", sizes.join(", ")) };
    format!("model {}{sizes}", derived.name)
}

/// Neighbours in the list whose blocks read the same but for the variable's name.
pub fn groups(layers: &[LayerDerivation]) -> Vec<Vec<&LayerDerivation>> {
    let mut groups: Vec<(String, Vec<&LayerDerivation>)> = vec![];
    for layer in layers {
        let text = body(layer, "t") + &signature(layer, &Letters::new(layer, "t"));
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, members)) => members.push(layer),
            None => groups.push((text, vec![layer])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// `h1, h2, h3`
pub fn names(layers: &[&LayerDerivation]) -> String {
    layers.iter().map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The letter for the variable: its name, or what several names have in common.
pub fn letter(layers: &[&LayerDerivation]) -> String {
    if let [only] = layers {
        return only.name.clone();
    }
    let stem = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_string();
    let first = layers.first().map_or(String::new(), |l| stem(&l.name));
    let shared = layers.iter().all(|l| stem(&l.name) == first) && !["", "a", "n", "o"].contains(&first.as_str());
    if shared { first } else { "t".into() }
}

fn block(layers: &[&LayerDerivation]) -> String {
    let Some(first) = layers.first() else { return String::new() };
    let letter = letter(layers);
    let mut page = Page::default();
    let place = if first.observed { "observed" } else { "latent, at its mean" };
    page.heading(&format!("{} ~ {} ({place})", names(layers), signature(first, &Letters::new(first, &letter))));
    page.finish() + &body(first, &letter)
}

/// The letters that stand for the variables of a layer: the target's, and `o` for the pre-activation.
pub struct Letters {
    pairs: Vec<(Expr, Expr)>,
    /// Variables of the program whose names are among these letters.
    pub taken: Vec<String>,
}

/// The variables behind a layer that are called like one of the letters in these pairs, or like the index of a sum.
fn taken(layer: &LayerDerivation, pairs: &[(Expr, Expr)]) -> Vec<(Expr, String)> {
    let letters: Vec<String> = pairs.iter().filter_map(|(_, letter)| Some(letter.name()?.to_string())).collect();
    let is_letter = |name: &str| name == INDEX || letters.iter().any(|letter| print::alike(letter, name));
    let args = layer.instance.args.iter().flat_map(|arg| free_variables(*arg));
    let mut taken: Vec<(Expr, String)> = vec![];
    for var in args.filter(|var| !pairs.iter().any(|(known, _)| known == var)) {
        let name = var.name().map_or(String::new(), |name| name.to_string());
        if is_letter(&name) && !taken.iter().any(|(known, _)| *known == var) {
            taken.push((var, name));
        }
    }
    taken
}

/// What sums on a page run over.
const INDEX: &str = "k";

impl Letters {
    pub fn new(layer: &LayerDerivation, target: &str) -> Letters {
        let renamed = |name: &str, e: Expr| (e, Expr::var(name, e.shape(), e.domain().unwrap_or(Domain::REAL)));
        // Made in the order in which products name them last to first.
        let mut pairs: Vec<(Expr, Expr)> =
            layer.deltas.iter().enumerate().map(|(i, d)| renamed(&pre_activation(layer, i), d.o)).collect();
        let closure = layer.instance.likelihood.support.closure();
        pairs.push((layer.target, Expr::var(target, layer.target.shape(), closure)));
        for delta in &layer.deltas {
            pairs.push(renamed(&format!("{target}′"), delta.noisy_target));
        }
        pairs.push((layer.a, Expr::var("a", layer.a.shape(), layer.a.domain().unwrap_or(Domain::REAL))));
        for noise in layer.noise.iter().chain(&layer.noise_in_o).chain(&layer.ascent) {
            pairs.push(renamed(NOISE, noise.noise));
        }
        let taken = taken(layer, &pairs);
        pairs.extend(taken.iter().map(|(var, name)| renamed(&apart(name), *var)));
        Letters { pairs, taken: taken.into_iter().map(|(_, name)| name).collect() }
    }

    /// `` a_0 is the variable `a` ``, where a page has a letter `a` of its own.
    pub fn told(&self) -> Option<String> {
        let each = self.taken.iter().map(|name| format!("{} is the variable `{name}`", print::symbol(&apart(name))));
        Some(each.collect::<Vec<_>>().join(", ")).filter(|told| !told.is_empty())
    }

    /// The expression in these letters.
    pub fn put(&self, e: Expr) -> Expr {
        substitute(e, &self.pairs)
    }

    pub fn write(&self, e: Expr) -> String {
        print::text(self.put(e))
    }
}

/// `o`, or `o1`, `o2` where there are several.
pub fn pre_activation(layer: &LayerDerivation, i: usize) -> String {
    if layer.deltas.len() == 1 { "o".into() } else { format!("o{}", i + 1) }
}

/// `categorical(p = softmax(o)) over one_hot[10]`
pub fn signature(layer: &LayerDerivation, letters: &Letters) -> String {
    let likelihood = &layer.instance.likelihood;
    let argument = |(formal, arg): (&crate::model::Formal, &Expr)| {
        let value = simplify(*arg, &mut Default::default());
        format!("{} = {}", print::symbol(&formal.name), letters.write(value))
    };
    let args: Vec<String> = likelihood.formals.iter().zip(&layer.instance.args).map(argument).collect();
    let width = match layer.target.shape() {
        Shape::Vector(Dim::Fixed(n)) if n > 1 => format!("[{n}]"),
        _ => String::new(),
    };
    format!("{}({}) over {}{width}", likelihood.name, args.join(", "), layer.instance.support())
}

fn body(layer: &LayerDerivation, target: &str) -> String {
    let letters = Letters::new(layer, target);
    let write = |e: Expr| letters.write(e);
    let mut page = Page::default();
    if let Some(told) = letters.told() {
        page.line("letters", &told);
    }
    page.line("log-density", &log_density(layer, &letters));
    for (i, (name, score)) in layer.scores.iter().enumerate() {
        let label = if i == 0 { "score" } else { "" };
        page.line(label, &format!("∂ ln f/∂{} = {}", print::symbol(name), write(*score)));
    }
    for (i, delta) in layer.deltas.iter().enumerate() {
        let o = pre_activation(layer, i);
        page.line("pre-activation", &format!("{o} = {}", origin(delta)));
        page.line("δ", &format!("∂ ln f/∂{o} = {}", write(delta.in_mean)));
        if let Some(noisy) = noisy(delta, &letters) {
            page.line("", &noisy);
        }
        page.line("invariance", &invariance(delta, &letters));
    }
    for (at, (nem, in_o)) in layer.noise.iter().zip(&layer.noise_in_o).enumerate() {
        page.part(&format!("noise {}", injected(nem, &write)));
        let told = Told { nem, twin: Some(in_o), ascent: layer.ascent.get(at) };
        noise::lines(&mut page, told, &write);
    }
    page.finish()
}

/// `affine(…)`, the name of a definition, or what the program writes in their place: such a value has a dotted name, `y.o`.
fn origin(delta: &Delta) -> String {
    match &delta.layer {
        Some(layer) => format!("{layer}(…)"),
        None if delta.source.contains('.') => print::text(delta.value),
        None => delta.source.clone(),
    }
}

/// In terms of the mean where that is not longer.
fn log_density(layer: &LayerDerivation, letters: &Letters) -> String {
    let in_mean = layer.mean.filter(|_| layer.log_density_in_mean != layer.log_density);
    let text = format!("ln f = {}", letters.write(layer.log_density));
    match in_mean {
        Some(mean) if layer.log_density_in_mean.size() <= layer.log_density.size() => {
            format!("ln f = {}, a = {}", letters.write(layer.log_density_in_mean), letters.write(mean))
        }
        Some(mean) => format!("{text}, a = {}", letters.write(mean)),
        None => text,
    }
}

/// The gradient of a noisy target, where it is not δ with the target replaced.
pub fn noisy(delta: &Delta, letters: &Letters) -> Option<String> {
    let target = letters.write(delta.noisy_target);
    let replaced = delta.target_replaced();
    let same = replaced == delta.noisy || letters.write(replaced) == letters.write(delta.noisy);
    (!same).then(|| format!("{} with a noisy target {target}", letters.write(delta.noisy)))
}

fn invariance(delta: &Delta, letters: &Letters) -> String {
    let [t, a] = [delta.target, delta.a].map(|e| letters.write(e));
    match &delta.invariance {
        Invariance::Holds { scale } if scale.is_num(1.0) => format!("holds: δ = {t} − {a}"),
        Invariance::Holds { scale } => format!("holds: δ = c ({t} − {a}) with c = {}", letters.write(*scale)),
        Invariance::Fails(Failure::Slope(slope)) => {
            format!("fails: the link's slope {} stays beside {t} − {a}", letters.write(*slope))
        }
        Invariance::Fails(Failure::Mixing) => "fails: the link mixes the components, and the mixing stays".into(),
        Invariance::Fails(Failure::Score(score)) => {
            format!("fails: ∂ ln f/∂a = {} is no multiple of {t} − {a}", letters.write(*score))
        }
        Invariance::Fails(Failure::Indirect) => {
            format!("fails: δ is no constant multiple of {t} − {a}; the mean is not itself a parameter")
        }
        Invariance::NoMean => "not defined: the pre-activation does not feed a declared mean".into(),
    }
}
