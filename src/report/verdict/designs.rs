//! The verdict where the arms have several designs: which did best, and what that comes to with seeds that had no say in it.

use super::{TEST, TRAINING, clause};
use crate::report::{
    choice::Choice,
    comparison::{BASELINE, Comparison, Difference, Measure},
    format,
};

/// One paragraph an arm.
pub fn paragraphs(c: &Comparison) -> Vec<String> {
    c.kinds().into_iter().filter_map(|arm| paragraph(c, arm)).collect()
}

fn paragraph(c: &Comparison, arm: &str) -> Option<String> {
    let choices: Vec<&Choice> = c.choices.iter().filter(|choice| choice.arm == arm && choice.among > 1).collect();
    let agree = |a: &&Choice, b: &&Choice| (&a.best, &a.against) == (&b.best, &b.against);
    let told = choices.chunk_by(agree).enumerate().map(|(at, same)| {
        let which = if at == 0 { format!("of {} designs", same[0].among) } else { "Of them".into() };
        format!("{which}, {}", told(c, same[0], same))
    });
    let sentences: Vec<String> = told.chain(diverged(c, arm)).collect();
    (!sentences.is_empty()).then(|| format!("{arm}: {}", sentences.join(" ")))
}

/// «0.4 cooled 1 did best in training with the first 5 seeds. With the other 5 seeds: training …; test …»
fn told(c: &Comparison, choice: &Choice, same: &[&Choice]) -> String {
    let sides: Vec<&str> = same.iter().map(|choice| side(choice.by)).collect();
    let best = design(&choice.arm, &choice.best);
    let (first, other) = seeds(choice);
    let chosen = format!("{best} did best {}{first}.", sides.join(" and "));
    let changes: Vec<String> = choice.differences.iter().filter_map(|d| change(c, d)).collect();
    let against = choice.against.as_ref().filter(|against| *against != BASELINE);
    let against = against.map_or(String::new(), |against| format!(" and against {against}"));
    if changes.is_empty() { chosen } else { format!("{chosen} {other}{against}: {}.", changes.join("; ")) }
}

/// The measure that a side is led with; one is enough to tell of a choice.
fn change(c: &Comparison, d: &Difference) -> Option<String> {
    match d.measure {
        m if m == TRAINING[0] => Some(format!("training {}", clause(c, d, true))),
        m if m == TEST[0] => Some(format!("test {}", clause(c, d, false))),
        _ => None,
    }
}

fn side(measure: Measure) -> &'static str {
    if TRAINING.contains(&measure) { "in training" } else { "on the test set" }
}

/// What sets a design apart from the others of its arm.
fn design<'n>(arm: &str, name: &'n str) -> &'n str {
    name.strip_prefix(arm).unwrap_or(name).trim_start()
}

/// Which seeds it was chosen with, and which it is measured with.
fn seeds(choice: &Choice) -> (String, String) {
    let [first, other] = [&choice.chosen_with, &choice.measured_with].map(|seeds| format::count(seeds.len(), "seed"));
    match choice.chosen_with == choice.measured_with {
        true => (String::new(), "With the same seed".into()),
        false => (format!(" with the first {first}"), format!("With the other {other}")),
    }
}

fn diverged(c: &Comparison, arm: &str) -> Option<String> {
    let arms = || c.arms.iter().filter(|summary| summary.kind() == arm);
    let of_design = arms().filter(|summary| !summary.diverged.is_empty());
    let counts: Vec<String> =
        of_design.map(|summary| format!("{}: {}", design(arm, &summary.arm), summary.diverged.len())).collect();
    let diverged: usize = arms().map(|summary| summary.diverged.len()).sum();
    let runs = format::count(arms().map(|summary| summary.runs).sum(), "run");
    let told = format!("{diverged} of {runs} diverged ({}); such a run is worse than any number.", counts.join(", "));
    (diverged > 0).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::super::verdict;
    use super::*;
    use crate::report::demo;
    use crate::train::record::Experiment;

    fn told(e: &Experiment) -> Vec<String> {
        let told = verdict(&Comparison::new(e));
        println!("{}\n", told.join("\n"));
        told
    }

    #[test]
    fn each_arm_has_one_paragraph_about_its_best_design() {
        let told = told(&demo::designs(12));
        assert_eq!(told.len(), 2);
        let nem = told.iter().find(|p| p.starts_with("nem: ")).unwrap();
        assert!(
            nem.starts_with("nem: of 6 designs, 0.4 cooled 1 did best in training with the first 6 seeds."),
            "{nem}"
        );
        assert!(nem.contains("With the other 6 seeds: training cross-entropy over the epochs lower by "), "{nem}");
        assert!(nem.contains("96.9 % interval") && nem.contains("6 seeds); test error rate higher by"), "{nem}");
        assert!(nem.contains(" Of them, 0.1 cooled 1 did best on the test set with the first 6 seeds."), "{nem}");
    }

    #[test]
    fn each_best_rate_is_compared_with_the_best_of_the_noiseless_arm() {
        let told = told(&demo::rates(12));
        assert!(told[0].starts_with("none: of 3 designs, rate 2 did best in training"), "{}", told[0]);
        assert!(told[1].contains("With the other 6 seeds and against none rate 2: training"), "{}", told[1]);
    }

    #[test]
    fn few_seeds_are_told_with_those_that_choosing_takes() {
        assert!(told(&demo::designs(10)).last().unwrap().contains("`seeds 1..11` or more can"));
        let one = told(&demo::designs(1));
        assert!(one[1].contains("With the same seed: training cross-entropy"), "{}", one[1]);
        assert!(one.last().unwrap().starts_with("One seed gives no interval"));
    }

    #[test]
    fn runs_that_diverged_are_counted_by_design() {
        let mut e = demo::designs(12);
        for run in e.runs.iter_mut().filter(|r| r.arm == "nem 0.8 cooled 0" && r.seed < 4) {
            run.stopped = Some("infinite".into());
        }
        assert!(told(&e)[1].contains("3 of 72 runs diverged (0.8 cooled 0: 3)"));
    }
}
