//! What to say where a text stops making sense.

use super::chunk::{Brackets, Mismatch, partner};
use super::grammar::{Failure, Rule};
use super::phrases;
use super::scan::{DECLARATION_WORDS, Kind, Token};
use crate::diag::{Diagnostic, codes, did_you_mean};
use crate::source::{FileId, Span};

/// The explanations, the most particular first; the first that fits is given.
const EXPLANATIONS: &[fn(&Scene) -> Option<Diagnostic>] = &[
    out_of_stack,
    hole,
    slip,
    stray,
    quotes,
    bracket,
    later,
    foreign,
    reserved,
    glued,
    no_value,
    setting_equals,
    comma,
    layer_draw,
    column_draw,
    equals_and_draws,
    entered_draw,
    entered_equals,
    not_a_declaration,
];

/// One error for a chunk that could not be read.
pub fn explain(rule: Rule, file: FileId, text: &str, tokens: &[Token], failure: &Failure) -> Diagnostic {
    let found = tokens.partition_point(|t| t.end <= failure.at);
    let scene = Scene { rule, file, text, tokens, found, expected: &failure.expected };
    EXPLANATIONS.iter().find_map(|explain| explain(&scene)).unwrap_or_else(|| unexpected(&scene))
}

/// The place where parsing stopped.
struct Scene<'a> {
    /// What was to be read.
    rule: Rule,
    file: FileId,
    text: &'a str,
    tokens: &'a [Token<'a>],
    /// The index of the token that does not fit; one past the last when more was needed.
    found: usize,
    expected: &'a [Rule],
}

impl<'a> Scene<'a> {
    fn token(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.found)
    }

    fn before(&self, steps: usize) -> Option<&Token<'a>> {
        self.found.checked_sub(steps).and_then(|i| self.tokens.get(i))
    }

    fn span(&self, token: &Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    fn error(&self, message: impl Into<String>, token: &Token, label: impl Into<String>) -> Diagnostic {
        Diagnostic::new(codes::SYNTAX, message).at(self.span(token), label)
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn wants_declaration(&self) -> bool {
        self.expects(Rule::decl) || self.expects(Rule::file)
    }

    /// Index of the first token on the line of the last token that fits.
    fn item_start(&self) -> usize {
        let line = self.before(1).or(self.token()).map_or(0, |t| t.line);
        self.tokens.partition_point(|t| t.line < line)
    }

    /// The tokens from there up to and including the one that does not fit, if it stands on the same line.
    fn item(&self) -> &'a [Token<'a>] {
        let same_line = self.token().zip(self.before(1)).is_none_or(|(t, before)| t.line == before.line);
        &self.tokens[self.item_start()..(self.found + usize::from(same_line)).min(self.tokens.len())]
    }

    /// An expression that stands alone.
    fn is_expression(&self) -> bool {
        matches!(self.rule, Rule::lone_term | Rule::entered)
    }

    /// The word that begins the declaration.
    fn declaration(&self) -> &'a str {
        match self.rule {
            Rule::settings => "train",
            _ => self.tokens.first().map_or("", |t| t.text),
        }
    }
}

fn out_of_stack(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().or(scene.tokens.last())?;
    scene.expected.is_empty().then(|| {
        Diagnostic::new(codes::TOO_DEEP, "this is nested too deeply to be read")
            .at(scene.span(token), "reading stopped here")
            .help("give names to the inner parts, and use the names")
    })
}

fn hole(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "?")?;
    let error = scene.error("`?` leaves a likelihood open, and none stands here", token, "not expected here");
    Some(error.help("a likelihood can be left open after `~` in a model, and noise after `noise y +=`"))
}

fn slip(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.kind == Kind::Symbol)?;
    let (_, message, help) = phrases::SLIPS.iter().find(|(symbol, ..)| *symbol == token.text)?;
    Some(scene.error(*message, token, "not a part of nem").help(*help))
}

fn stray(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.kind == Kind::Stray)?;
    let open = || {
        scene.error("this text has no closing quote", token, "begins here").help("close it with `\"` on the same line")
    };
    Some(match token.text.as_bytes() {
        [b'#', ..] => {
            scene.error("comments begin with `//`", token, "not a comment").help("write `// …` instead of `# …`")
        }
        [b'"', ..] => open(),
        [b'\'', inner @ .., b'\''] => scene
            .error("texts stand in double quotes", token, "not a text")
            .help(format!("write `\"{}\"`", String::from_utf8_lossy(inner))),
        _ => scene
            .error("`'` has no meaning in nem", token, "not expected here")
            .help("texts stand in double quotes: `\"a.csv\"`"),
    })
}

/// A quote that is missing earlier on the line: what follows it reads as texts where there are none, until one text is
/// left open.
fn quotes(scene: &Scene) -> Option<Diagnostic> {
    let line = scene.token()?.line;
    let open = scene.tokens.iter().find(|t| t.line == line && t.kind == Kind::Stray && t.text.starts_with('"'))?;
    let error = scene.error("the quotes on this line do not pair up", open, "opens a text that is never closed");
    Some(error.help("every text has a `\"` at both of its ends; one is missing on this line"))
}

