//! Comma-separated values with a header line: columns of numbers, chosen by their names.

use std::io::{Cursor, Read};
use std::ops::RangeInclusive;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder, Terminator, Trim};

use super::Raw;
use super::file::{DataFile, MOST_VALUES, READ_HERE};
use super::findings::Findings;
use crate::diag::{Diagnostic, Problems, codes, did_you_mean, paths};
use crate::source::Span;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The longest piece of a cell that a message shows, in characters.
const LONGEST_CELL: usize = 40;

/// The columns from `first` to `last`, both included, in the order of the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    pub first: String,
    pub last: String,
    /// Where the program names them.
    pub place: Span,
}

impl Pick {
    /// `"label"`
    pub fn one(name: &str, place: Span) -> Self {
        Self::range(name, name, place)
    }

    /// `"p0".."p63"`
    pub fn range(first: &str, last: &str, place: Span) -> Self {
        Pick { first: first.to_string(), last: last.to_string(), place }
    }
}

/// Reads the picked columns of a file, plain or gzipped; without picks, all of them. Blank lines are skipped, spaces
/// around a cell and a byte-order mark are ignored, cells may be quoted.
///
/// Errors: E0401 not readable; E0402 no header, no rows, or lines of unequal length; E0403 empty or cut off; E0404 a
/// column that is not there; E0405 a cell that is not a finite number.
pub fn read_csv(path: &Path, picks: &[Pick], place: Span) -> Result<Raw, Problems> {
    let file = DataFile { path, place };
    let mut lines = Lines::new(file)?;
    let header = Header::read(file, &mut lines)?;
    let columns = header.columns(picks)?;
    header.numbers(&columns, &mut lines)
}

/// The lines of the file, each with its number.
struct Lines<'a> {
    file: DataFile<'a>,
    reader: csv::Reader<Box<dyn Read>>,
    record: ByteRecord,
}

impl<'a> Lines<'a> {
    /// Lines of unequal length are let through, to be reported all at once. Only a line feed ends a line, and every line
    /// has one, so that lines are counted right; the carriage return before it is trimmed with the spaces.
    fn new(file: DataFile<'a>) -> Result<Self, Diagnostic> {
        let mut format = ReaderBuilder::new();
        format.has_headers(false).flexible(true).trim(Trim::All).terminator(Terminator::Any(b'\n'));
        let bytes: Box<dyn Read> = Box::new(without_mark(file)?.chain(&b"\n"[..]));
        Ok(Lines { file, reader: format.from_reader(bytes), record: ByteRecord::new() })
    }

    /// The next line that is not blank, with its number. A quoted cell may run over several; then it is the last.
    fn next(&mut self) -> Result<Option<(u64, &ByteRecord)>, Diagnostic> {
        while self.reader.read_byte_record(&mut self.record).map_err(|error| self.failed(error))? {
            if self.record.len() > 1 || !self.record[0].is_empty() {
                return Ok(Some((self.reader.position().line() - 1, &self.record)));
            }
        }
        Ok(None)
    }

    fn failed(&self, error: csv::Error) -> Diagnostic {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => self.file.failed(&error),
            other => self.file.error(codes::DATA_FORMAT, format!("is not comma-separated text: {other:?}")),
        }
    }
}

/// The bytes of the file after its byte-order mark, if it has one. The csv crate looks for the mark only when its first
/// read brings three bytes or more.
fn without_mark(file: DataFile) -> Result<impl Read + use<>, Diagnostic> {
    let (mut start, mut rest) = (vec![], file.open()?);
    rest.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start).map_err(|error| file.failed(&error))?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    Ok(Cursor::new(start).chain(rest))
}

struct Header<'a> {
    file: DataFile<'a>,
    names: Vec<String>,
}

impl<'a> Header<'a> {
    fn read(file: DataFile<'a>, lines: &mut Lines) -> Result<Self, Diagnostic> {
        let Some((_, first)) = lines.next()? else {
            return Err(file.error(codes::DATA_TRUNCATED, "is empty").help("fetch or write the file again"));
        };
        let names: Vec<String> = first.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        match &names[..] {
            _ if names.iter().any(|name| name.contains('\0')) => Err(not_text(file)),
            [only] if only.contains([';', '\t']) => Err(file
                .error(codes::DATA_FORMAT, format!("has no commas in its header, `{}`", cut(only)))
                .help("separate the cells by commas, and write numbers with a decimal point")),
            _ => Ok(Header { file, names }),
        }
    }

    /// The position of each picked column; without picks, of all.
    fn columns(&self, picks: &[Pick]) -> Result<Vec<usize>, Problems> {
        let (mut columns, mut problems) = (vec![], Problems::new());
        for pick in picks {
            match self.range(pick) {
                Ok(range) => columns.extend(range),
                Err(found) => problems.extend(found),
            }
        }
        match (picks, problems.is_empty()) {
            ([], _) | (_, false) if self.is_numbers() => Err(self.no_header().into()),
            (_, false) => Err(problems),
            ([], _) => Ok((0..self.names.len()).collect()),
            _ => Ok(columns),
        }
    }

