//! Data declarations: each column becomes an expression over what files and draws give, computed for all rows at once.

use super::declarations::Declarations;
use super::leaves::{Leaves, has_rows, width_words};
use super::mentions::Mentions;
use super::order::Sequence;
use super::problem::{Check, all, both, fail, told_already};
use super::scope::{Scope, Value};
use super::shapes;
use super::support::{described, within};
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Expr, Shape, contains};
use crate::model::{ColumnSpec, DataSpec, Leaf, Support};
use crate::syntax::ast::{Column, DataDecl, Name, TermKind, Type};

/// Checks a `data` declaration.
///
/// A column without `seed` is drawn with a seed made from its name, its part and the name of the data, so that no two
/// columns share their draws. A column of the test part that neither reads a file or another column nor says `take` has
/// as many rows as the training column takes.
pub fn data(declarations: &Declarations, decl: &DataDecl) -> Check<DataSpec> {
    let train = part(declarations, decl, &decl.columns, None);
    let test = match (&train, decl.test.is_empty()) {
        (_, true) => Ok(None),
        (Ok(train), false) => part(declarations, decl, &decl.test, Some(train)).map(Some),
        (Err(_), false) => told_already(),
    };
    let (train, test) = both(train, test)?;
    Ok(DataSpec { name: decl.name.text.clone(), span: decl.name.span, train, test })
}

/// One part: the training part, or the test part given the training part.
fn part(d: &Declarations, decl: &DataDecl, columns: &[Column], train: Option<&[ColumnSpec]>) -> Check<Vec<ColumnSpec>> {
    let part = Part { declarations: d, decl, columns, train, rows: Expr::dimension("rows") };
    let (mut scope, mut specs) = (Scope::default(), vec![]);
    let names: Vec<&Name> = columns.iter().map(|c| &c.name).collect();
    let mentions: Vec<Mentions> = columns.iter().map(|c| Mentions::of_term(&c.source)).collect();
    let sequence = Sequence::new(&names, &mentions, &mut scope);
    let mut made: Vec<Check<()>> =
        sequence.order.iter().map(|i| part.add(&columns[*i], &mut scope, &mut specs)).collect();
    made.push(part.complete());
    sequence.finish(made)?;
    let place = |spec: &ColumnSpec| columns.iter().position(|c| c.name.text == spec.name);
    specs.sort_by_key(place);
    part.rows_known(&specs)?;
    Ok(specs)
}

struct Part<'a> {
    declarations: &'a Declarations,
    decl: &'a DataDecl,
    columns: &'a [Column],
    train: Option<&'a [ColumnSpec]>,
    rows: Dim,
}

impl Part<'_> {
    /// Adds a column to those before it, and to the names that the next ones may use.
    fn add(&self, column: &Column, scope: &mut Scope, specs: &mut Vec<ColumnSpec>) -> Check<()> {
        let name = &column.name.text;
        let spec = self.column(scope, column, specs).inspect_err(|_| scope.broken(name))?;
        let var = Expr::var(name, Shape::Vector(self.rows), spec.support.closure());
        scope.value(name, Value::claimed(var, spec.support));
        specs.push(spec);
        Ok(())
    }

    fn column(&self, scope: &Scope, column: &Column, before: &[ColumnSpec]) -> Check<ColumnSpec> {
        let mut evaluator = Evaluator::new(self.declarations, Place::Data(Leaves { rows: self.rows, list: vec![] }));
        let ty = self.support_and_width(&mut evaluator, column);
        let value = evaluator.value(scope, &column.source);
        let clauses = both(self.take(&mut evaluator, column), self.seed(&mut evaluator, column));
        let ((ty, value), (take, seed)) = both(both(ty, value), clauses)?;
        let (support, width) = ty;
        let drawn = matches!(column.source.kind, TermKind::Draw(_));
        if let Some(claim) = value.claim.filter(|claim| drawn && !within(*claim, support)) {
            return fail(drawn_outside(column, claim, support));
        }
        evaluator.not_outside(value, support, &column.name, column.source.span)?;
        let Place::Data(Leaves { list: mut leaves, .. }) = evaluator.place else { return told_already() };
        leaves.extend(self.used_columns(scope, value.expr, before));
        self.same_width(column, width, &leaves, before)?;
        let says_rows = leaves.iter().any(|(_, leaf)| has_rows(leaf));
        let inherited = self.counterpart(column).and_then(|c| c.rows).filter(|_| !says_rows);
        Ok(ColumnSpec {
            name: column.name.text.clone(),
            support,
            width,
            leaves,
            value: value.expr,
            rows: take.or(inherited),
            seed,
            span: column.span,
        })
    }

    fn support_and_width(&self, evaluator: &mut Evaluator, column: &Column) -> Check<(Support, usize)> {
        let declared = column.ty.as_ref().map(|ty| declared(evaluator, ty)).transpose()?;
        match (self.train, self.counterpart(column), declared, &column.ty) {
            (None, _, Some(declared), _) => Ok(declared),
            (None, _, None, _) => fail(no_type(column)),
            (Some(_), None, ..) => fail(only_in_test(self.decl, column)),
            (Some(_), Some(train), Some(test), Some(ty)) if test != (train.support, train.width) => {
                fail(other_type(column, train, ty))
            }
            (Some(_), Some(train), ..) => Ok((train.support, train.width)),
        }
    }

    /// The training column of the same name.
    fn counterpart(&self, column: &Column) -> Option<&ColumnSpec> {
        self.train?.iter().find(|c| c.name == column.name.text)
    }

    fn take(&self, evaluator: &mut Evaluator, column: &Column) -> Check<Option<usize>> {
        column.take.as_ref().map(|term| evaluator.count(&Scope::default(), term)).transpose()
    }

    fn seed(&self, evaluator: &mut Evaluator, column: &Column) -> Check<u64> {
        let part = if self.train.is_some() { "test" } else { "train" };
        match &column.seed {
            Some(term) => evaluator.seed(&Scope::default(), term),
            None => Ok(seed_of(&[&self.decl.name.text, part, &column.name.text])),
        }
    }

    fn used_columns<'b>(
        &'b self,
        scope: &'b Scope,
        e: Expr,
        before: &'b [ColumnSpec],
    ) -> impl Iterator<Item = (Expr, Leaf)> + 'b {
        before.iter().filter_map(move |column| match scope.get(&column.name) {
            Some(Some(super::scope::Meaning::Value(v))) if contains(e, v.expr) => {
                Some((v.expr, Leaf::Column(column.name.clone())))
            }
            _ => None,
        })
    }

    fn same_width(&self, column: &Column, width: usize, leaves: &[(Expr, Leaf)], before: &[ColumnSpec]) -> Check<()> {
        let other = leaves.iter().find_map(|(_, leaf)| {
            let Leaf::Column(name) = leaf else { return None };
            before.iter().find(|c| c.name == *name && c.width != width)
        });
        let Some(other) = other else { return Ok(()) };
        let (own, theirs) = (width_words(width), width_words(other.width));
        fail(
            Diagnostic::new(
                codes::DATA_SHAPE,
                format!("`{}` is {own} in each row, and `{}` is {theirs}", column.name.text, other.name),
            )
            .at(column.source.span, format!("uses `{}`", other.name))
            .related(other.span, theirs)
            .help("columns are computed element by element; give both the same length"),
        )
    }

    /// The test part has every column of the training part.
    fn complete(&self) -> Check<()> {
        let has = |name: &str| self.columns.iter().any(|c| c.name.text == name);
        let missing = self.train.unwrap_or_default().iter().filter(|c| !has(&c.name));
        all(missing.map(|c| {
            fail::<()>(
                Diagnostic::new(
                    codes::INCOMPLETE,
                    format!("the test part of `{}` lacks the column `{}`", self.decl.name.text, c.name),
                )
                .at(c.span, "only in the training part")
                .help(format!("add a line `{} = …` to `test {{ … }}`", c.name)),
            )
        }))
        .map(drop)
    }

    fn rows_known(&self, specs: &[ColumnSpec]) -> Check<()> {
        let known = |c: &ColumnSpec| {
            c.rows.is_some() || c.leaves.iter().any(|(_, leaf)| matches!(leaf, Leaf::Idx { .. } | Leaf::Csv { .. }))
        };
        match specs.first().filter(|_| !specs.iter().any(known)) {
            None => Ok(()),
            Some(first) => fail(
                Diagnostic::new(codes::INCOMPLETE, format!("nothing says how many rows `{}` has", self.decl.name.text))
                    .at(first.span, "no file and no `take`")
                    .help("add `take 200` to the column"),
            ),
        }
    }
}