/// A bracket that is missing or closes nothing, when that is why parsing stopped where it did.
fn bracket(scene: &Scene) -> Option<Diagnostic> {
    let mut open = Brackets::default();
    let faults = scene.tokens.iter().enumerate().find_map(|(i, t)| open.step(i, t).map(|fault| (i, fault)));
    match faults {
        Some((at, Mismatch::Unopened)) if at == scene.found => Some(unopened(scene)),
        Some((at, Mismatch::Unclosed(opening))) => unclosed(scene, opening, at),
        Some(_) => None,
        None => unclosed(scene, open.innermost()?, scene.tokens.len()),
    }
}

fn unopened(scene: &Scene) -> Diagnostic {
    let token = &scene.tokens[scene.found];
    let help = format!("leave it out, or write the missing `{}` before it", partner(token.text));
    scene.error(format!("this `{}` closes nothing", token.text), token, "nothing is open here").help(help)
}

fn unclosed(scene: &Scene, opening: usize, at: usize) -> Option<Diagnostic> {
    let opening_token = scene.tokens.get(opening)?;
    let closing = partner(opening_token.text);
    let rule = [(")", Rule::close_paren), ("]", Rule::close_square), ("}", Rule::close_brace)];
    let wanted = rule.iter().any(|(text, rule)| *text == closing && scene.expects(*rule));
    if opening >= scene.found || !(wanted || scene.found == at) {
        return None;
    }
    let message = format!("this `{}` is never closed", opening_token.text);
    let (place, label) = match scene.token() {
        Some(found) => (found, format!("expected `{closing}` before this")),
        None => (scene.tokens.last()?, format!("expected `{closing}` after this")),
    };
    let error = scene.error(message, place, label).related(scene.span(opening_token), "opened here");
    Some(error.help(format!("close it with `{closing}`")))
}

/// Words of later versions, where they are used as such and not as names.
fn later(scene: &Scene) -> Option<Diagnostic> {
    let last_line = scene.token().or(scene.tokens.last())?.line;
    let nearby = scene.tokens[scene.item_start()..].windows(2).take_while(|pair| pair[0].line <= last_line);
    nearby.filter(|pair| is_keyword(&pair[0], &pair[1])).find_map(|pair| {
        let (_, what) = phrases::LATER.iter().find(|(later, _)| *later == pair[0].text)?;
        let help = "this version has `use`, `fn`, `likelihood`, `layer`, `model`, `data` and `train`";
        Some(scene.error(format!("{what} are not in this version of nem"), &pair[0], "not known yet").help(help))
    })
}

fn is_keyword(word: &Token, next: &Token) -> bool {
    let followed_by_word = next.kind == Kind::Word && next.line == word.line;
    word.kind == Kind::Word && (followed_by_word || word.first_of_line && matches!(next.text, "-" | "("))
}

fn foreign(scene: &Scene) -> Option<Diagnostic> {
    let suspects = [scene.token(), scene.before(1)];
    suspects.into_iter().flatten().find_map(|token| {
        let (_, help) = phrases::FOREIGN.iter().find(|(word, _)| *word == token.text)?;
        let begins = token.first_of_line || scene.wants_declaration();
        begins.then(|| scene.error(format!("`{}` is not a word of nem", token.text), token, "not known").help(*help))
    })
}

/// A declaration word where a name is wanted.
fn reserved(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.begins_declaration() && scene.expects(Rule::name))?;
    let message = format!("`{}` begins declarations and cannot be a name", token.text);
    Some(scene.error(message, token, "expected a name").help("choose another name"))
}

/// `2x` and `1.`: a number that runs into something else.
fn glued(scene: &Scene) -> Option<Diagnostic> {
    let number = scene.token().filter(|t| t.kind == Kind::Number)?;
    let next = scene.tokens.get(scene.found + 1).filter(|t| t.gap == 0 && t.start == number.end)?;
    (next.kind == Kind::Word).then(|| {
        let both = Span::new(scene.file, number.start, next.end);
        Diagnostic::new(codes::SYNTAX, "a number runs into a name").at(both, "neither a number nor a name").help(
            format!("write `{} * {}` for a product; a name cannot begin with a digit", number.text, shorten(next.text)),
        )
    })
}

/// A setting whose line ends after its key.
fn no_value(scene: &Scene) -> Option<Diagnostic> {
    let key = scene.before(1).filter(|_| scene.expects(Rule::same_line))?;
    let message = format!("the setting `{}` has no value", shorten(key.text));
    Some(scene.error(message, key, "expected a value after this").help("key and value stand on one line: `epochs 40`"))
}

/// `epochs = 40`
fn setting_equals(scene: &Scene) -> Option<Diagnostic> {
    let key = scene.before(1).filter(|t| t.kind == Kind::Word && scene.declaration() == "train")?;
    let token = scene.token().filter(|t| t.text == "=" && t.line == key.line)?;
    let error = scene.error("a setting is written without `=`", token, "not needed");
    Some(error.help(format!("write `{} …`, with the value right after the name, as in `epochs 40`", shorten(key.text))))
}

