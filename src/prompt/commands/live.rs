//! A training as it goes on: how far it is, and a curve of the loss of each arm.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::experiment::Watcher;
use crate::model::Training;
use crate::prompt::Listener;
use crate::report::braille::{self, Canvas};
use crate::train::record::Epoch;

const ROWS: usize = 8;
/// Between two pictures.
const PAUSE: Duration = Duration::from_millis(120);

pub struct Live<'a> {
    listener: &'a mut dyn Listener,
    epochs: usize,
    /// Epochs of all runs together.
    total: usize,
    done: usize,
    /// By arm and epoch: the sum of the losses of all seeds so far, and how many these are.
    losses: BTreeMap<String, Vec<(f64, usize)>>,
    last: String,
    began: Instant,
    shown: Option<Instant>,
}

impl<'a> Live<'a> {
    pub fn new(training: &Training, listener: &'a mut dyn Listener) -> Live<'a> {
        let runs = training.variants().len() * training.seeds.len();
        Live {
            listener,
            epochs: training.epochs,
            total: runs * (training.epochs + 1),
            done: 0,
            losses: BTreeMap::new(),
            last: String::new(),
            began: Instant::now(),
            shown: None,
        }
    }

    /// An epoch of pretraining, which is not counted.
    fn begin(&mut self, what: &str) {
        self.last = what.into();
        self.draw();
    }

    fn draw(&mut self) {
        if self.shown.is_none_or(|shown| shown.elapsed() >= PAUSE) {
            self.listener.show(&self.text());
            self.shown = Some(Instant::now());
        }
    }

    /// One more epoch of a run.
    fn hear(&mut self, arm: &str, seed: u64, epoch: &Epoch) {
        self.done += 1;
        let test = epoch.test_loss.map_or(String::new(), |loss| format!("  test {loss:.4}"));
        self.last = format!("{arm}  seed {seed}  epoch {}  loss: training {:.4}{test}", epoch.epoch, epoch.train_loss);
        let losses = self.losses.entry(arm.into()).or_insert_with(|| vec![(0.0, 0); self.epochs + 1]);
        if let Some((sum, count)) = losses.get_mut(epoch.epoch).filter(|_| epoch.train_loss.is_finite()) {
            (*sum, *count) = (*sum + epoch.train_loss, *count + 1);
        }
        self.draw();
    }

    /// Takes the picture away.
    pub fn end(self) {
        self.listener.show("");
    }

    fn text(&self) -> String {
        let share = 100 * self.done / self.total.max(1);
        let seconds = self.began.elapsed().as_secs();
        format!("{share} % of {} epochs, {seconds} s; Ctrl-C stops\n{}\n{}", self.total, self.last, self.picture())
    }

    /// The mean training loss over the epochs, every arm with its number.
    fn picture(&self) -> String {
        let curves: Vec<(&str, Vec<(f64, f64)>)> =
            self.losses.iter().map(|(arm, l)| (arm.as_str(), means(l))).collect();
        let values = || curves.iter().flat_map(|(_, curve)| curve.iter().map(|p| p.1));
        let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        if !(low.is_finite() && high > low) {
            return String::new();
        }
        let mut canvas =
            Canvas::new((0.0, self.epochs as f64), (low, high), braille::fitting(self.listener.columns()), ROWS);
        for (_, curve) in &curves {
            curve.windows(2).for_each(|pair| canvas.line(pair[0], pair[1]));
        }
        for (mark, (_, curve)) in MARKS.chars().zip(&curves) {
            curve.last().iter().for_each(|end| canvas.letter(**end, mark));
        }
        let legend: Vec<String> = MARKS.chars().zip(&curves).map(|(mark, (arm, _))| format!("{mark} {arm}")).collect();
        format!("{}  {}", canvas.framed("epoch"), legend.join("   "))
    }
}

/// One picture for all threads.
pub struct Watched<'a>(pub Mutex<Live<'a>>);

impl<'a> Watched<'a> {
    fn live(&self) -> MutexGuard<'_, Live<'a>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Watched<'_> {
    fn begins(&self, what: &str) {
        self.live().begin(what);
    }

    fn ended(&self, arm: &str, seed: u64, epoch: &Epoch) {
        self.live().hear(arm, seed, epoch);
    }
}

/// What stands at the end of each curve.
const MARKS: &str = "abcdefghijklmnopqrstuvwxyz";

fn means(losses: &[(f64, usize)]) -> Vec<(f64, f64)> {
    let with_any = losses.iter().enumerate().filter(|(_, (_, count))| *count > 0);
    with_any.map(|(epoch, (sum, count))| (epoch as f64, sum / *count as f64)).collect()
}