impl Evaluator<'_> {
    /// A seed: a whole number from 0.
    pub fn seed(&mut self, scope: &Scope, term: &crate::syntax::ast::Term) -> Check<u64> {
        let n = self.number(scope, term)?;
        match n >= 0.0 && n.fract() == 0.0 && n < 9e15 {
            true => Ok(n as u64),
            false => fail(
                Diagnostic::new(codes::BAD_SETTING, format!("{n} is not a seed"))
                    .at(term.span, "not a whole number from 0")
                    .help("write a number such as 7"),
            ),
        }
    }
}

fn declared(evaluator: &mut Evaluator, ty: &Type) -> Check<(Support, usize)> {
    let scope = Scope::default();
    let (support, shape) = both(evaluator.support(&scope, ty), evaluator.known_shape(&scope, ty))?;
    match shapes::width(shape) {
        Some(width) => Ok((support, width)),
        None => fail(
            Diagnostic::new(codes::SHAPE, "a column holds a number or a vector in each row")
                .at(ty.span, "two axes")
                .help("put the elements into one vector, such as `real[784]`"),
        ),
    }
}

/// FNV-1a of the words: a number that depends on the names alone.
fn seed_of(words: &[&str]) -> u64 {
    let bytes = words.join(".");
    bytes.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn no_type(column: &Column) -> Diagnostic {
    let name = &column.name.text;
    Diagnostic::new(codes::INCOMPLETE, format!("the column `{name}` needs a type"))
        .at(column.name.span, "no type")
        .help(format!("write `{name}: real = …`, or `{name}: one_hot[10] = …` for labels"))
}

fn only_in_test(decl: &DataDecl, column: &Column) -> Diagnostic {
    let name = &column.name.text;
    Diagnostic::new(codes::UNKNOWN_NAME, format!("the training part of `{}` has no column `{name}`", decl.name.text))
        .at(column.name.span, "only in the test part")
        .suggest(name, decl.columns.iter().map(|c| c.name.text.as_str()))
}

fn other_type(column: &Column, train: &ColumnSpec, ty: &Type) -> Diagnostic {
    Diagnostic::new(
        codes::DATA_SHAPE,
        format!("`{}` has another type here than in the training part", column.name.text),
    )
    .at(ty.span, "another type")
    .related(train.span, "declared here")
    .help("leave the type out; it is that of the training part")
}

fn drawn_outside(column: &Column, claim: Support, support: Support) -> Diagnostic {
    let (found, wanted) = (described(claim), described(support));
    let name = &column.name.text;
    Diagnostic::new(codes::SUPPORT, format!("`{name}` is declared {wanted}, and its draws lie in {found}"))
        .at(column.source.span, format!("draws from `{claim}`"))
        .help(format!("declare it `{claim}`, or draw from a likelihood over `{support}`"))
}
