//! The picture of an audit as SVG: over the kept epochs the theorem's premise left and its promise right, one colour an arm.
//! With several designs each arm has a row of its own, one colour a design.

use plotters::prelude::*;

use super::{
    audit::{ArmAudit, Audit, EpochAudit, Estimate},
    axis::Axis,
    curves::Point,
    format,
    sheet::{Area, Drawn, GRID, LINE, below, chart, colour, curves, dots, heading, legend_room, sheet, zero},
};

/// Sizes in pixels.
const PANEL: (u32, u32) = (480, 300);
const TOP: u32 = 68;

/// What is drawn of an epoch.
type Side = (&'static str, fn(&EpochAudit) -> Option<Estimate>);

const SIDES: [Side; 2] = [
    ("Premise: what the noise adds to ln f", |epoch| epoch.premise),
    ("Promise: what it adds to the gain of a step", |epoch| epoch.promise),
];

/// The ends and the middle of the colours of designs, which are in order: from light to dark, so that they are told apart in
/// grey too.
const RAMP: [RGBColor; 3] = [RGBColor(240, 170, 50), RGBColor(190, 50, 110), RGBColor(30, 20, 90)];

/// Arms in one row of panels, each with what the legend calls it.
struct Row<'a> {
    title: String,
    arms: Vec<(&'a ArmAudit, &'a str)>,
}

/// The text of an SVG file. `None` where no arm has an epoch with an interval.
///
/// # Errors
/// One sentence when the drawing library fails.
pub fn figure(audit: &Audit) -> Option<Result<String, String>> {
    let arms: Vec<&ArmAudit> = audit.arms.iter().filter(|arm| !arm.epochs.is_empty()).collect();
    let sides: Vec<Side> =
        SIDES.into_iter().filter(|(_, of)| arms.iter().any(|arm| arm.epochs.iter().any(|e| of(e).is_some()))).collect();
    let width = PANEL.0 * SIDES.len() as u32;
    let legend = legend(&arms, width);
    let rows = rows(&arms, &legend);
    let lines = caption(&arms, &legend);
    let draw = |root: &Area| {
        let (top, rest) = root.split_vertically(GRID * TOP);
        let (panels, bottom) = rest.split_vertically(GRID * PANEL.1 * rows.len() as u32);
        heading(&top, &format!("{} on {}: audit of the noise", audit.model, audit.data), &legend)?;
        let cells = rows.iter().flat_map(|row| sides.iter().map(move |side| (row, side)));
        for (area, (row, side)) in panels.split_evenly((rows.len(), sides.len())).iter().zip(cells) {
            panel(area, row, side, &legend)?;
        }
        below(&bottom, &lines)
    };
    let height = TOP + PANEL.1 * rows.len() as u32 + LINE * lines.len() as u32 + 6;
    (!sides.is_empty()).then(|| sheet((width, height), draw))
}

/// An arm's name and its design, such as `nem` and `0.28 cooled 1`; no design where there is one of each arm.
fn parts(arm: &ArmAudit) -> (&str, Option<&str>) {
    arm.arm.split_once(' ').map_or((&arm.arm, None), |(kind, design)| (kind, Some(design)))
}

/// What the legend calls an arm.
fn label(arm: &ArmAudit) -> &str {
    let (kind, design) = parts(arm);
    design.unwrap_or(kind)
}

/// The arms, or their designs, with their colours: as many as there is room for.
fn legend<'a>(arms: &[&'a ArmAudit], width: u32) -> Vec<(&'a str, RGBColor)> {
    let mut labels: Vec<&str> = vec![];
    arms.iter().for_each(|arm| {
        if !labels.contains(&label(arm)) {
            labels.push(label(arm))
        }
    });
    labels.truncate(legend_room(&labels, width));
    let designs = arms.iter().any(|arm| parts(arm).1.is_some());
    let last = labels.len().saturating_sub(1).max(1) as f64;
    let of = |(at, name): (usize, &&'a str)| if designs { shade(at as f64 / last) } else { colour(&labels, name) };
    labels.iter().enumerate().map(|entry| (*entry.1, of(entry))).collect()
}

/// The colour at this share of the ramp.
fn shade(share: f64) -> RGBColor {
    let ([from, to], part) = match share < 0.5 {
        true => ([RAMP[0], RAMP[1]], 2.0 * share),
        false => ([RAMP[1], RAMP[2]], 2.0 * share - 1.0),
    };
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// One row for all arms, or with several designs one for each arm.
fn rows<'a>(arms: &[&'a ArmAudit], legend: &[(&str, RGBColor)]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row> = vec![];
    for arm in arms.iter().filter(|arm| legend.iter().any(|(name, _)| *name == label(arm))) {
        let title = parts(arm).1.map(|_| format!("{}. ", parts(arm).0)).unwrap_or_default();
        match rows.iter_mut().find(|row| row.title == title) {
            Some(row) => row.arms.push((arm, label(arm))),
            None => rows.push(Row { title, arms: vec![(arm, label(arm))] }),
        }
    }
    rows
}

