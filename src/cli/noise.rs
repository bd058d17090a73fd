//! `nem noise NAME --at POINT --proposal PROPOSAL`

use clap::{Args, ValueEnum};

use super::subject::Subject;
use super::{Failure, Outcome, say, tell};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::model;
use crate::sample::{self, NoiseAt, Wish};
use crate::session::Session;

#[derive(Args)]
pub struct Noise {
    #[command(flatten)]
    subject: Subject,
    /// Numbers for the outcome and the parameters: --at "y=2, mu=0"
    #[arg(long, value_name = "POINT")]
    at: String,
    #[command(flatten)]
    kind: NoiseKind,
    /// Where noise is drawn from, one number for each component: --proposal "gaussian(0, 1)"
    #[arg(long)]
    proposal: String,
    /// How many draws
    #[arg(long, default_value_t = 100)]
    count: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Of so many draws inside the region, the one with the largest Δ
    #[arg(long, value_name = "M", default_value_t = 1)]
    best_of: usize,
}

/// Which noise, and what is asked of it.
#[derive(Args)]
pub struct NoiseKind {
    /// How noise gets into the outcome
    #[arg(long, value_enum, default_value = "add")]
    injection: Injection,
    /// What is asked of noise
    #[arg(long, value_enum, default_value = "nem")]
    criterion: Criterion,
}

#[derive(Clone, Copy, ValueEnum)]
enum Injection {
    /// y + n
    Add,
    /// y n
    Multiply,
}

#[derive(Clone, Copy, ValueEnum)]
enum Criterion {
    /// Δ(n) ≥ 0: it helps
    Nem,
    /// Δ(n) ≤ 0: it harms
    Anti,
    /// It turns the gradient of the mean towards where it points
    Ascent,
}

impl NoiseKind {
    /// The noise at a place. Errors: `CANNOT_DERIVE`, for the ascent condition of a likelihood without a mean to learn.
    pub fn at(&self, place: &sample::Place) -> Result<NoiseAt, Problems> {
        let injection = match self.injection {
            Injection::Add => model::Injection::Add,
            Injection::Multiply => model::Injection::Multiply,
        };
        let criterion = match self.criterion {
            Criterion::Nem => model::Criterion::Nem,
            Criterion::Anti => model::Criterion::Anti,
            Criterion::Ascent => model::Criterion::Ascent,
        };
        place.noise(injection, criterion).ok_or_else(|| {
            let name = &place.instance.likelihood.name;
            Diagnostic::new(codes::CANNOT_DERIVE, format!("`{name}` has no ascent condition"))
                .note("it is read off the score of the mean, and the mean of this likelihood is no parameter")
                .help("ask for `--criterion nem`")
                .into()
        })
    }
}

impl Noise {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, likelihood) = self.subject.likelihood()?;
        match self.draw(&mut session, &likelihood) {
            Ok((csv, told)) => {
                say(csv.trim_end());
                tell(&session.problems, &session.sources, messages);
                eprintln!("{told}");
                Ok(())
            }
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    /// The draws as CSV, and the line that says how they came about.
    fn draw(
        &self,
        session: &mut Session,
        likelihood: &std::rc::Rc<model::Likelihood>,
    ) -> Result<(String, String), Problems> {
        let (place, _) = session.point(likelihood, &self.at)?;
        let proposal = session.proposal(&self.proposal)?;
        let noise = self.kind.at(&place)?;
        let wish = Wish { count: self.count, seed: self.seed, best_of: self.best_of };
        let draws = sample::draws(&noise, &proposal, wish)?;
        Ok((draws.csv(&noise), draws.told(&noise)))
    }
}
