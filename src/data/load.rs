//! From a checked `data` declaration to numbers: leaves are read or drawn, the column's expression is computed for all
//! rows at once, and the result is encoded by its support.

use super::file::MOST_VALUES;
use super::{Column, Dataset, Pick, Raw, Table, encode, read_csv, read_idx, same_rows};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Purpose, Streams};
use crate::expr::{Bindings, Expr, Value, evaluate};
use crate::model::{ColumnSpec, DataSpec, Leaf};
use crate::plan::Fill;

/// Reads and draws everything; the problems of all columns are told together.
pub fn load(spec: &DataSpec) -> Result<Dataset, Problems> {
    let train = part(&spec.train, spec, 0);
    let test = spec.test.as_ref().map(|columns| part(columns, spec, 1)).transpose();
    match (train, test) {
        (Ok(train), Ok(test)) => Ok(Dataset { name: spec.name.clone(), train, test }),
        (train, test) => {
            let mut problems = train.err().unwrap_or_default();
            problems.extend(test.err().unwrap_or_default());
            Err(problems)
        }
    }
}

/// `which` is 0 for training and 1 for test: drawn parts never share random numbers.
fn part(columns: &[ColumnSpec], spec: &DataSpec, which: u64) -> Result<Table, Problems> {
    let mut table = Table::default();
    let mut problems = Problems::new();
    for at in in_order(columns) {
        match read(&columns[at], at, &table, which) {
            Ok(column) => table.columns.push(column),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    table.columns.sort_by_key(|column| columns.iter().position(|spec| spec.name == column.name));
    same_rows(&table, spec.span)?;
    Ok(table)
}

/// The columns in an order in which each comes after those it is computed from, and after those that say how many rows there are
/// where it does not; the checker has refused circles.
fn in_order(columns: &[ColumnSpec]) -> Vec<usize> {
    let mut order: Vec<usize> = vec![];
    let next = |order: &[usize]| {
        let ready = (0..columns.len()).filter(|at| !order.contains(at) && is_ready(&columns[*at], columns, order));
        ready.min_by_key(|at| !says_rows(&columns[*at]))
    };
    while let Some(next) = next(&order) {
        order.push(next);
    }
    order
}

fn says_rows(column: &ColumnSpec) -> bool {
    let is_made = |leaf: &Leaf| matches!(leaf, Leaf::Linspace(..) | Leaf::Random(_));
    column.rows.is_some() || column.leaves.iter().any(|(_, leaf)| !is_made(leaf))
}

fn is_ready(column: &ColumnSpec, columns: &[ColumnSpec], done: &[usize]) -> bool {
    column.leaves.iter().all(|(_, leaf)| match leaf {
        Leaf::Column(name) => done.iter().any(|at| columns[*at].name == *name),
        _ => true,
    })
}

/// A column's leaf as it was read, with its variable.
type Read = (Expr, Raw);

fn read(column: &ColumnSpec, at: usize, table: &Table, which: u64) -> Result<Column, Problems> {
    let mut leaves: Vec<Read> = vec![];
    for (var, leaf) in &column.leaves {
        if let Some(raw) = from_source(leaf, table)? {
            leaves.push((*var, raw));
        }
    }
    let (rows, width) = size(column, &leaves, table)?;
    for (source, (var, leaf)) in column.leaves.iter().enumerate() {
        if let Some(raw) = made(leaf, rows, width, column, 1000 * at as u32 + source as u32, which) {
            leaves.push((*var, raw));
        }
    }
    encode(&column.name, compute(column, leaves, rows, width)?, column.support, column.width, column.span)
}

/// What a file or another column holds; `None` for leaves that are made to measure.
fn from_source(leaf: &Leaf, table: &Table) -> Result<Option<Raw>, Problems> {
    Ok(match leaf {
        Leaf::Idx { path, rows, span } => Some(cut(read_idx(path, *span)?, *rows, *span)?),
        Leaf::Csv { path, first, last, rows, span } => {
            let pick = match last {
                Some(last) => Pick::range(first, last, *span),
                None => Pick::one(first, *span),
            };
            Some(cut(read_csv(path, &[pick], *span)?, *rows, *span)?)
        }
        Leaf::Column(name) => {
            // What is wrong with a column that is not there has been told.
            let column = table.column(name).ok_or_else(Problems::new)?;
            Some(Raw { rows: column.rows(), width: column.width, values: column.values.clone() })
        }
        Leaf::Linspace(..) | Leaf::Random(_) => None,
    })
}

fn cut(raw: Raw, rows: Option<(usize, usize)>, place: crate::source::Span) -> Result<Raw, Problems> {
    Ok(match rows {
        Some((from, to)) => raw.rows_between(from, to, place)?,
        None => raw,
    })
}

/// Rows and width that the leaves agree on, or `take`, or the rows of another column, and the declared width.
fn size(column: &ColumnSpec, leaves: &[Read], table: &Table) -> Result<(usize, usize), Problems> {
    let mut sizes = leaves.iter().map(|(_, raw)| (raw.rows, raw.width));
    let Some(first) = sizes.next() else {
        let others = || table.columns.first().map(Column::rows);
        let rows = column.rows.or_else(others).ok_or_else(|| no_rows(column))?;
        return match rows.saturating_mul(column.width) <= MOST_VALUES {
            true => Ok((rows, column.width)),
            false => Err(too_many(column, rows).into()),
        };
    };
    match sizes.find(|other| *other != first) {
        Some(other) => Err(unequal(column, first, other).into()),
        None => Ok(first),
    }
}

fn too_many(column: &ColumnSpec, rows: usize) -> Diagnostic {
    let per_row = if column.width == 1 { String::new() } else { format!(" of {} numbers each", column.width) };
    Diagnostic::new(codes::DATA_SHAPE, format!("{rows} rows{per_row} do not fit in memory"))
        .at(column.span, "made here")
        .help(format!("a column may hold at most {MOST_VALUES} numbers: take fewer rows"))
}

fn no_rows(column: &ColumnSpec) -> Diagnostic {
    Diagnostic::new(codes::DATA_SHAPE, format!("nothing says how many rows `{}` has", column.name))
        .at(column.span, "neither a file nor another column is used here")
        .help("add `take 200` at the end of the line")
}

fn unequal(column: &ColumnSpec, (rows, width): (usize, usize), other: (usize, usize)) -> Diagnostic {
    Diagnostic::new(codes::DATA_SHAPE, format!("the parts of `{}` have different sizes", column.name))
        .at(column.span, format!("{rows} × {width} meets {} × {}", other.0, other.1))
        .help("combine only files and columns of equally many rows and values per row")
}

fn made(leaf: &Leaf, rows: usize, width: usize, column: &ColumnSpec, source: u32, which: u64) -> Option<Raw> {
    let values = match leaf {
        Leaf::Linspace(from, to) => {
            let step = if rows > 1 { (to - from) / (rows - 1) as f64 } else { 0.0 };
            (0..rows).flat_map(|r| std::iter::repeat_n(from + step * r as f64, width)).collect()
        }
        Leaf::Random(kind) => {
            let mut values: Vec<f64> = vec![];
            let all: Vec<usize> = (0..rows).collect();
            let fill = Fill { kind: *kind, source, coarse: false };
            Streams::new(column.seed).fill(Purpose::Data, &fill, which, &all, width, &mut values);
            values
        }
        _ => return None,
    };
    Some(Raw { rows, width, values })
}

fn compute(column: &ColumnSpec, leaves: Vec<Read>, rows: usize, width: usize) -> Result<Raw, Problems> {
    let bindings: Bindings = leaves.into_iter().map(|(var, raw)| (var, Value::Vector(raw.values))).collect();
    let value = evaluate(column.value, &bindings).map_err(|unknown| {
        Diagnostic::new(codes::DATA_FORMAT, format!("`{unknown:?}` has no value in column `{}`", column.name))
            .at(column.span, "needed here")
            .help("use files, draws, numbers and columns declared above")
    })?;
    let values = match value {
        Value::Scalar(x) => vec![x; rows * width],
        other => other.numbers().to_vec(),
    };
    Ok(Raw { rows, width, values })
}

#[cfg(test)]
mod tests {
    use crate::session::Session;

    #[test]
    fn columns_may_be_computed_from_columns_declared_below_them() {
        let text = "data d { y: real = 2 * x  x: real = linspace(0, 2) take 3 }";
        let session = Session::from_text("d.nem", text, None);
        let data = super::load(&session.checked.data[0]).unwrap();
        assert_eq!(data.train.columns[0].values, [0.0, 2.0, 4.0]);
        assert_eq!(data.train.columns[1].name, "x");
    }
}