fn panel(area: &Area, row: &Row, (title, of): &Side, legend: &[(&str, RGBColor)]) -> Drawn {
    let colour = |label: &str| legend.iter().find(|(name, _)| *name == label).map_or(BLACK, |(_, colour)| *colour);
    let drawn: Vec<(RGBColor, Vec<Point>)> =
        row.arms.iter().map(|(arm, label)| (colour(label), points(arm, *of))).collect();
    let all = || drawn.iter().flat_map(|(_, points)| points);
    let middles: Vec<f64> = all().map(|p| p.middle).collect();
    let y = Axis::with_zero(&middles, all().flat_map(|p| [p.low, p.high]));
    let last = all().map(|p| p.epoch).max().unwrap_or(0).max(1) as f64;
    // A margin, for the dots at both ends.
    let x = Axis::linear(-0.02 * last, 1.02 * last);
    let mut chart = chart(area, &format!("{}{title}", row.title), (x.clone(), "epoch"), (y, "nats an example"))?;
    zero(&mut chart, &x)?;
    curves(&mut chart, &drawn.iter().map(|(colour, points)| (*colour, points)).collect::<Vec<_>>())?;
    drawn.iter().try_for_each(|(colour, points)| {
        dots(&mut chart, &points.iter().map(|p| (p.epoch as f64, p.middle)).collect::<Vec<_>>(), *colour)
    })
}

fn points(arm: &ArmAudit, of: fn(&EpochAudit) -> Option<Estimate>) -> Vec<Point> {
    let finite = |e: &Estimate| [e.low, e.mean, e.high].iter().all(|x| x.is_finite());
    let point = |epoch: &EpochAudit| {
        let e = of(epoch).filter(finite)?;
        Some(Point { epoch: epoch.epoch, low: e.low, middle: e.mean, high: e.high })
    };
    arm.epochs.iter().filter_map(point).collect()
}

fn caption(arms: &[&ArmAudit], legend: &[(&str, RGBColor)]) -> Vec<String> {
    let seeds = arms.iter().map(|arm| arm.seeds.len()).max().unwrap_or(0);
    let shown = arms.iter().filter(|arm| legend.iter().any(|(name, _)| *name == label(arm))).count();
    let rest = arms.len() - shown;
    let mut lines = vec![
        "Premise: ln f(y + n, h) − ln f(y, h) under the kept parameters, y and h drawn under the final ones.".into(),
        "Promise: log-likelihood of the training data after a step with the noise, less that after one without.".into(),
        format!(
            "Dot: mean over {} and their examples or batches. Band: 95 % interval. What lies beyond a panel stands on its edge.",
            format::count(seeds, "seed")
        ),
    ];
    lines.extend((rest > 0).then(|| format!("There are {rest} more; audit.json has them all.")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{comparison::Comparison, demo};

    /// Arms whose premise and promise shrink over the epochs, to what `size` says at the start.
    fn audit(arms: &[(&str, f64)]) -> Audit {
        let around = |mean: f64| Estimate { mean, low: mean - 0.1, high: mean + 0.1, count: 9 };
        let epoch = |size: f64| {
            move |epoch: usize| {
                let mean = around(size / (1.0 + epoch as f64 / 5.0));
                EpochAudit { epoch, premise: Some(mean), on_data: None, promise: Some(mean), accepted: None }
            }
        };
        let arm = |(arm, size): &(&str, f64)| ArmAudit {
            arm: arm.to_string(),
            seeds: vec![1, 2],
            epochs: [0, 5, 10].map(epoch(*size)).into(),
        };
        Audit::new("Classifier", "digits", arms.iter().map(arm).collect(), &Comparison::new(&demo::boosted(6)))
    }

    fn drawn(audit: &Audit) -> String {
        figure(audit).unwrap().unwrap()
    }

    #[test]
    fn premise_and_promise_of_all_arms_stand_beside_each_other() {
        let svg = drawn(&audit(&[("blind", 0.0), ("nem", 1.0), ("anti", -1.0)]));
        for needed in ["Classifier on digits: audit", "Premise", "Promise", "blind", "nats an example", "2 seeds"] {
            assert!(svg.contains(needed), "no {needed}");
        }
        assert_eq!((svg.matches("<circle").count(), svg.matches("<polygon").count()), (2 * 3 * 3, 2 * 3));
    }

    #[test]
    fn with_several_designs_each_arm_has_a_row() {
        let svg = drawn(&audit(&[("blind 0.1", 0.0), ("blind 0.4", 0.0), ("nem 0.1", 1.0), ("nem 0.4", 2.0)]));
        assert!(svg.contains("nem. Promise") && svg.contains("blind. Premise"), "{svg}");
        assert_eq!((svg.matches("<circle").count(), svg.matches("stroke=\"#1E145A\"").count()), (2 * 4 * 3, 5));
    }

    #[test]
    fn what_the_legend_has_no_room_for_is_left_out_and_said_to_be() {
        let names: Vec<String> = (1..=30).map(|i| format!("nem {}", f64::from(i) / 100.0)).collect();
        let arms: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 1.0)).collect();
        assert!(drawn(&audit(&arms)).contains("more; audit.json has them all."));
    }

    #[test]
    fn what_was_not_found_is_not_drawn() {
        let mut without = audit(&[("nem", 1.0)]);
        without.arms[0].epochs.iter_mut().for_each(|e| e.premise = None);
        assert_eq!(drawn(&without).matches("<circle").count(), 3);
        without.arms[0].epochs[1].promise = Some(Estimate { mean: f64::NAN, low: 0.0, high: f64::INFINITY, count: 3 });
        assert_eq!(drawn(&without).matches("<circle").count(), 2);
        without.arms[0].epochs.clear();
        assert!(figure(&without).is_none());
    }
}
