//! The command line: what can be asked for, and in which form the answer comes.

mod audit;
mod crew;
mod derive;
mod eval;
mod eval_energy;
mod noise;
mod recall;
mod region;
mod run_folder;
mod subject;
mod tools;
mod train;
mod verify;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diag::{self, Diagnostic, Problems, codes};
use crate::repl;
use crate::source::Sources;

/// Declare layers by their likelihoods; nem derives the gradients and the noise that helps.
///
/// Without a command nem opens a prompt, or reads a script from standard input.
#[derive(Parser)]
#[command(name = "nem", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Answer what could be entered at the prompt, and leave; may be given several times
    #[arg(short, long, value_name = "INPUT", allow_hyphen_values = true)]
    eval: Vec<String>,
    /// Do not enter the init file
    #[arg(long)]
    no_init: bool,
    /// How problems are told.
    #[arg(long, global = true, value_enum, default_value = "text")]
    message_format: MessageFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum MessageFormat {
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Print what follows from a likelihood or a model: scores, gradients, noise conditions, regions
    Derive(derive::Derive),
    /// Draw noise that lies in a region of a likelihood or a model
    Noise(noise::Noise),
    /// Draw a picture of a region of noise
    Region(region::Region),
    /// Check what was derived against numbers: densities, scores, regions and draws of likelihoods, gradients of models
    Verify(verify::Verify),
    /// Train the arms that a program compares, and judge them
    Train(train::Train),
    /// Evaluate the networks of a finished run on data
    Eval(eval::Eval),
    /// Recall data from parts of it, or from distorted data, by descending the energy of a finished run
    Recall(recall::Recall),
    /// Tell whether the noise of a finished run did what the theory says
    Audit(audit::Audit),
    /// Check a program without running it
    Check(FileArg),
    /// Lay a program out in the canonical way
    Fmt(tools::Fmt),
    /// Show a stage of the compiler
    Inspect(tools::Inspect),
}

#[derive(Args)]
struct FileArg {
    /// The program
    file: PathBuf,
}

/// Why a command ended without its answer: problems, and the sources they speak of.
struct Failure {
    problems: Problems,
    sources: Sources,
}

type Outcome = Result<(), Failure>;

pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let format = match cli.message_format {
        MessageFormat::Text => diag::MessageFormat::Text,
        MessageFormat::Json => diag::MessageFormat::Json,
    };
    let Some(command) = cli.command else {
        return repl::run(&repl::Options { eval: cli.eval, init: !cli.no_init, messages: format });
    };
    if !cli.eval.is_empty() || cli.no_init {
        tell(&without_prompt().into(), &Sources::default(), format);
        return ExitCode::from(2);
    }
    let outcome = match command {
        Command::Derive(command) => command.run(format),
        Command::Noise(command) => command.run(format),
        Command::Region(command) => command.run(format),
        Command::Verify(command) => command.run(format),
        Command::Train(command) => command.run(format),
        Command::Eval(command) => command.run(format),
        Command::Recall(command) => command.run(format),
        Command::Audit(command) => command.run(format),
        Command::Check(command) => tools::check(&command.file, format),
        Command::Fmt(command) => command.run(),
        Command::Inspect(command) => command.run(format),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure.problems, &failure.sources, format);
            ExitCode::FAILURE
        }
    }
}

fn without_prompt() -> Diagnostic {
    Diagnostic::new(codes::USAGE, "`--eval` and `--no-init` are for the prompt, which a command does not open")
        .help("give either a command or these")
}

/// Help and version are answers; anything else is a problem like any other, with a code and a remedy.
fn refuse(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    let text = error.to_string();
    let (message, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let lines = rest.lines().map(|l| l.trim().trim_start_matches("tip: "));
    let remedy: Vec<&str> = lines.filter(|l| !l.is_empty()).collect();
    let diagnostic = Diagnostic::new(codes::USAGE, message.trim_start_matches("error: ")).help(remedy.join("; "));
    let json = std::env::args().any(|a| a == "json" || a == "--message-format=json");
    let format = if json { diag::MessageFormat::Json } else { diag::MessageFormat::Text };
    tell(&diagnostic.into(), &Sources::default(), format);
    ExitCode::from(2)
}

/// Writes a line (or several) to standard output. A reader that has seen enough, such as `head`, ends the program quietly.
fn say(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Writes problems to standard error.
fn tell(problems: &Problems, sources: &Sources, format: diag::MessageFormat) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let _ = write!(std::io::stderr(), "{}", diag::render(problems, sources, format, colour));
}

/// One a core.
fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}