/// A comma between the items of a body.
fn comma(scene: &Scene) -> Option<Diagnostic> {
    let after_key = scene.before(2).filter(|t| t.text == "," && scene.expects(Rule::setting));
    let here = scene.token().filter(|t| t.text == "," && scene.expects(Rule::close_brace));
    let comma = here.or(after_key)?;
    let error = scene.error("a comma does not separate the items of a body", comma, "one comma too many");
    Some(error.help("leave it out: a new line, or just blanks, separate items"))
}

/// `h ~ …` in a layer.
fn layer_draw(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "~" && scene.declaration() == "layer")?;
    let error = scene.error("a layer draws nothing", token, "expected `=`");
    Some(error.help("define with `=` here, and draw in the model: `h ~ bernoulli(logistic(affine(x, 10)))`"))
}

/// `x: real ~ …` in data.
fn column_draw(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "~" && scene.declaration() == "data")?;
    let error = scene.error("a column is made with `=`", token, "expected `=`");
    Some(error.help("random columns are drawn: `x: real = draw uniform(0, 6) take 200`"))
}

/// `h = ~ …`
fn equals_and_draws(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "~" && scene.before(1).is_some_and(|b| b.text == "="))?;
    let error = scene.error("`=` defines and `~` draws: one of them is too many", token, "not after `=`");
    Some(error.help("`h ~ bernoulli(p)` draws, `s = x @ W` defines"))
}

/// `x ~ …` at a prompt.
fn entered_draw(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "~" && scene.is_expression())?;
    let error = scene.error("random variables belong to models", token, "not in an expression");
    Some(error.help("for a draw, write `x = draw gaussian(0, 1)`; for the distribution itself, `x = gaussian(0, 1)`"))
}

/// `f(x) = …` at a prompt.
fn entered_equals(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|t| t.text == "=" && scene.is_expression())?;
    let error = scene.error("what stands before `=` here is no name", token, "not after an expression");
    Some(error.help("a value is kept like this: `x = 3 * 2`; a function is declared like this: `fn half(x) = x / 2`"))
}

fn not_a_declaration(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|_| scene.wants_declaration())?;
    let known = DECLARATION_WORDS.iter().copied().filter(|word| *word != "cell");
    let wanted = if scene.expects(Rule::add) { "an operator or a new declaration" } else { "a declaration" };
    let message = format!("expected {wanted}, found {}", found(token));
    let error = scene.error(message, token, "a declaration begins with a word such as `model`");
    let all = "declarations begin with `use`, `fn`, `likelihood`, `layer`, `model`, `data` or `train`";
    Some(
        error.help(
            did_you_mean(&shorten(token.text), known).map_or(all.into(), |word| format!("did you mean `{word}`?")),
        ),
    )
}

/// The general case: what could have stood there, and how the construct should look.
fn unexpected(scene: &Scene) -> Diagnostic {
    let expected = phrases::expected(scene.expected).unwrap_or_else(|| "something else".into());
    let (expected, whole) = match scene.is_expression() {
        true => (expected.replace("the end of the file", "the end"), "expression"),
        false => (expected, "declaration"),
    };
    let error = match (scene.token(), scene.tokens.last()) {
        (Some(token), _) => {
            scene.error(format!("expected {expected}, found {}", found(token)), token, format!("expected {expected}"))
        }
        (None, Some(last)) => scene.error(
            format!("expected {expected}, but the {whole} ends here"),
            last,
            format!("expected {expected} after this"),
        ),
        (None, None) => {
            let end = Span::new(scene.file, 0, scene.text.len());
            Diagnostic::new(codes::SYNTAX, format!("expected {expected}")).at(end, "nothing is here")
        }
    };
    match help(scene) {
        Some(help) => error.help(help),
        None => error,
    }
}

/// What is missing, or how the item in question should look, or how the whole declaration should look.
fn help(scene: &Scene) -> Option<String> {
    let of_item = scene.item().iter().rev().filter(|t| !t.begins_declaration()).find_map(|t| phrases::example(t.text));
    let missing = phrases::MISSING.iter().find(|(rule, _)| scene.expects(*rule)).map(|(_, help)| help.to_string());
    let expression = scene.is_expression().then(|| phrases::EXPRESSION.to_string());
    expression.or(missing).or(of_item).or_else(|| phrases::example(scene.declaration()))
}

fn found(token: &Token) -> String {
    match token.kind {
        Kind::Number => format!("the number `{}`", shorten(token.text)),
        Kind::Text => format!("the text `{}`", shorten(token.text)),
        Kind::Word if token.begins_declaration() => format!("the declaration word `{}`", token.text),
        _ if token.text.chars().all(char::is_control) => "a control character".into(),
        _ => format!("`{}`", shorten(token.text)),
    }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 30;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
