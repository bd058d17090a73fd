//! A person at a terminal.

use std::io;
use std::process::ExitCode;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Editor, Event, EventHandler, KeyCode, KeyEvent, Modifiers};

use super::answer_all;
use super::config::{Config, EditMode};
use super::helper::Assistant;
use super::history::{HistoryFile, Kept};
use super::keys::{Backspace, Enter, INDENT};
use super::screen::{self, Screen};
use super::script::Inputs;
use crate::diag::{Diagnostic, codes};
use crate::prompt::{Listener, Next, Prompt, Style};
use crate::train::stop;

pub const PROMPT: &str = "nem> ";

type Line = Editor<Assistant, FileHistory>;

/// Asks and answers until one leaves.
pub fn run(prompt: Prompt, config: &Config, screen: &mut Screen) -> ExitCode {
    let style = prompt.style;
    let opened = editor(prompt, config).map(|editor| Terminal { editor, history: HistoryFile::new(), screen, style });
    match opened.map_err(unusable).and_then(|mut terminal| terminal.converse().map_err(unusable)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprint!("{}", style.bare(problem));
            ExitCode::FAILURE
        }
    }
}

struct Terminal<'s> {
    editor: Line,
    history: HistoryFile,
    screen: &'s mut Screen,
    style: Style,
}

impl Terminal<'_> {
    fn converse(&mut self) -> rustyline::Result<()> {
        screen::write(concat!("nem ", env!("CARGO_PKG_VERSION"), " — :help for help, :tour for a tour\n"));
        let loaded = self.history.load(&mut self.editor);
        self.warn(loaded);
        stop::on_interrupt(|| screen::notice("stopping as soon as possible; Ctrl-C again leaves nem"));
        while let Some(text) = self.ask()? {
            if !text.trim().is_empty() && self.answer(&text) == Next::Quit {
                break;
            }
        }
        Ok(())
    }

    /// The next input; nothing when one leaves. Ctrl-C abandons what was written.
    fn ask(&mut self) -> rustyline::Result<Option<String>> {
        match self.editor.readline(PROMPT) {
            Ok(text) => Ok(Some(text)),
            Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
            Err(ReadlineError::Eof) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps an input before it is answered, whatever the answer does. What is pasted may be several inputs.
    fn answer(&mut self, text: &str) -> Next {
        let kept = self.history.keep(&mut self.editor, text);
        self.warn(kept);
        stop::clear();
        let Some(assistant) = self.editor.helper_mut() else { return Next::Quit };
        let next = answer_all(&mut assistant.prompt, Inputs::new(text.as_bytes()), None, self.screen);
        self.screen.take_back();
        next
    }

    fn warn(&mut self, kept: Kept) {
        if let Err(warning) = kept {
            self.screen.tell(&self.style.bare(*warning));
        }
    }
}

/// How long Esc may be the beginning of another key, in milliseconds, where it is a key of its own.
const ESCAPE: u16 = 50;

fn editor(prompt: Prompt, config: &Config) -> rustyline::Result<Line> {
    let coloured = config.colours(&io::stdout());
    let (mode, escape) = match config.edit_mode {
        EditMode::Emacs => (rustyline::EditMode::Emacs, None),
        EditMode::Vi => (rustyline::EditMode::Vi, Some(ESCAPE)),
    };
    let settings = rustyline::Config::builder()
        .color_mode(if coloured { ColorMode::Forced } else { ColorMode::Disabled })
        .edit_mode(mode)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .max_history_size(config.history)?
        .history_ignore_dups(true)?
        .keyseq_timeout(escape)
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

fn unusable(error: ReadlineError) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("the terminal cannot be used: {error}"))
        .help("pipe a script into `nem`, or give inputs by `nem -e`")
}
