//! Answers that survive a fault of nem itself.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::input;
use crate::prompt::{Listener, Next, Prompt};

/// What is known of a panic while an answer is worked out, on whichever thread.
#[derive(Default)]
struct Fault {
    answering: bool,
    /// What the first panic said, and where it was.
    cause: Option<String>,
}

static FAULT: Mutex<Fault> = Mutex::new(Fault { answering: false, cause: None });

fn fault() -> MutexGuard<'static, Fault> {
    FAULT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps panics in answers from being printed where they arise: the prompt tells of them in its own words.
pub fn hush() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let mut fault = fault();
        match fault.answering {
            true => {
                fault.cause.get_or_insert_with(|| panic.to_string());
            }
            false => usual(panic),
        }
    }));
}

/// Answers one input. Comments alone are none.
pub fn answer(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Next {
    if !input::has_code(text) {
        return Next::Go;
    }
    let answered = guarded(text, || prompt.enter(text, listener));
    answered.unwrap_or_else(|fault| {
        prompt.failed = true;
        listener.tell(&fault);
        Next::Go
    })
}

/// Runs what answers an input. A panic in it is told as what it is, and ends nothing but this answer.
pub fn guarded<T>(text: &str, answer: impl FnOnce() -> T) -> Result<T, String> {
    *fault() = Fault { answering: true, cause: None };
    let answered = catch_unwind(AssertUnwindSafe(answer));
    let Fault { cause, .. } = std::mem::take(&mut *fault());
    answered.map_err(|payload| {
        let said = payload.downcast_ref::<&str>().map(|s| s.to_string());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
        told(text, &cause.or(said).unwrap_or_else(|| "nothing is known of the cause".into()))
    })
}

fn told(text: &str, cause: &str) -> String {
    let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "fault: nem failed while it answered\n{}  because\n{}help: this is a fault of nem, not of what was entered; \
         please report it. `:save FILE` keeps the session, which goes on\n",
        indented(text),
        indented(cause)
    )
}
