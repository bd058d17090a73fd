//! Loss and error of a network on a table.

use super::network::{Measure, MeasureKind};
use crate::data::{Column, Table, gather};
use crate::exec::{Call, Device, Element, ExecError, Feed, Program, State, Streams, run, run_checked};
use crate::plan::network::{LOG_LIKELIHOOD, mean_output};
use crate::plan::{Origin, Rows};

/// A table on a device, ready to be evaluated again and again.
pub struct OnDevice<'t, B> {
    parts: Vec<Part<B>>,
    table: &'t Table,
}

/// Rows that are evaluated at once.
struct Part<B> {
    rows: Vec<usize>,
    feeds: Vec<B>,
}

/// How many samples of hidden variables are held at once, over all examples.
const MOST_SAMPLES: usize = 1 << 16;
/// How many numbers the widest value has: 1 MiB in single precision, which stays in the cache, however many examples there are.
const MOST_NUMBERS: usize = 1 << 18;

/// Mean negative log-likelihood of an example, and the error that `Measure` names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub loss: f64,
    pub error: f64,
}

impl<'t, B: Clone> OnDevice<'t, B> {
    pub fn new<D: Device<Buffer = B>>(device: &D, program: &Program, table: &'t Table) -> Result<Self, ExecError> {
        let missing = |name: &str| ExecError::Plan(format!("the data has no column `{name}`"));
        let columns = program.data_names().map(|name| table.column(name).ok_or_else(|| missing(name)));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let all = Vec::from_iter(0..table.rows());
        let part = |rows: &[usize]| {
            let upload = |column: &&Column| {
                let mut values = vec![];
                gather(&column.values, column.width, rows, &mut values);
                let values = values.into_iter().map(D::Element::from_f64).collect();
                device.upload(rows.len(), column.width, values)
            };
            Ok(Part { rows: rows.to_vec(), feeds: columns.iter().map(upload).collect::<Result<_, _>>()? })
        };
        Ok(OnDevice {
            parts: all.chunks(at_once(program, table.rows())).map(part).collect::<Result<_, ExecError>>()?,
            table,
        })
    }

    pub fn judge<D>(
        &self,
        device: &D,
        program: &Program,
        measure: &Measure,
        state: &mut State<B>,
    ) -> Result<Judged, ExecError>
    where
        D: Device<Buffer = B>,
    {
        let [densities, predictions] =
            self.outputs(device, program, state, [LOG_LIKELIHOOD, &mean_output(&measure.target)])?;
        let loss = -densities.iter().sum::<f64>() / densities.len().max(1) as f64;
        let error = self
            .table
            .column(&measure.target)
            .map_or(f64::NAN, |truth| error(measure, &predictions, &truth.values, truth.width));
        Ok(Judged { loss, error })
    }

    /// These outputs of all examples, one row each; nothing of an output that the program lacks.
    pub fn outputs<D, const N: usize>(
        &self,
        device: &D,
        program: &Program,
        state: &mut State<B>,
        names: [&str; N],
    ) -> Result<[Vec<f64>; N], ExecError>
    where
        D: Device<Buffer = B>,
    {
        let mut found = [const { vec![] }; N];
        for part in &self.parts {
            let outputs = part.run_with(run::<D>, device, program, state)?;
            for (name, into) in names.iter().zip(&mut found) {
                let Some(at) = program.output(name) else { continue };
                let (rows, _) = device.shape(&outputs[at]);
                let values = device.download(&outputs[at])?;
                // What no example enters is one row for all.
                (0..part.rows.len() / rows).for_each(|_| into.extend(values.iter().map(|x| x.to_f64())));
            }
        }
        Ok(found)
    }