    /// Numbers where names should be: taken for a header, the first row of data would be lost without a word.
    fn no_header(&self) -> Diagnostic {
        let what = format!("has no header line: its first line, `{}`, holds numbers", cut(&self.names.join(",")));
        self.file.error(codes::DATA_FORMAT, what).help("add a line above it that names the columns")
    }

    fn is_numbers(&self) -> bool {
        self.names.iter().all(|name| name.parse::<f64>().is_ok())
    }

    fn range(&self, pick: &Pick) -> Result<RangeInclusive<usize>, Problems> {
        let mut problems = Problems::new();
        let mut find = |name| self.find(name, pick.place).map_err(|d| problems.push(d)).ok();
        match (find(&pick.first), find(&pick.last)) {
            (Some(first), Some(last)) if first <= last => Ok(first..=last),
            (Some(_), Some(_)) => Err(self.backwards(pick).into()),
            _ => Err(problems),
        }
    }

    fn find(&self, name: &str, place: Span) -> Result<usize, Diagnostic> {
        let mut found = (0..self.names.len()).filter(|i| self.names[*i] == name);
        match (found.next(), found.next()) {
            (Some(column), None) => Ok(column),
            (None, _) => Err(self.unknown(name, place)),
            (Some(_), Some(_)) => Err(self
                .file
                .error(codes::DATA_COLUMN, format!("has more than one column `{name}`"))
                .at(place, "which of them?")
                .help("give each column of the file a name of its own")),
        }
    }

    fn unknown(&self, name: &str, place: Span) -> Diagnostic {
        let missing =
            self.file.error(codes::DATA_COLUMN, format!("has no column `{name}`")).at(place, "not in the header");
        match did_you_mean(name, self.names.iter().map(String::as_str)) {
            Some(close) => missing.help(format!("did you mean `{close}`?")),
            None => missing.help(format!("its columns are {}", paths::listing(&self.names, name))),
        }
    }

    fn backwards(&self, pick: &Pick) -> Diagnostic {
        let Pick { first, last, place } = pick;
        self.file
            .error(codes::DATA_COLUMN, format!("has column `{first}` after `{last}`"))
            .at(*place, "nothing between these")
            .help(format!("write `\"{last}\"..\"{first}\"`"))
    }

    /// The picked cells of every line below the header.
    fn numbers(&self, columns: &[usize], lines: &mut Lines) -> Result<Raw, Problems> {
        let mut findings = Findings::new(self.file.path.display(), self.file.place, READ_HERE);
        let (mut rows, mut values) = (0, vec![]);
        while let Some((line, cells)) = lines.next()? {
            rows += 1;
            if cells.len() != self.names.len() {
                self.ragged(line, cells.len(), &mut findings);
                continue;
            }
            values.extend(columns.iter().map(|&c| number(line, &self.names[c], &cells[c], &mut findings)));
            self.bounded(values.len())?;
        }
        if rows == 0 {
            return Err(self
                .file
                .error(codes::DATA_FORMAT, "has a header but no rows")
                .help("add rows to the file")
                .into());
        }
        findings.or(Raw { rows, width: columns.len(), values })
    }

    fn ragged(&self, line: u64, cells: usize, findings: &mut Findings) {
        let expected = self.names.len();
        let cells = if cells == 1 { "1 cell".to_string() } else { format!("{cells} cells") };
        let text = || format!("line {line}: {cells} where the header names {expected}");
        let help = || format!("give every line {expected} cells, and put a cell that holds a comma in quotes");
        findings.add(codes::DATA_FORMAT, text, help);
    }

    fn bounded(&self, count: usize) -> Result<(), Diagnostic> {
        let most = || format!("one file may hold at most {MOST_VALUES} numbers: split it");
        let error = || self.file.error(codes::DATA_FORMAT, "holds more numbers than fit in memory").help(most());
        if count <= MOST_VALUES { Ok(()) } else { Err(error()) }
    }
}

fn not_text(file: DataFile) -> Diagnostic {
    let error = file
        .error(codes::DATA_FORMAT, "is not text in UTF-8")
        .help("save it as comma-separated text in UTF-8; for an IDX file write `idx(…)`");
    match file.only_named_gz() {
        true => error.note("its name ends in `.gz`, and it does not begin as gzip files do"),
        false => error,
    }
}

/// The number in a cell; anything else is a finding, and NaN in its place.
fn number(line: u64, column: &str, cell: &[u8], findings: &mut Findings) -> f64 {
    let parsed = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok());
    if let Some(value) = parsed.filter(|x: &f64| x.is_finite()) {
        return value;
    }
    let shown = cut(&String::from_utf8_lossy(cell));
    let what = match parsed {
        _ if cell.is_empty() => "the cell is empty".to_string(),
        Some(_) => format!("`{shown}` is not a finite number"),
        None => format!("`{shown}` is not a number"),
    };
    let help = || "write a number, such as 0.5, or leave out the line".to_string();
    findings.add(codes::DATA_VALUE, || format!("line {line}, column `{column}`: {what}"), help);
    f64::NAN
}

/// The start of a text that may be long.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
