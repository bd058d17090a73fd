//! Whether training is asked to stop: it then ends after the step that it is at, and keeps the parameters of its last whole epoch.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diag::{Diagnostic, codes};

/// What is said of results that came of it.
pub const TOLD: &str = "stopped: the networks are those of the last whole epoch of each run; runs that had begun are compared at the \
                        last epoch that all of them reached";

/// What a shell makes of a program that was interrupted.
pub const INTERRUPTED: i32 = 130;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Asks all training to stop; whether it was asked before. May be called from a signal handler.
pub fn request() -> bool {
    REQUESTED.swap(true, Ordering::Relaxed)
}

/// Takes the request back, before training begins.
pub fn clear() {
    REQUESTED.store(false, Ordering::Relaxed);
}

pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Errors: `STOPPED` where somebody asked for that.
pub fn check() -> Result<(), Diagnostic> {
    if !is_requested() {
        return Ok(());
    }
    Err(Diagnostic::new(codes::STOPPED, "stopped before there was a result").help("ask again, or for less"))
}

/// From now on the first Ctrl-C asks training to stop and is noticed, and the second one leaves. Where signals cannot be caught, each
/// leaves.
pub fn on_interrupt(notice: impl Fn() + Send + 'static) {
    let _ = ctrlc::set_handler(move || {
        if request() {
            std::process::exit(INTERRUPTED);
        }
        notice();
    });
}
