//! Whether training is asked to stop: it then ends after the step that it is at, and keeps the parameters of its last whole epoch.

use std::sync::atomic::{AtomicBool, Ordering};

/// What is said of results that came of it.
pub const TOLD: &str = "stopped: the networks are those of the last whole epoch of each run";

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Asks all training to stop. May be called from a signal handler.
pub fn request() {
    REQUESTED.store(true, Ordering::Relaxed);
}

/// Takes the request back, before training begins.
pub fn clear() {
    REQUESTED.store(false, Ordering::Relaxed);
}

pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}
