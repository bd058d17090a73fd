//! A person at a terminal.

use std::io;
use std::process::ExitCode;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Editor, Event, EventHandler, KeyCode, KeyEvent, Modifiers};

use super::config::{Config, EditMode};
use super::helper::Assistant;
use super::history::HistoryFile;
use super::keys::{Backspace, Enter, INDENT};
use super::screen::{self, Screen};
use super::{answer, interrupt};
use crate::diag::{Diagnostic, codes};
use crate::prompt::{Listener, Next, Prompt, bare};

type Line = Editor<Assistant, FileHistory>;

/// Asks and answers until one leaves.
pub fn run(prompt: Prompt, config: &Config, screen: &mut Screen) -> ExitCode {
    let colour = prompt.colour;
    match editor(prompt, config).and_then(|mut editor| converse(&mut editor, colour, screen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen.tell(&bare(unusable(&error), colour));
            ExitCode::FAILURE
        }
    }
}

fn converse(editor: &mut Line, colour: bool, screen: &mut Screen) -> rustyline::Result<()> {
    let mut history = HistoryFile::new();
    let warn = |kept: Result<(), Box<Diagnostic>>, screen: &mut Screen| {
        if let Err(warning) = kept {
            screen.tell(&bare(*warning, colour));
        }
    };
    screen::write(concat!("nem ", env!("CARGO_PKG_VERSION"), " — :help for help, :tour for a tour\n"));
    warn(history.load(editor), screen);
    interrupt::install();
    while let Some(text) = ask(editor)? {
        if text.trim().is_empty() {
            continue;
        }
        warn(history.keep(editor, &text), screen);
        interrupt::clear();
        let Some(assistant) = editor.helper_mut() else { break };
        let next = answer(&mut assistant.prompt, &text, screen);
        screen.clear();
        if next == Next::Quit {
            break;
        }
    }
    Ok(())
}

/// The next input; nothing when one leaves. Ctrl-C abandons what was written.
fn ask(editor: &mut Line) -> rustyline::Result<Option<String>> {
    match editor.readline("nem> ") {
        Ok(text) => Ok(Some(text)),
        Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
        Err(ReadlineError::Eof) => Ok(None),
        Err(error) => Err(error),
    }
}

fn editor(prompt: Prompt, config: &Config) -> rustyline::Result<Line> {
    let coloured = config.colours(&io::stdout());
    let mode = match config.edit_mode {
        EditMode::Emacs => rustyline::EditMode::Emacs,
        EditMode::Vi => rustyline::EditMode::Vi,
    };
    let settings = rustyline::Config::builder()
        .color_mode(if coloured { ColorMode::Forced } else { ColorMode::Disabled })
        .edit_mode(mode)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .max_history_size(config.history)?
        .history_ignore_dups(true)?
        .indent_size(INDENT)
        .build();
    let mut editor = Editor::with_config(settings)?;
    editor.set_helper(Some(Assistant::new(prompt, coloured)));
    editor.bind_sequence(key(KeyCode::Enter), EventHandler::Conditional(Box::new(Enter)));
    editor.bind_sequence(key(KeyCode::Backspace), EventHandler::Conditional(Box::new(Backspace)));
    Ok(editor)
}

fn key(code: KeyCode) -> Event {
    Event::from(KeyEvent(code, Modifiers::NONE))
}

fn unusable(error: &ReadlineError) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("the terminal cannot be used: {error}"))
        .help("pipe a script into `nem`, or give inputs by `nem -e`")
}
