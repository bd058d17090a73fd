//! The config file: how the prompt looks and behaves.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Problems, codes, paths};
use crate::source::{FileId, SourceFile, Sources, Span};

/// What holds where nothing is said is in `default`.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub colour: Colour,
    /// How many inputs are remembered.
    pub history: usize,
    pub edit_mode: EditMode,
    /// What is entered first, in the place of `init.nem` beside the config file.
    pub init: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditMode {
    Emacs,
    Vi,
}

impl Default for Config {
    fn default() -> Self {
        Config { colour: Colour::Auto, history: 10_000, edit_mode: EditMode::Emacs, init: None }
    }
}

impl Config {
    /// Whether what goes to this stream is coloured.
    pub fn colours(&self, stream: &impl IsTerminal) -> bool {
        match self.colour {
            Colour::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

struct Key {
    name: &'static str,
    /// How it looks, for messages.
    form: &'static str,
    read: fn(&mut Config, &DeValue) -> Option<()>,
}

const KEYS: &[Key] = &[
    Key {
        name: "colour",
        form: "colour = \"auto\"`, `\"always\"` or `\"never\"",
        read: |c, v| choice(v, COLOURS).map(|x| c.colour = x),
    },
    Key { name: "history", form: "history = 10000", read: |c, v| count(v).map(|n| c.history = n) },
    Key {
        name: "edit_mode",
        form: "edit_mode = \"emacs\"` or `\"vi\"",
        read: |c, v| choice(v, EDIT_MODES).map(|x| c.edit_mode = x),
    },
    Key {
        name: "init",
        form: "init = \"init.nem\"",
        read: |c, v| v.as_str().map(|path| c.init = Some(PathBuf::from(path))),
    },
];

const COLOURS: &[(&str, Colour)] = &[("auto", Colour::Auto), ("always", Colour::Always), ("never", Colour::Never)];
const EDIT_MODES: &[(&str, EditMode)] = &[("emacs", EditMode::Emacs), ("vi", EditMode::Vi)];

fn choice<T: Copy>(value: &DeValue, choices: &[(&str, T)]) -> Option<T> {
    let word = value.as_str()?;
    choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice)
}

fn count(value: &DeValue) -> Option<usize> {
    let integer = value.as_integer()?;
    usize::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Reads a file, which there need not be. A path in it starts from its folder.
pub fn load(path: &Path) -> (Config, Problems, Sources) {
    let mut sources = Sources::default();
    let (mut config, problems) = match std::fs::read_to_string(path) {
        Ok(text) => {
            let file = sources.add(SourceFile { name: path.display().to_string(), text: text.clone() });
            read(file, &text)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Config::default(), Problems::new()),
        Err(error) => (Config::default(), unreadable(path, &error).into()),
    };
    config.init = config.init.map(|init| path.parent().map_or(init.clone(), |folder| folder.join(&init)));
    (config, problems, sources)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let (why, help) = paths::unreadable(path, error);
    Diagnostic::new(codes::USAGE, format!("the config file `{}` {why}", path.display())).help(help)
}

/// What a text sets. Everything wrong is told, and what is right holds. Errors: `USAGE`.
pub fn read(file: FileId, text: &str) -> (Config, Problems) {
    let (mut config, mut problems) = (Config::default(), Problems::new());
    match DeTable::parse(text) {
        Ok(table) => {
            let entries = table.get_ref().iter();
            entries.filter_map(|(key, value)| set(&mut config, file, key, value)).for_each(|d| problems.push(d));
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let problem = Diagnostic::new(codes::USAGE, "the config file is not TOML here");
            problems.push(problem.at(Span::new(file, span.start, span.end), error.message()).help(forms()));
        }
    }
    (config, problems)
}

/// Sets one key, or says why not.
fn set(
    config: &mut Config,
    file: FileId,
    key: &Spanned<std::borrow::Cow<str>>,
    value: &Spanned<DeValue>,
) -> Option<Diagnostic> {
    let at = |span: std::ops::Range<usize>| Span::new(file, span.start, span.end);
    let name = key.get_ref().as_ref();
    let Some(known) = KEYS.iter().find(|known| known.name == name) else {
        let problem = Diagnostic::new(codes::USAGE, format!("the config file has no key `{name}`"));
        return Some(problem.at(at(key.span()), "not known").suggest(name, KEYS.iter().map(|k| k.name)));
    };
    let wrong = || {
        Diagnostic::new(codes::USAGE, format!("`{name}` cannot have this value"))
            .at(at(value.span()), "not a value of this key")
            .help(format!("write `{}`", known.form))
    };
    (known.read)(config, value.get_ref()).is_none().then(wrong)
}

fn forms() -> String {
    format!("a line is such as `{}`", KEYS[1].form)
}
