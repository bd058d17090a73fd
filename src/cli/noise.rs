//! `nem noise NAME --at POINT --proposal PROPOSAL`

use clap::{Args, ValueEnum};

use super::subject::Subject;
use super::{Failure, Outcome, say, tell};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::model;
use crate::sample::{self, Wish};
use crate::session::{Asked, Looked, Session};

#[derive(Args)]
pub struct Noise {
    #[command(flatten)]
    subject: Subject,
    /// Numbers for the outcome and the parameters, or for what noise in a model speaks of: --at "y=2, mu=0"
    #[arg(long, value_name = "POINT")]
    at: String,
    #[command(flatten)]
    kind: NoiseKind,
    /// Where noise is drawn from, one number for each component: --proposal "gaussian(0, 1)"
    #[arg(long, required_unless_present = "noise")]
    proposal: Option<String>,
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
    /// Noise in any variable of a likelihood or a model, called n: "sigma *= n", "y <- y * (1 + n)", "h += n"
    #[arg(long, value_name = "STATEMENT", conflicts_with = "injection")]
    noise: Option<String>,
    /// How noise gets into the outcome of a likelihood
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
    /// What is seen of the noise at a point.
    pub fn look(&self, session: &mut Session, name: Option<&str>, at: &str) -> Result<Looked, Problems> {
        let injection = match self.injection {
            Injection::Add => model::Injection::Add,
            Injection::Multiply => model::Injection::Multiply,
        };
        let criterion = match self.criterion {
            Criterion::Nem => model::Criterion::Nem,
            Criterion::Anti => model::Criterion::Anti,
            Criterion::Ascent => model::Criterion::Ascent,
        };
        let injections = if self.noise.is_none() { &[injection][..] } else { &[] };
        session.look(name, at, &Asked { injections, statements: self.noise.as_slice(), criterion })
    }
}

impl Noise {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, name) = self.subject.open()?;
        match self.draw(&mut session, name.as_deref()) {
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
    fn draw(&self, session: &mut Session, name: Option<&str>) -> Result<(String, String), Problems> {
        let Looked { noises, proposal, .. } = self.kind.look(session, name, &self.at)?;
        let given = self.proposal.as_ref().map(|text| session.proposal(text)).transpose()?;
        let proposal = given.or(proposal).ok_or_else(no_proposal)?;
        let wish = Wish { count: self.count, seed: self.seed, best_of: self.best_of };
        let draws = sample::draws(&noises[0], &proposal, wish)?;
        Ok((draws.csv(&noises[0]), draws.told(&noises[0])))
    }
}

fn no_proposal() -> Diagnostic {
    Diagnostic::new(codes::USAGE, "nothing says what noise is drawn from")
        .help("add `--proposal \"gaussian(0, 1)\"`, or say it in the statement: `--noise \"y += gaussian(0, 1)\"`")
}
