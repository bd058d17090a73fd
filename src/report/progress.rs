//! Progress of a training run on the terminal: one bar for everything, one line for each worker.

use std::{borrow::Cow, io::IsTerminal};

use crate::train::record::Epoch;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bars of one experiment. Nothing is drawn when stderr is not a terminal or when told to be quiet; every call is
/// then free of effect.
pub struct Progress {
    all: MultiProgress,
    overall: ProgressBar,
}

/// The line of one worker; its thread owns it.
pub struct Worker {
    line: ProgressBar,
    overall: ProgressBar,
}

const OVERALL: &str = "{bar:30} {percent:>3} % of {len} epochs, {elapsed} so far, {eta} to go";
const LINE: &str = "  {msg}";

impl Progress {
    /// `total_epochs`: epochs an arm × arms × seeds.
    pub fn new(total_epochs: usize, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let all = MultiProgress::with_draw_target(target);
        let overall = all.add(ProgressBar::new(total_epochs as u64).with_style(style(OVERALL)));
        Progress { all, overall }
    }

    /// A line for one more worker, below the others.
    pub fn worker(&self) -> Worker {
        let line = self.all.add(ProgressBar::new_spinner().with_style(style(LINE)));
        Worker { line, overall: self.overall.clone() }
    }

    /// Takes the bars away, so that the report starts on a clean line.
    pub fn finish(&self) {
        self.overall.finish_and_clear();
    }
}

impl Worker {
    /// One more epoch done.
    pub fn tick(&self, arm: &str, seed: u64, epoch: &Epoch) {
        self.overall.inc(1);
        self.line.set_message(message(arm, seed, epoch));
    }

    /// One more epoch begun, told in these words.
    pub fn begin(&self, what: &str) {
        self.overall.inc(1);
        self.line.set_message(what.to_string());
    }

    /// The run ended before its time, `epochs` before: these are not waited for.
    pub fn skip(&self, epochs: usize) {
        self.overall.inc(epochs as u64);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

fn message(arm: &str, seed: u64, e: &Epoch) -> Cow<'static, str> {
    let test = e.test_loss.map_or(String::new(), |loss| format!("  test {loss:.4}"));
    let used = e.accepted.map_or(String::new(), |share| format!("  noise used {:.0} %", 100.0 * share));
    format!("{arm:<6} seed {seed:<4} epoch {:<5} loss: training {:.4}{test}{used}", e.epoch, e.train_loss).into()
}

fn style(template: &'static str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_valid() {
        assert!([OVERALL, LINE].iter().all(|t| ProgressStyle::with_template(t).is_ok()));
    }

    #[test]
    fn several_threads_count_into_one_bar() {
        let progress = Progress::new(40, true);
        std::thread::scope(|scope| {
            for seed in 0..4 {
                let worker = progress.worker();
                scope.spawn(move || {
                    (1..=8).for_each(|epoch| worker.tick("nem", seed, &Epoch { epoch, ..Epoch::default() }));
                    worker.skip(2);
                });
            }
        });
        assert_eq!(progress.overall.position(), 40);
        progress.finish();
    }
}
