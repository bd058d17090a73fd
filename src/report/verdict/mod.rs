//! What the comparison comes to, in plain sentences: training and test side by side, and no more than the seeds can show.

mod designs;

use super::{
    comparison::{ArmSummary, BASELINE, Comparison, Difference, Measure, Reading},
    format,
};
use crate::train::stats::{WANTED_COVERAGE, coverage, values_needed};

/// One paragraph an arm, then what limits the answer: few seeds, no test data, no noiseless arm.
pub fn verdict(comparison: &Comparison) -> Vec<String> {
    let mut told = match comparison.has_designs() {
        true => designs::paragraphs(comparison),
        false => comparison.arms.iter().filter_map(|arm| paragraph(comparison, arm)).collect(),
    };
    told.extend(limits(comparison));
    told
}

/// The measures of each side, the one to lead with first.
const TRAINING: [Measure; 2] = [Measure::MeanTrainLoss, Measure::FinalTrainLoss];
const TEST: [Measure; 2] = [Measure::FinalTestError, Measure::FinalTestLoss];

/// What several measures of one side come to together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Helped { surely: bool },
    Hurt { surely: bool },
    Mixed,
    Unclear,
    Identical,
}

fn paragraph(c: &Comparison, arm: &ArmSummary) -> Option<String> {
    let (training, test) = (differences(arm, &TRAINING), differences(arm, &TEST));
    let headlines = headlines(&training, &test);
    let mut sentences: Vec<String> = vec![];
    if !headlines.is_empty() {
        sentences.push(format!("{}.", headlines.join(", ")));
    }
    sentences.extend(together(outcome(&training), outcome(&test)));
    sentences.extend(evidence(c, "Training", &training));
    sentences.extend(evidence(c, "Test", &test));
    if c.has_baseline() && !arm.is_baseline() && headlines.is_empty() {
        sentences.push(format!("No seed has a run here and one in {BASELINE} to compare."));
    }
    sentences.extend(diverged(arm));
    sentences.extend(missing(arm));
    (!sentences.is_empty()).then(|| format!("{}: {}", arm.arm, sentences.join(" ")))
}

fn differences<'a>(arm: &'a ArmSummary, side: &[Measure]) -> Vec<&'a Difference> {
    side.iter().filter_map(|m| arm.difference(*m)).collect()
}

fn outcome(differences: &[&Difference]) -> Option<Outcome> {
    let readings: Vec<Reading> = differences.iter().map(|d| d.reading()).collect();
    let any = |wanted: &[Reading]| readings.iter().any(|r| wanted.contains(r));
    let better = any(&[Reading::Better, Reading::SeemsBetter]);
    let worse = any(&[Reading::Worse, Reading::SeemsWorse]);
    match (better, worse) {
        _ if readings.is_empty() => None,
        (true, true) => Some(Outcome::Mixed),
        (true, false) => Some(Outcome::Helped { surely: any(&[Reading::Better]) }),
        (false, true) => Some(Outcome::Hurt { surely: any(&[Reading::Worse]) }),
        _ if any(&[Reading::Unclear]) => Some(Outcome::Unclear),
        _ => Some(Outcome::Identical),
    }
}

/// «helped on the training set», «hurt on the test set»; one for both sides when they agree.
fn headlines(training: &[&Difference], test: &[&Difference]) -> Vec<String> {
    if outcome(training) == outcome(test) {
        return headline("training and the test set", training).into_iter().collect();
    }
    [headline("training set", training), headline("test set", test)].into_iter().flatten().collect()
}

fn headline(name: &str, differences: &[&Difference]) -> Option<String> {
    let seeds = format::count(differences.first()?.by_seed.len(), "seed");
    Some(match outcome(differences)? {
        Outcome::Helped { surely: true } => format!("helped on the {name}"),
        Outcome::Helped { surely: false } => format!("seems to have helped on the {name}"),
        Outcome::Hurt { surely: true } => format!("hurt on the {name}"),
        Outcome::Hurt { surely: false } => format!("seems to have hurt on the {name}"),
        Outcome::Mixed => format!("mixed on the {name}"),
        Outcome::Unclear => format!("no difference on the {name} that {seeds} can show"),
        Outcome::Identical => format!("identical to {BASELINE} on the {name} with {seeds}"),
    })
}

/// «Training: cross-entropy over the epochs lower by 11.7 % (…); final cross-entropy lower by …»
fn evidence(c: &Comparison, name: &str, differences: &[&Difference]) -> Option<String> {
    if outcome(differences)? == Outcome::Identical {
        return None;
    }
    let clauses: Vec<String> = differences.iter().enumerate().map(|(i, d)| clause(c, d, i == 0)).collect();
    Some(format!("{name}: {}.", clauses.join("; ")))
}

