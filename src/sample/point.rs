//! A point written on the command line: `y=2, mu=0, b=1`, vectors `y=[1, 0, 0]`, matrices `L=[[1, 0], [0.5, 1]]`.
//!
//! Numbers may be fractions, so that `p=[1/3, 1/3, 1/3]` sums to 1.

use super::fit::misshapen;
use super::noise::NoiseAt;
use super::shape::words;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Value, print};
use crate::model::NOISE;
use crate::source::{FileId, Span};

/// `name=value`
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub name: String,
    pub value: Value,
    pub name_span: Span,
    pub span: Span,
}

impl Assignment {
    /// Whether it gives a value to this variable.
    pub fn is(&self, variable: &str) -> bool {
        print::alike(&self.name, variable)
    }
}

/// Reads a point. Errors: `SYNTAX`, `DUPLICATE_NAME`.
pub fn parse(file: FileId, text: &str) -> Result<Vec<Assignment>, Problems> {
    let mut reader = Reader { file, text, at: 0 };
    let mut given: Vec<Assignment> = vec![];
    loop {
        let assignment = reader.assignment()?;
        if let Some(first) = given.iter().find(|a| a.is(&assignment.name)) {
            return Err(twice(&assignment, first).into());
        }
        given.push(assignment);
        match reader.next() {
            None => return Ok(given),
            Some(',') => reader.at += 1,
            Some(_) => return Err(reader.wrong("assignments are separated by commas").into()),
        }
    }
}

/// The noise that a point gives. Errors: `SHAPE`, when it is one of none of these.
pub fn noise(point: &[Assignment], noises: &[NoiseAt]) -> Result<Option<Value>, Problems> {
    let Some(given) = point.iter().find(|a| a.name == NOISE) else { return Ok(None) };
    match noises {
        [first, ..] if !noises.iter().any(|noise| noise.fits(&given.value)) => {
            let problem = misshapen(NOISE, &words(first.derived.noise.shape()), &given.value);
            Err(problem.at(given.span, "does not fit the variable that takes it").into())
        }
        _ => Ok(Some(given.value.clone())),
    }
}

/// A number, or a list of such.
enum Tree {
    Number(f64),
    List(Vec<Tree>),
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next character that is no blank, where reading goes on.
    fn next(&mut self) -> Option<char> {
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.len() - rest.trim_start().len();
        rest.trim_start().chars().next()
    }

    fn assignment(&mut self) -> Result<Assignment, Diagnostic> {
        let (name, name_span) = self.word();
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') && !name.is_empty();
        if !is_name || self.next() != Some('=') {
            return Err(self.wrong("a name and `=` are expected"));
        }
        self.at += 1;
        self.next();
        let start = self.at;
        let tree = self.tree(0)?;
        let span = Span::new(self.file, start, self.at);
        let value = value(tree).ok_or_else(|| uneven(span))?;
        Ok(Assignment { name: name.to_string(), value, name_span, span })
    }

    fn tree(&mut self, depth: usize) -> Result<Tree, Diagnostic> {
        if self.next() != Some('[') {
            return self.number().map(Tree::Number);
        }
        if depth == 2 {
            return Err(self.wrong("lists of lists are matrices; nothing goes deeper"));
        }
        self.at += 1;
        let mut parts = vec![];
        loop {
            parts.push(self.tree(depth + 1)?);
            match self.next() {
                Some(']') => break,
                Some(',') => self.at += 1,
                _ => return Err(self.wrong("`,` or `]` is expected")),
            }
        }
        self.at += 1;
        Ok(Tree::List(parts))
    }

    /// `2`, `-1e-3`, `1/3`
    fn number(&mut self) -> Result<f64, Diagnostic> {
        let start = self.at;
        let (word, span) = self.word();
        let parse = |text: &str| text.trim().parse::<f64>().ok();
        let number = match word.split_once('/') {
            Some((above, below)) => parse(above).zip(parse(below)).map(|(a, b)| a / b),
            None => parse(word),
        };
        number.filter(|x| x.is_finite()).ok_or_else(|| {
            self.at = start;
            Diagnostic::new(codes::SYNTAX, "a number is expected in the point")
                .at(span, "not a number")
                .help("write numbers such as `2`, `-0.5`, `1e-3` or `1/3`, vectors as `[1, 0, 0]`")
        })
    }

