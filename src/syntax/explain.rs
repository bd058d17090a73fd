//! What to say where a text stops making sense.

use super::chunk::{Brackets, Mismatch, partner};
use super::grammar::{Failure, Rule};
use super::phrases;
use super::scan::{DECLARATION_WORDS, Kind, Token};
use crate::diag::{Diagnostic, codes, did_you_mean};
use crate::source::{FileId, Span};

/// The explanations, the most particular first; the first that fits is given.
const EXPLANATIONS: &[fn(&Scene) -> Option<Diagnostic>] =
    &[out_of_stack, slip, stray, bracket, later, foreign, reserved, glued, not_a_declaration];

/// One error for a chunk that could not be read.
pub fn explain(file: FileId, text: &str, tokens: &[Token], failure: &Failure) -> Diagnostic {
    let found = tokens.partition_point(|t| t.end <= failure.at);
    let scene = Scene { file, text, tokens, found, expected: &failure.expected };
    EXPLANATIONS.iter().find_map(|explain| explain(&scene)).unwrap_or_else(|| unexpected(&scene))
}

/// The place where parsing stopped.
struct Scene<'a> {
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

    /// The tokens from the start of the item in question up to the one that does not fit: those of its line, or of the
    /// line before when nothing else stands on its own.
    fn item(&self) -> &'a [Token<'a>] {
        let end = (self.found + 1).min(self.tokens.len());
        let last = self.found.min(self.tokens.len()).saturating_sub(usize::from(self.found > 0 && self.starts_line()));
        let line = self.tokens.get(last.min(end.saturating_sub(1))).map_or(0, |t| t.line);
        let start = self.tokens[..end].iter().position(|t| t.line == line).unwrap_or(0);
        &self.tokens[start..end]
    }

    fn starts_line(&self) -> bool {
        self.token().is_none_or(|t| t.first_of_line)
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
    let item = scene.item();
    item.iter().enumerate().find_map(|(i, token)| {
        let (_, what) = phrases::LATER.iter().find(|(word, _)| *word == token.text && token.kind == Kind::Word)?;
        let next = item.get(i + 1).filter(|next| next.kind == Kind::Word || scene.span(next).start > token.end);
        let as_keyword = next.is_some_and(|t| !matches!(t.text, "=" | "~" | ":" | "," | ")" | "{" | "+" | "*" | "/"));
        (as_keyword || token.text == "cell").then(|| {
            scene
                .error(format!("{what} are not in this version of nem"), token, "not known yet")
                .help("this version has `use`, `fn`, `likelihood`, `layer`, `model`, `data` and `train`")
        })
    })
}

fn foreign(scene: &Scene) -> Option<Diagnostic> {
    let suspects = [scene.token(), scene.before(1)];
    suspects.into_iter().flatten().find_map(|token| {
        let (_, help) = phrases::FOREIGN.iter().find(|(word, _)| *word == token.text)?;
        let begins = token.first_of_line || scene.expects(Rule::decl);
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

fn not_a_declaration(scene: &Scene) -> Option<Diagnostic> {
    let token = scene.token().filter(|_| scene.expects(Rule::decl))?;
    let known = DECLARATION_WORDS.iter().copied().filter(|word| *word != "cell");
    let message = format!("expected a declaration, found {}", found(token));
    let error = scene.error(message, token, "a declaration begins with a word such as `model`");
    let all = "declarations begin with `use`, `fn`, `likelihood`, `layer`, `model`, `data` or `train`";
    Some(error.help(did_you_mean(token.text, known).map_or(all.into(), |word| format!("did you mean `{word}`?"))))
}

/// The general case: what could have stood there, and how the construct should look.
fn unexpected(scene: &Scene) -> Diagnostic {
    let expected = phrases::expected(scene.expected).unwrap_or_else(|| "something else".into());
    let error = match (scene.token(), scene.tokens.last()) {
        (Some(token), _) => {
            scene.error(format!("expected {expected}, found {}", found(token)), token, format!("expected {expected}"))
        }
        (None, Some(last)) => scene.error(
            format!("expected {expected}, but the declaration ends here"),
            last,
            format!("expected {expected} after this"),
        ),
        (None, None) => {
            let end = Span::new(scene.file, 0, scene.text.len());
            Diagnostic::new(codes::SYNTAX, format!("expected {expected}")).at(end, "nothing is here")
        }
    };
    match missing(scene).or_else(|| example(scene)) {
        Some(help) => error.help(help),
        None => error,
    }
}

fn missing(scene: &Scene) -> Option<String> {
    phrases::MISSING.iter().find(|(rule, _)| scene.expects(*rule)).map(|(_, help)| help.to_string())
}

/// How the item in question should look, or else the whole declaration.
fn example(scene: &Scene) -> Option<String> {
    let of_item = scene.item().iter().find_map(|t| phrases::example(t.text));
    of_item.or_else(|| scene.tokens.first().and_then(|t| phrases::example(t.text)))
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