    /// Evaluates once more, looking at every value, for the expression that is not a number.
    pub fn find_break<D>(
        &self,
        device: &D,
        program: &Program,
        state: &mut State<B>,
    ) -> Result<Option<Origin>, ExecError>
    where
        D: Device<Buffer = B>,
    {
        for part in &self.parts {
            let found = broken_at(program, part.run_with(run_checked::<D>, device, program, state))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl<B: Clone> Part<B> {
    fn run_with<D>(&self, run: Run<D>, device: &D, program: &Program, state: &mut State<B>) -> Result<Vec<B>, ExecError>
    where
        D: Device<Buffer = B>,
    {
        let slots = vec![self.rows.len() as f64; program.plan().slots.len()];
        let feeds = self.feeds.iter().cloned().map(Feed::Buffer).collect();
        let call = Call { rows: &self.rows, step: 0, streams: &Streams::new(0), feeds, slots: &slots };
        run(device, program, state, call)
    }
}

/// How many rows are run at once, at least one.
pub fn at_once(program: &Program, rows: usize) -> usize {
    match program.samples() {
        1 => rows.min(MOST_NUMBERS / widest(program)).max(1),
        samples => (MOST_SAMPLES / samples).max(1),
    }
}

/// The most columns of what has one row an example.
fn widest(program: &Program) -> usize {
    let each = program.plan().buffers.iter().filter(|b| b.rows == Rows::Batch).map(|b| b.columns);
    each.max().unwrap_or(1).max(1)
}

/// One of the two ways of running a program: as fast as it goes, or looking at every value.
pub type Run<D> = fn(
    &D,
    &Program,
    &mut State<<D as Device>::Buffer>,
    Call<<D as Device>::Element, <D as Device>::Buffer>,
) -> Result<Vec<<D as Device>::Buffer>, ExecError>;

/// What made the first value that is not a number in a run that looked at every value.
pub fn broken_at<T>(program: &Program, outcome: Result<T, ExecError>) -> Result<Option<Origin>, ExecError> {
    match outcome {
        Ok(_) => Ok(None),
        Err(ExecError::NonFinite { origin }) => Ok(program.plan().origins.get(origin).cloned()),
        Err(ExecError::NonFiniteInput(name)) => Ok(Some(Origin { text: format!("`{name}`"), span: None })),
        Err(other) => Err(other),
    }
}

fn error(measure: &Measure, predicted: &[f64], truth: &[f64], width: usize) -> f64 {
    let pairs = || predicted.iter().zip(truth);
    match measure.kind {
        MeasureKind::LargestComponent => {
            let rows = predicted.chunks(width).zip(truth.chunks(width));
            share(rows.map(|(p, t)| largest(p) != largest(t)))
        }
        MeasureKind::Side => {
            let middle = if truth.iter().any(|t| *t < 0.0) { 0.0 } else { 0.5 };
            share(pairs().map(|(p, t)| (*p > middle) != (*t > middle)))
        }
        MeasureKind::RootMeanSquare => {
            let squares: f64 = pairs().map(|(p, t)| (p - t).powi(2)).sum();
            (squares / truth.len() as f64).sqrt()
        }
    }
}

fn share(wrong: impl Iterator<Item = bool>) -> f64 {
    let (mut count, mut all) = (0usize, 0usize);
    for w in wrong {
        count += usize::from(w);
        all += 1;
    }
    count as f64 / all.max(1) as f64
}

fn largest(row: &[f64]) -> usize {
    (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_by_kind() {
        let measure = |kind| Measure { target: "y".into(), kind, energy: None };
        let one_hot = error(&measure(MeasureKind::LargestComponent), &[0.2, 0.8, 0.6, 0.4], &[0.0, 1.0, 0.0, 1.0], 2);
        assert_eq!(one_hot, 0.5);
        assert_eq!(error(&measure(MeasureKind::Side), &[0.7, -0.2], &[1.0, -1.0], 1), 0.0);
        assert_eq!(error(&measure(MeasureKind::Side), &[0.4], &[1.0], 1), 1.0);
        assert_eq!(error(&measure(MeasureKind::RootMeanSquare), &[0.0, 0.0], &[3.0, -3.0], 1), 3.0);
    }
}
