//! Parse tree to syntax tree: the declarations and what stands in them.

use std::iter::Peekable;
use std::vec;

use super::ast::*;
use super::grammar::Rule;
use super::scan::Token;
use crate::diag::{Diagnostic, codes};
use crate::source::{FileId, Span};

pub type Pair<'t> = pest::iterators::Pair<'t, Rule>;
/// An error is in a box to keep results small.
pub type Built<T> = Result<T, Box<Diagnostic>>;

/// Builds the tree of one chunk of a file.
pub struct Builder<'t> {
    file: FileId,
    /// Where the chunk begins in the file.
    offset: usize,
    text: &'t str,
    tokens: &'t [Token<'t>],
}

impl<'t> Builder<'t> {
    pub fn new(file: FileId, offset: usize, text: &'t str, tokens: &'t [Token<'t>]) -> Self {
        Builder { file, offset, text, tokens }
    }

    pub fn decls(&self, file: Pair) -> Built<Vec<Decl>> {
        self.parts(file).rest().map(|decl| self.decl(self.parts(decl).next()?)).collect()
    }

    pub fn settings(&self, pair: Pair) -> Built<Vec<Setting>> {
        self.parts(pair).rest().map(|setting| self.setting(setting)).collect()
    }

    pub fn entered(&self, pair: Pair) -> Built<Arg> {
        self.arg(self.parts(pair).next()?)
    }

    pub fn lone_term(&self, pair: Pair) -> Built<Term> {
        self.term(self.parts(pair).next()?)
    }

    /// The place of a pair. The parser counts blanks and comments after an optional part to the pair; they are left out.
    pub fn span(&self, pair: &Pair) -> Span {
        let span = pair.as_span();
        let (start, end) = (self.offset + span.start(), self.offset + span.end());
        let tokens_inside = self.tokens.partition_point(|t| t.end <= end);
        let last = self.tokens[..tokens_inside].last().map_or(end, |t| t.end);
        Span::new(self.file, start, last.max(start))
    }

    pub fn parts<'p>(&self, pair: Pair<'p>) -> Parts<'p> {
        let span = self.span(&pair);
        let pairs: Vec<Pair> = pair.into_inner().filter(|p| !is_mark(p.as_rule())).collect();
        Parts { pairs: pairs.into_iter().peekable(), span }
    }

    pub fn name(&self, pair: Pair) -> Name {
        Name { text: pair.as_str().to_string(), span: self.span(&pair) }
    }

    fn decl(&self, pair: Pair) -> Built<Decl> {
        match pair.as_rule() {
            Rule::use_decl => self.use_decl(pair).map(Decl::Use),
            Rule::fn_decl => self.fn_decl(pair).map(Decl::Fn),
            Rule::likelihood_decl => self.likelihood_decl(pair).map(Decl::Likelihood),
            Rule::layer_decl => self.layer_decl(pair).map(Decl::Layer),
            Rule::model_decl => self.model_decl(pair).map(Decl::Model),
            Rule::data_decl => self.data_decl(pair).map(Decl::Data),
            _ => self.train_decl(pair).map(Decl::Train),
        }
    }

    fn use_decl(&self, pair: Pair) -> Built<Use> {
        let span = self.span(&pair);
        Ok(Use { path: unquoted(&self.parts(pair).next()?), span })
    }

    fn fn_decl(&self, pair: Pair) -> Built<FnDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        Ok(FnDecl {
            doc,
            name: self.name(parts.next()?),
            formals: self.formals(&mut parts)?,
            result: self.result(&mut parts)?,
            body: self.term(parts.next()?)?,
            span,
        })
    }

    fn likelihood_decl(&self, pair: Pair) -> Built<LikelihoodDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        Ok(LikelihoodDecl {
            doc,
            name: self.name(parts.next()?),
            formals: self.formals(&mut parts)?,
            outcome: self.name(parts.next()?),
            outcome_ty: self.ty(parts.next()?)?,
            entries: parts.rest().map(|entry| self.entry(entry)).collect::<Built<_>>()?,
            span,
        })
    }

    fn layer_decl(&self, pair: Pair) -> Built<LayerDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        Ok(LayerDecl {
            doc,
            name: self.name(parts.next()?),
            formals: self.formals(&mut parts)?,
            result: self.result(&mut parts)?,
            items: parts.all(Rule::layer_item).map(|item| self.item(item)).collect::<Built<_>>()?,
            value: self.lone_term(parts.next()?)?,
            span,
        })
    }

    fn model_decl(&self, pair: Pair) -> Built<ModelDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        Ok(ModelDecl {
            doc,
            name: self.name(parts.next()?),
            formals: self.formals(&mut parts)?,
            items: parts.rest().map(|item| self.item(item)).collect::<Built<_>>()?,
            span,
        })
    }

    fn data_decl(&self, pair: Pair) -> Built<DataDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        let name = self.name(parts.next()?);
        let (mut columns, mut test) = (vec![], vec![]);
        for item in parts.rest() {
            let item = self.parts(item).next()?;
            match item.as_rule() {
                Rule::column => columns.push(self.column(item)?),
                _ => self.parts(item).rest().try_for_each(|c| self.column(c).map(|c| test.push(c)))?,
            }
        }
        Ok(DataDecl { doc, name, columns, test, span })
    }

    fn train_decl(&self, pair: Pair) -> Built<TrainDecl> {
        let (doc, span, mut parts) = self.declaration(pair);
        Ok(TrainDecl {
            doc,
            model: self.name(parts.next()?),
            args: parts.next_if(Rule::arguments).map_or(Ok(vec![]), |args| self.arguments(args))?,
            data: self.name(parts.next()?),
            settings: parts.rest().map(|setting| self.setting(setting)).collect::<Built<_>>()?,
            span,
        })
    }

    /// What every declaration has: the doc lines above it, its place, its parts.
    fn declaration<'p>(&self, pair: Pair<'p>) -> (Doc, Span, Parts<'p>) {
        let parts = self.parts(pair);
        (doc_above(&self.text[..parts.span.start]), parts.span, parts)
    }

    fn formals(&self, parts: &mut Parts) -> Built<Vec<Formal>> {
        let Some(formals) = parts.next_if(Rule::formals) else { return Ok(vec![]) };
        self.parts(formals).rest().map(|formal| self.formal(formal)).collect()
    }

    fn formal(&self, pair: Pair) -> Built<Formal> {
        let mut parts = self.parts(pair);
        Ok(Formal {
            name: self.name(parts.next()?),
            ty: self.optional_ty(&mut parts)?,
            default: parts.next_if(Rule::term).map(|term| self.term(term)).transpose()?,
        })
    }

    fn result(&self, parts: &mut Parts) -> Built<Option<Type>> {
        parts.next_if(Rule::result).map(|result| self.ty(self.parts(result).next()?)).transpose()
    }

    fn optional_ty(&self, parts: &mut Parts) -> Built<Option<Type>> {
        parts.next_if(Rule::ty).map(|ty| self.ty(ty)).transpose()
    }

    /// The term inside an optional clause such as `take 400`.
    fn clause(&self, parts: &mut Parts, rule: Rule) -> Built<Option<Term>> {
        parts.next_if(rule).map(|clause| self.lone_term(clause)).transpose()
    }

    fn ty(&self, pair: Pair) -> Built<Type> {
        let mut parts = self.parts(pair);
        let span = parts.span;
        let support = self.name(parts.next()?);
        let args = parts.next_if(Rule::type_args).map_or(Ok(vec![]), |args| self.terms(args))?;
        let shape = match parts.next_if(Rule::shape) {
            Some(shape) => self.parts(shape).rest().map(|axis| self.lone_term(axis)).collect::<Built<_>>()?,
            None => vec![],
        };
        Ok(Type { support, args, shape, span })
    }

    fn entry(&self, pair: Pair) -> Built<Entry> {
        let mut parts = self.parts(pair);
        let span = parts.span;
        let (name, value) = (self.name(parts.next()?), self.term(parts.next()?)?);
        let randomness = match parts.next_if(Rule::where_clause) {
            Some(clause) => self.parts(clause).rest().map(|binding| self.binding(binding)).collect::<Built<_>>()?,
            None => vec![],
        };
        Ok(Entry { name, value, randomness, span })
    }

    fn binding(&self, pair: Pair) -> Built<(Name, Term)> {
        let mut parts = self.parts(pair);
        Ok((self.name(parts.next()?), self.term(parts.next()?)?))
    }

    fn item(&self, pair: Pair) -> Built<Item> {
        let pair = self.parts(pair).next()?;
        let rule = pair.as_rule();
        let mut parts = self.parts(pair);
        let span = parts.span;
        let observed = parts.next_if(Rule::observed).is_some();
        parts.next_if(Rule::hidden);
        let name = self.name(parts.next()?);
        match rule {
            Rule::input_item => Ok(Item::Input { name, ty: self.ty(parts.next()?)?, span }),
            Rule::param_item => self.param(name, parts),
            Rule::random_item => {
                let ty = self.optional_ty(&mut parts)?;
                Ok(Item::Random { observed, name, ty, likelihood: self.open_term(parts.next()?)?, span })
            }
            Rule::unit_item => Ok(Item::Unit { observed, name, ty: self.ty(parts.next()?)?, span }),
            Rule::energy_item => Ok(Item::Energy { name, value: self.term(parts.next()?)?, span }),
            _ => Ok(Item::Define { name, value: self.term(parts.next()?)?, span }),
        }
    }

    fn param(&self, name: Name, mut parts: Parts) -> Built<Item> {
        let ty = self.ty(parts.next()?)?;
        let prior = parts.next_if(Rule::prior).map(|prior| self.open_term(self.parts(prior).next()?)).transpose()?;
        let init = parts.next_if(Rule::initial).map(|init| self.init(self.parts(init).next()?)).transpose()?;
        Ok(Item::Param { name, ty, prior, init, span: parts.span })
    }

    fn init(&self, pair: Pair) -> Built<Init> {
        match pair.as_rule() {
            Rule::init_draw => self.lone_term(self.parts(pair).next()?).map(Init::Draw),
            _ => self.term(pair).map(Init::Value),
        }
    }

    fn column(&self, pair: Pair) -> Built<Column> {
        let mut parts = self.parts(pair);
        let span = parts.span;
        let name = self.name(parts.next()?);
        let ty = self.optional_ty(&mut parts)?;
        let source = self.term(parts.next()?)?;
        let (mut take, mut seed) = (None, None);
        for clause in parts.rest() {
            let slot = if clause.as_rule() == Rule::take_clause { &mut take } else { &mut seed };
            *slot = Some(self.lone_term(clause)?);
        }
        Ok(Column { name, ty, source, take, seed, span })
    }

    fn setting(&self, pair: Pair) -> Built<Setting> {
        let pair = self.parts(pair).next()?;
        let rule = pair.as_rule();
        let mut parts = self.parts(pair);
        if rule == Rule::pretrain {
            return self.pretrain(parts).map(Setting::Pretrain);
        }
        let (span, name) = (parts.span, self.name(parts.next()?));
        match rule {
            Rule::noise => self.noise(name, parts).map(Setting::Noise),
            _ => Ok(Setting::Option { key: name, values: self.terms(parts.next()?)?, span }),
        }
    }

    fn pretrain(&self, mut parts: Parts) -> Built<Pretrain> {
        let span = parts.span;
        let energies = parts.all(Rule::stacked).map(|stacked| self.stacked(stacked)).collect::<Built<_>>()?;
        let settings = parts.rest().map(|setting| self.setting(setting)).collect::<Built<_>>()?;
        Ok(Pretrain { energies, settings, span })
    }

    fn stacked(&self, pair: Pair) -> Built<Stacked> {
        let mut parts = self.parts(pair);
        let (span, model) = (parts.span, self.name(parts.next()?));
        let args = parts.next_if(Rule::arguments).map_or(Ok(vec![]), |args| self.arguments(args))?;
        Ok(Stacked { model, args, span })
    }

    fn noise(&self, target: Name, mut parts: Parts) -> Built<Noise> {
        let kind = parts.next()?;
        let (rule, mut inner) = (kind.as_rule(), self.parts(kind.clone()));
        let first = if rule == Rule::hole { self.open_term(kind)? } else { self.open_term(inner.next()?)? };
        let (injection, proposal) = match rule {
            Rule::hole => (Injection::Open, first),
            Rule::noise_add => (Injection::Add, first),
            Rule::noise_multiply => (Injection::Multiply, first),
            _ => {
                let (noise, proposal) = self.binding(inner.next()?)?;
                (Injection::Custom(Box::new(first), noise), proposal)
            }
        };
        let cooled = self.clause(&mut parts, Rule::cooled)?;
        let names = |pair| self.parts(pair).rest().map(|name| self.name(name)).collect();
        let through = parts.next_if(Rule::through).map_or(vec![], names);
        Ok(Noise { target, injection, proposal, cooled, through, span: parts.span })
    }
}