/// «error rate higher by 2.1 points (97.9 % interval +1.0 to +3.0, 10 seeds)»; coverage and seeds only when `full`.
fn clause(c: &Comparison, d: &Difference, full: bool) -> String {
    let what = measure(c, d.measure);
    let size = format::change(d);
    let bare = size.trim_start_matches(['+', '−']);
    let bounds = bounds(d, full);
    match d.reading() {
        Reading::Better | Reading::SeemsBetter => format!("{what} lower by {bare} ({bounds})"),
        Reading::Worse | Reading::SeemsWorse => format!("{what} higher by {bare} ({bounds})"),
        Reading::Identical => format!("{what} identical"),
        Reading::Unclear => format!("{what} not distinguishable from {BASELINE} ({size}, {bounds})"),
    }
}

fn bounds(d: &Difference, full: bool) -> String {
    let seeds = format::count(d.by_seed.len(), "seed");
    match d.interval {
        None => format!("{seeds}, no interval"),
        Some(i) if full => format!("{} interval {}, {seeds}", format::coverage(i.coverage), format::range(&i)),
        Some(i) => format::range(&i),
    }
}

fn measure(c: &Comparison, measure: Measure) -> String {
    let (loss, error) = (format::without_unit(&c.loss), format::without_unit(&c.error));
    match measure {
        Measure::MeanTrainLoss => format!("{loss} over the epochs"),
        Measure::FinalTrainLoss => format!("final {loss}"),
        Measure::FinalTestLoss => loss.to_string(),
        Measure::FinalTrainError | Measure::FinalTestError => error.to_string(),
    }
}

/// The sentence that keeps a gain in training from being read as a gain.
fn together(training: Option<Outcome>, test: Option<Outcome>) -> Option<String> {
    use Outcome::*;
    let sentence = match (training?, test?) {
        (Helped { surely: true }, Hurt { surely: true }) => "It fits the training set faster and generalises worse.",
        (Helped { .. }, Hurt { .. }) => "It seems to fit the training set faster and to generalise worse.",
        (Helped { .. }, Unclear | Identical) => "What it gains in training does not show on the test set.",
        (Helped { .. }, Mixed) => "It fits the training set faster, and on the test set the measures disagree.",
        (Hurt { surely: true }, Helped { surely: true }) => {
            "It fits the training set more slowly and generalises better."
        }
        (Hurt { .. }, Helped { .. }) => "It seems to fit the training set more slowly and to generalise better.",
        _ => return None,
    };
    Some(sentence.into())
}

fn diverged(arm: &ArmSummary) -> Option<String> {
    let first = arm.diverged.first()?;
    let seeds: Vec<u64> = arm.diverged.iter().map(|d| d.seed).collect();
    let (n, runs) = (seeds.len(), format::count(arm.runs, "run"));
    let (others, verb) =
        if n == 1 { (String::new(), "counts") } else { (format!("seeds {}; ", format::list(&seeds)), "count") };
    let (seed, epoch, why) = (first.seed, first.epoch, first.why.trim_end_matches('.'));
    Some(format!(
        "{n} of {runs} diverged ({others}seed {seed} after epoch {epoch}: {why}) and {verb} as worse than any number."
    ))
}

fn missing(arm: &ArmSummary) -> Option<String> {
    let plural = if arm.missing.len() == 1 { "" } else { "s" };
    let seeds = format::list(&arm.missing);
    (!arm.missing.is_empty()).then(|| format!("No complete run with seed{plural} {seeds}: left out of every number."))
}

fn limits(c: &Comparison) -> Vec<String> {
    if !c.has_baseline() {
        return vec![format!(
            "Whether that helped cannot be told without the arm `{BASELINE}`: write `compare {BASELINE}, {}`.",
            c.kinds().into_iter().map(written).collect::<Vec<_>>().join(", ")
        )];
    }
    if c.kinds().len() == 1 {
        return vec![format!("Only `{BASELINE}` was trained: there is nothing to compare it with.")];
    }
    [few_seeds(c), no_test(c)].into_iter().flatten().collect()
}

/// As programs write an arm: `pretrained(nem)`.
fn written(kind: &str) -> String {
    kind.split_once(' ').map_or(kind.into(), |(start, arm)| format!("{start}({arm})"))
}