    /// Everything up to the next mark.
    fn word(&mut self) -> (&'t str, Span) {
        self.next();
        let rest = &self.text[self.at..];
        let length = rest.find([',', '=', '[', ']']).unwrap_or(rest.len());
        let word = rest[..length].trim_end();
        let span = Span::new(self.file, self.at, self.at + word.len());
        self.at += word.len();
        (word, span)
    }

    fn wrong(&self, expected: &str) -> Diagnostic {
        let end =
            self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(self.at, |c| self.at + c.len_utf8());
        Diagnostic::new(codes::SYNTAX, "the point cannot be read")
            .at(Span::new(self.file, self.at, end), expected)
            .help("write it like this: `y=2, mu=0, p=[1/2, 1/4, 1/4]`")
    }
}

/// Rows of a matrix must be equally long.
fn value(tree: Tree) -> Option<Value> {
    let numbers = |list: Vec<Tree>| {
        let each = |t: Tree| if let Tree::Number(x) = t { Some(x) } else { None };
        list.into_iter().map(each).collect::<Option<Vec<f64>>>()
    };
    match tree {
        Tree::Number(x) => Some(Value::Scalar(x)),
        Tree::List(list) if list.iter().all(|t| matches!(t, Tree::Number(_))) => numbers(list).map(Value::Vector),
        Tree::List(list) => {
            let row = |t: Tree| if let Tree::List(row) = t { numbers(row) } else { None };
            let rows = list.into_iter().map(row).collect::<Option<Vec<Vec<f64>>>>()?;
            let columns = rows.first().map_or(0, Vec::len);
            let even = rows.iter().all(|r| r.len() == columns);
            even.then(|| Value::Matrix(rows.len(), columns, rows.concat()))
        }
    }
}

fn uneven(span: Span) -> Diagnostic {
    Diagnostic::new(codes::SHAPE, "the rows of a matrix are equally long, and this is no matrix")
        .at(span, "rows of different lengths")
        .help("write a matrix row by row: `[[1, 0], [0.5, 1]]`")
}

/// A second value for a variable, which a first one called otherwise.
pub fn again(variable: &str, given: &Assignment) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{variable}` is given twice"))
        .at(given.name_span, "given again")
        .help("remove one of them")
}

fn twice(again: &Assignment, first: &Assignment) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is given twice", again.name))
        .at(again.name_span, "given again here")
        .related(first.name_span, "first given here")
        .help("remove one of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Value)> {
        parse(FileId(0), text).unwrap().into_iter().map(|a| (a.name, a.value)).collect()
    }

    #[test]
    fn numbers_vectors_and_matrices_are_read() {
        let given = read(" y = 2,mu=-1e-3, p=[1/4, 3/4] ,L=[[1, 0], [0.5, 1]]");
        let wanted = [
            ("y", Value::Scalar(2.0)),
            ("mu", Value::Scalar(-1e-3)),
            ("p", Value::Vector(vec![0.25, 0.75])),
            ("L", Value::Matrix(2, 2, vec![1.0, 0.0, 0.5, 1.0])),
        ];
        assert_eq!(given, wanted.map(|(name, value)| (name.to_string(), value)));
    }

    #[test]
    fn what_cannot_be_read_is_told_where_it_stands() {
        for (text, at, code) in [
            ("y", 1, codes::SYNTAX),
            ("y=", 2, codes::SYNTAX),
            ("y=two", 2, codes::SYNTAX),
            ("y=inf", 2, codes::SYNTAX),
            ("y=1/0", 2, codes::SYNTAX),
            ("y=[1, 2", 7, codes::SYNTAX),
            ("y=[1 2]", 3, codes::SYNTAX),
            ("y=[[[1]]]", 4, codes::SYNTAX),
            ("y=1 mu=2", 2, codes::SYNTAX),
            ("y=1,y=2", 4, codes::DUPLICATE_NAME),
            ("L=[[1, 0], [1]]", 2, codes::SHAPE),
            ("é=1, µ ß=2", 5, codes::SYNTAX),
        ] {
            let problems = parse(FileId(0), text).unwrap_err();
            let told = problems.sorted()[0];
            assert_eq!(told.code, code, "{text}: {told:?}");
            assert!(told.help.is_some());
            if text.is_ascii() {
                assert_eq!(told.primary.as_ref().map(|(span, _)| span.start), Some(at), "{text}: {told:?}");
            }
        }
    }
}
