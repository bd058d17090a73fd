//! Ctrl-C while an answer is worked out. At the prompt itself it is a key like others.

use std::sync::atomic::{AtomicBool, Ordering};

use super::screen::notice;
use crate::train::stop;

/// Whether the present answer has been interrupted.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What a shell makes of a program that was interrupted.
const STATUS: i32 = 130;

/// From now on the first Ctrl-C asks training to stop, and the second one leaves. Where signals cannot be caught, each leaves.
pub fn install() {
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(STATUS);
        }
        stop::request();
        notice("stopping as soon as possible; Ctrl-C again leaves nem");
    });
}

/// Forgets what was interrupted, before the next answer.
pub fn clear() {
    INTERRUPTED.store(false, Ordering::Relaxed);
    stop::clear();
}