/// Where a design is chosen, half of the seeds are left to measure with.
fn few_seeds(c: &Comparison) -> Option<String> {
    let (needed, wanted) = (values_needed(), format!("{:.0} %", 100.0 * WANTED_COVERAGE));
    let (seeds, all_needed) = match c.has_designs() {
        true => (c.seeds.len().div_ceil(2), 2 * needed - 1),
        false => (c.seeds.len(), needed),
    };
    let remedy = format!("`seeds 1..{all_needed}` or more can");
    match seeds {
        n if n >= needed => None,
        0 | 1 => Some(format!("One seed gives no interval, so nothing is shown; {remedy} reach {wanted}.")),
        n => Some(format!(
            "{n} seeds give an interval of {} at most, their full range, and not {wanted}; {remedy}.",
            format::coverage(coverage(n, 1)),
        )),
    }
}

fn no_test(c: &Comparison) -> Option<String> {
    (!c.has_test).then(|| "There is no test data, so nothing here says how any arm generalises.".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo::{self, run};
    use crate::train::record::Experiment;

    fn told(e: &Experiment) -> Vec<String> {
        let told = verdict(&Comparison::new(e));
        println!("{}\n", told.join("\n"));
        told
    }

    /// Final training loss changed by `train`, test error by `test`, in every seed.
    fn shifted(seeds: u64, train: f64, test: f64) -> Experiment {
        let mut e =
            demo::of((1..=seeds).flat_map(|s| [run("none", s, &[2.0, 1.0]), run("nem", s, &[2.0, 1.0])]).collect());
        for epoch in e.runs.iter_mut().filter(|r| r.arm == "nem").flat_map(|r| &mut r.epochs) {
            epoch.train_loss += train;
            epoch.test_error = epoch.test_error.map(|error| error + test);
        }
        e
    }

    #[test]
    fn faster_in_training_and_worse_on_test_is_said_as_such() {
        let told = told(&demo::boosted(10));
        assert_eq!(told.len(), 3);
        let nem = told.iter().find(|p| p.starts_with("nem: helped on the training set")).unwrap();
        assert!(nem.contains("97.9 % interval") && nem.contains("10 seeds"));
        assert!(
            nem.contains(", hurt on the test set. It fits the training set faster and generalises worse. Training: ")
        );
    }

    #[test]
    fn each_pair_of_outcomes_has_its_sentence() {
        assert!(
            told(&shifted(6, 0.5, -0.1))[0].contains("It fits the training set more slowly and generalises better.")
        );
        assert!(told(&shifted(6, -0.5, 0.0))[0].contains("identical to none on the test set with 6 seeds"));
        assert!(told(&shifted(6, 0.0, 0.0))[0].starts_with("nem: identical to none on the training and the test set"));
    }

    #[test]
    fn few_seeds_are_told_and_never_claim() {
        let five = told(&shifted(5, -0.5, 0.1));
        assert!(five[0].contains("It seems to fit the training set faster") && five[0].contains("93.8 % interval"));
        assert_eq!(
            five[1],
            "5 seeds give an interval of 93.8 % at most, their full range, and not 95 %; `seeds 1..6` or more can."
        );
        let one = told(&shifted(1, -0.5, 0.1));
        assert!(one[0].contains("no difference on the training and the test set that 1 seed can show"));
        assert!(one[0].contains("1 seed, no interval") && one[1].starts_with("One seed gives no interval"));
        assert!(told(&shifted(3, -0.5, 0.1))[0].contains("that 3 seeds can show"));
    }

    #[test]
    fn diverged_and_missing_runs_are_named() {
        let mut e = demo::boosted(10);
        for (arm, seed) in [("nem", 3), ("nem", 7), ("none", 1)] {
            let run = e.runs.iter_mut().find(|r| r.arm == arm && r.seed == seed).unwrap();
            run.epochs.truncate(13);
            run.stopped = Some("softmax(affine(h3, 10)) made a NaN".into());
        }
        e.runs.retain(|r| (r.arm.as_str(), r.seed) != ("blind", 4));
        let told = told(&e).join("\n");
        assert!(told.contains("none: 1 of 10 runs diverged (seed 1 after epoch 12: softmax"));
        assert!(told.contains("2 of 10 runs diverged (seeds 3 and 7; seed 3 after"));
        assert!(told.contains("No complete run with seed 4"));
    }

    #[test]
    fn what_is_missing_for_a_comparison_is_said() {
        let mut e = demo::boosted(6);
        e.runs.iter_mut().flat_map(|r| &mut r.epochs).for_each(|e| (e.test_loss, e.test_error) = (None, None));
        assert!(told(&e).last().unwrap().starts_with("There is no test data"));
        e.arms.retain(|a| a != BASELINE);
        e.runs.retain(|r| r.arm != BASELINE);
        assert!(told(&e)[0].contains("write `compare none, blind, nem, anti`"));
        let alone = demo::of((1..=6).map(|s| run(BASELINE, s, &[2.0, 1.0])).collect());
        assert!(told(&alone)[0].starts_with("Only `none` was trained"));
    }
}
