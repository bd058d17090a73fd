//! `nem region NAME --at POINT --plot FILE`

use std::path::PathBuf;

use clap::Args;

use super::noise::NoiseKind;
use super::subject::Subject;
use super::{Failure, Outcome, say, tell};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::report;
use crate::sample::{View, portrait};
use crate::session::{Looked, Session};
use crate::train::folder::write_atomically;

#[derive(Args)]
pub struct Region {
    #[command(flatten)]
    subject: Subject,
    /// Numbers for the outcome and the parameters, or for what noise in a model speaks of, and for noise that is held:
    /// --at "y=[1, 2], mu=0"
    #[arg(long, value_name = "POINT")]
    at: String,
    /// The SVG or PNG file to write
    #[arg(long, value_name = "FILE")]
    plot: PathBuf,
    #[command(flatten)]
    kind: NoiseKind,
    /// Shows draws of this proposal: --proposal "gaussian(0, 1)"
    #[arg(long)]
    proposal: Option<String>,
    /// Which two components of the noise, counted from 1
    #[arg(long, value_name = "I,J", value_delimiter = ',', default_value = "1,2")]
    dims: Vec<usize>,
    /// How many draws
    #[arg(long, default_value_t = 300)]
    count: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Region {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, name) = self.subject.open()?;
        match self.plot(&mut session, name.as_deref()) {
            Ok(()) => {
                tell(&session.problems, &session.sources, messages);
                say(self.plot.display());
                Ok(())
            }
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    fn plot(&self, session: &mut Session, name: Option<&str>) -> Result<(), Problems> {
        let Looked { scene, noises, given: held, proposal } = self.kind.look(session, name, &self.at)?;
        let given = self.proposal.as_ref().map(|text| session.proposal(text)).transpose()?;
        let (noise, proposal) = (&noises[0], given.or(proposal));
        let view = View {
            axes: self.axes(noise.dim())?,
            held: held.map(|n| n.numbers().to_vec()),
            proposal: proposal.as_ref(),
            count: self.count,
            seed: self.seed,
        };
        let picture = report::region::file(&portrait(&scene, noise, &view), &self.plot).map_err(cannot_draw)?;
        write_atomically(&self.plot, &picture)
    }

    /// The two components, counted from 0. Errors: `USAGE`.
    fn axes(&self, dim: usize) -> Result<(usize, usize), Problems> {
        match self.dims[..] {
            _ if dim == 1 => Ok((0, 0)),
            [i, j] if i != j && (1..=dim).contains(&i) && (1..=dim).contains(&j) => Ok((i - 1, j - 1)),
            _ => Err(Diagnostic::new(
                codes::USAGE,
                format!("the noise has components 1 to {dim}, and a picture shows two"),
            )
            .help("name two of them, as in `--dims 1,2`")
            .into()),
        }
    }
}

fn cannot_draw(why: String) -> Problems {
    Diagnostic::new(codes::USAGE, why).help("choose another point or proposal, or write an SVG").into()
}
