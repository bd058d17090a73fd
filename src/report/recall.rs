//! What recall did to the probes of one table: fixed points, energies, and what came back.

use super::wrap;
use crate::data::Table;
use crate::train::recall::{Recalled, Units};

pub struct Part<'a> {
    pub title: String,
    pub recalled: &'a Recalled,
    /// What was to come back.
    pub truth: &'a Table,
    pub units: &'a [Units],
}

/// How far a real number that came back may be off.
const SAME: f64 = 1e-6;

pub fn told(part: &Part) -> String {
    let lines = [fixed_points(part), energies(part.recalled), rise(part.recalled), groups(part)];
    lines.join("\n")
}

fn fixed_points(Part { title, recalled, .. }: &Part) -> String {
    let mut sweeps: Vec<usize> = recalled.settled.iter().flatten().copied().collect();
    sweeps.sort_unstable();
    let reached = format!("{title}: {} of {} probes reach a fixed point", sweeps.len(), recalled.settled.len());
    match sweeps.last() {
        Some(most) => {
            format!("{reached}; sweeps until then: {} in the median, {most} at most", sweeps[sweeps.len() / 2])
        }
        None => reached,
    }
}

fn energies(recalled: &Recalled) -> String {
    let trace = recalled.trace.iter().map(|e| format!("{e:.4}")).collect::<Vec<_>>().join(" ");
    wrap(&format!("mean energy, at the start and after each sweep: {trace}"), 100)
}

fn rise(recalled: &Recalled) -> String {
    match recalled.rise {
        0.0 => "no probe's energy rose".into(),
        rise => format!("largest rise of a probe's energy: {rise:.1e}"),
    }
}

/// Of each group that the data has.
fn groups(Part { recalled, truth, units, .. }: &Part) -> String {
    let wide = units.iter().map(|u| u.name.chars().count()).max().unwrap_or(0).max(8);
    let mut lines = vec![format!("{:<wide$} {:>16} {:>12}", "group", "recalled exactly", "wrong units")];
    for Units { name, width, .. } in *units {
        let (Some(found), Some(wanted)) = (recalled.values.column(name), truth.column(name)) else { continue };
        let wrong = found.values.iter().zip(&wanted.values).map(|(a, b)| (a - b).abs() > SAME);
        let wrong: Vec<bool> = wrong.collect();
        let whole = percent(wrong.chunks(*width).map(|row| !row.contains(&true)));
        lines.push(format!("{name:<wide$} {whole:>16} {:>12}", percent(wrong.iter().copied())));
    }
    lines.join("\n")
}

fn percent(list: impl ExactSizeIterator<Item = bool>) -> String {
    let all = list.len().max(1) as f64;
    format!("{:.1} %", 100.0 * list.filter(|x| *x).count() as f64 / all)
}
