//! Answers that survive a fault of nem itself.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use super::input;
use crate::prompt::{Listener, Next, Prompt};

thread_local! {
    /// What the last panic of this thread said, and where it was.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics from being printed where they arise: the prompt tells of them in its own words.
pub fn hush() {
    panic::set_hook(Box::new(|panic| LAST.with(|last| *last.borrow_mut() = Some(panic.to_string()))));
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
    LAST.with(|last| *last.borrow_mut() = None);
    catch_unwind(AssertUnwindSafe(answer)).map_err(|payload| {
        let said = payload.downcast_ref::<&str>().map(|s| s.to_string());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
        let known = LAST.with(|last| last.borrow_mut().take()).or(said);
        fault(text, &known.unwrap_or_else(|| "nothing is known of the cause".into()))
    })
}

fn fault(text: &str, cause: &str) -> String {
    let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "fault: nem failed while it answered\n{}  because\n{}help: this is a fault of nem, not of what was entered; \
         please report it. `:save FILE` keeps the session, which goes on\n",
        indented(text),
        indented(cause)
    )
}