/// The children of a pair that carry meaning: no brackets, separators and keywords.
pub struct Parts<'p> {
    pairs: Peekable<vec::IntoIter<Pair<'p>>>,
    /// The place of the whole.
    pub span: Span,
}

impl<'p> Parts<'p> {
    /// The next child; the grammar promises that there is one.
    pub fn next(&mut self) -> Built<Pair<'p>> {
        self.pairs.next().ok_or_else(|| incomplete(self.span))
    }

    pub fn next_if(&mut self, rule: Rule) -> Option<Pair<'p>> {
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }

    /// The following children, as long as they are of this rule.
    fn all(&mut self, rule: Rule) -> impl Iterator<Item = Pair<'p>> {
        std::iter::from_fn(move || self.next_if(rule))
    }

    pub fn rest(self) -> impl Iterator<Item = Pair<'p>> {
        self.pairs
    }
}

fn incomplete(span: Span) -> Box<Diagnostic> {
    let error = Diagnostic::new(codes::SYNTAX, "this construct lacks a part").at(span, "cannot be read");
    Box::new(error.help("write it as the language reference shows it"))
}

fn is_mark(rule: Rule) -> bool {
    use Rule::*;
    let brackets = matches!(rule, open_paren | close_paren | close_square | open_brace | close_brace);
    let separators = matches!(rule, comma | colon | eq | tilde | dots | plus_eq | times_eq | left_arrow | right_arrow);
    brackets || separators || matches!(rule, EOI | same_line) || is_keyword(rule)
}

fn is_keyword(rule: Rule) -> bool {
    use Rule::*;
    let declarations = matches!(rule, kw_use | kw_fn | kw_likelihood | kw_layer | kw_model | kw_data | kw_train);
    let items = matches!(
        rule,
        kw_input | kw_param | kw_init | kw_observe | kw_latent | kw_return | kw_test | kw_noise | kw_pretrain
    );
    declarations
        || items
        || matches!(rule, kw_over | kw_on | kw_where | kw_take | kw_seed | kw_cooled | kw_through | kw_draw)
}

/// The text between the quotes. There are no escapes, so that a path reads as it is written.
pub fn unquoted(pair: &Pair) -> String {
    pair.as_str().trim_matches('"').to_string()
}

/// The `///` lines that end just before a declaration, without the slashes and one blank after them.
fn doc_above(before: &str) -> Doc {
    let (above, indent) = before.rsplit_once('\n')?;
    let lines = above
        .trim_start_matches('\u{FEFF}')
        .rsplit('\n')
        .map(|line| line.trim().strip_prefix("///"))
        .map_while(|line| line);
    let mut doc: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    doc.reverse();
    (!doc.is_empty() && indent.trim().is_empty()).then(|| doc.join("\n"))
}
