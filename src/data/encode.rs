//! From the numbers of a file to a column of a declared support and width: labels become one-hot rows, and every value
//! is checked.

use super::file::MOST_VALUES;
use super::findings::Findings;
use super::{Column, Raw, Table};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::Support;
use crate::source::Span;

/// What stands under the place in the program that declares the column.
const DECLARED: &str = "declared here";

/// Supports to propose when values lie outside the declared one, the narrowest first.
const PROPOSED: &[Support] =
    &[Support::Binary, Support::Bipolar, Support::Unit, Support::Count, Support::Positive, Support::Real];

/// Makes `raw` the column `name` of `width` elements a row. For `one_hot`, whole labels from 0 to `width - 1`, one a
/// row, become rows of one 1; rows that are one-hot already pass.
///
/// Errors, all at `place`: E0405 a value outside the support; E0406 another width than declared.
pub fn encode(name: &str, raw: Raw, support: Support, width: usize, place: Span) -> Result<Column, Problems> {
    let encoding = Encoding { name, support, width, place };
    match raw.width {
        1 if support == Support::OneHot && width > 1 => encoding.labels(&raw),
        found if found != width => Err(encoding.other_width(found).into()),
        _ if support.is_vector() => encoding.rows(raw),
        _ => encoding.elements(raw),
    }
}

struct Encoding<'a> {
    name: &'a str,
    support: Support,
    width: usize,
    place: Span,
}

impl Encoding<'_> {
    fn findings(&self) -> Findings {
        Findings::new(self.name, self.place, DECLARED)
    }

    fn column(&self, values: Vec<f64>) -> Column {
        Column { name: self.name.to_string(), width: self.width, values }
    }

    fn labels(&self, raw: &Raw) -> Result<Column, Problems> {
        if raw.rows.saturating_mul(self.width) > MOST_VALUES {
            return Err(self.too_wide(raw.rows).into());
        }
        let mut findings = self.findings();
        let mut values = vec![0.0; raw.rows * self.width];
        let last = self.width - 1;
        for (row, label) in raw.values.iter().enumerate() {
            if Support::Count.contains(*label) && *label <= last as f64 {
                values[row * self.width + *label as usize] = 1.0;
            } else {
                let text = || format!("row {}: {label} is not one of the labels 0 to {last}", row + 1);
                findings.add(codes::DATA_VALUE, text, || self.label_help(&raw.values));
            }
        }
        findings.or(self.column(values))
    }

    fn label_help(&self, labels: &[f64]) -> String {
        let (low, high) = extent(labels);
        let whole = labels.iter().all(|x| Support::Count.contains(*x));
        match self.width as f64 {
            _ if !whole => format!("labels are whole numbers from 0 to {}", self.width - 1),
            width if low == 1.0 && high == width => {
                format!("labels start at 0, and these run from 1 to {high}: subtract 1, as in `csv(…) - 1`")
            }
            _ => format!("labels start at 0, and these run from {low} to {high}: declare `one_hot[{}]`", high + 1.0),
        }
    }

    /// Scalar supports: element by element.
    fn elements(&self, raw: Raw) -> Result<Column, Problems> {
        let mut findings = self.findings();
        for (at, value) in raw.values.iter().enumerate().filter(|(_, x)| !self.support.contains(**x)) {
            self.outside(at, *value, &raw.values, &mut findings);
        }
        findings.or(self.column(raw.values))
    }

    /// Vector supports: the elements of a row, then the row as a whole.
    fn rows(&self, raw: Raw) -> Result<Column, Problems> {
        let mut findings = self.findings();
        for (row, values) in raw.values.chunks(self.width.max(1)).enumerate() {
            if self.support.contains_row(values) {
                continue;
            }
            let strange = values.iter().position(|x| !self.support.contains(*x));
            match strange {
                Some(at) => self.outside(row * self.width + at, values[at], &raw.values, &mut findings),
                None => self.wrong_sum(row, values, &mut findings),
            }
        }
        findings.or(self.column(raw.values))
    }

    fn outside(&self, at: usize, value: f64, values: &[f64], findings: &mut Findings) {
        let row = at / self.width + 1;
        let column = if self.width == 1 { String::new() } else { format!(", column {}", at % self.width + 1) };
        let text = || match value.is_finite() {
            true => format!("row {row}{column}: {value} is not in `{}`", self.support),
            false => format!("row {row}{column}: {value} is not a finite number"),
        };
        findings.add(codes::DATA_VALUE, text, || self.outside_help(value, values));
    }

    fn outside_help(&self, value: f64, values: &[f64]) -> String {
        if !value.is_finite() {
            return "leave out such rows, or change what makes them: a division by 0, a logarithm, a missing value"
                .to_string();
        }
        let (low, high) = extent(values);
        let fact =
            format!("`{}` holds {}; the values here run from {low} to {high}", self.support, self.support.holds());
        let fits = |s: &&Support| values.iter().all(|x| s.contains(*x));
        match PROPOSED.iter().find(fits).filter(|_| !self.support.is_vector()) {
            Some(other) => format!("{fact}: rescale them, or declare `{other}`"),
            None => fact,
        }
    }

    fn wrong_sum(&self, row: usize, values: &[f64], findings: &mut Findings) {
        let sum: f64 = values.iter().sum();
        let text = || format!("row {}: the elements sum to {sum}, not to 1", row + 1);
        findings.add(codes::DATA_VALUE, text, || format!("`{}` holds {}", self.support, self.support.holds()));
    }

    fn other_width(&self, found: usize) -> Diagnostic {
        let Encoding { name, support, width, place } = self;
        let (numbers, declare) = match found {
            1 => ("1 number".to_string(), format!("{name}: {support}")),
            _ => (format!("{found} numbers"), format!("{name}: {support}[{found}]")),
        };
        Diagnostic::new(codes::DATA_SHAPE, format!("`{name}` has {numbers} a row, but {width} are declared"))
            .at(*place, DECLARED)
            .help(format!("declare `{declare}`, or read other columns"))
    }

    fn too_wide(&self, rows: usize) -> Diagnostic {
        let what = format!("{rows} rows of `{}[{}]` do not fit in memory", self.support, self.width);
        Diagnostic::new(codes::DATA_SHAPE, what)
            .at(self.place, DECLARED)
            .help(format!("a column may hold at most {MOST_VALUES} numbers: declare fewer classes"))
    }
}

/// The least and the greatest finite value.
fn extent(values: &[f64]) -> (f64, f64) {
    let finite = values.iter().copied().filter(|x| x.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

/// Checks that the columns of a table have equally many rows, at least one.
///
/// Errors: E0406 at `place`.
pub fn same_rows(table: &Table, place: Span) -> Result<(), Diagnostic> {
    let rows = || table.columns.iter().map(Column::rows);
    let (fewest, most) = (rows().min().unwrap_or(0), rows().max().unwrap_or(0));
    let error = |message: String| Diagnostic::new(codes::DATA_SHAPE, message).at(place, DECLARED);
    if most == 0 {
        return Err(error("the data has no rows".to_string()).help("name a source that has rows"));
    }
    if fewest == most {
        return Ok(());
    }
    let counts: Vec<String> = table.columns.iter().map(|c| format!("`{}` has {}", c.name, c.rows())).collect();
    Err(error(format!("the columns have unequal numbers of rows: {}", counts.join(", ")))
        .help(format!("read matching files, or take as many rows of each, as in `idx(…)[1..{}]`", fewest.max(1))))
}
