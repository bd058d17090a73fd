//! Certificates of models: whether what was derived of a model agrees with its numbers.
//!
//! Every check looks at the same thing in two ways that share as little as possible: gradients against differences and
//! dfdx's tape, the gradient of Q against the gradient of the marginal likelihood ([K] (94)-(97)), samples against all
//! states, bounds against counts.

mod accuracy;
mod compare;
mod differences;
mod energy;
mod examples;
mod gradient;
mod layers;
mod marginal;
mod numbers;
mod point;
mod samples;
mod slopes;
mod tape;
mod written;

use serde_json::{Map, Value as Json, json};

use crate::data::Table;
use crate::derive::{ModelDerivation, derive_model};
use crate::diag::Problems;
use crate::exec::ExecError;
use crate::model::Model;
use crate::sample::{Certificate, Check, Verdict};
use crate::train::network::device_failed;
use crate::train::start::fits_in_memory;
use crate::train::stop;
use marginal::States;
use point::Point;

pub use differences::{Direction, all_at_once};
pub use examples::made;
pub use numbers::{Lists, LogLikelihood, Numbers};
pub use samples::Law;
pub use slopes::{Compared, Slopes};
pub use written::Written;

const REMEDY: &str = "certify its likelihoods first, `nem verify LIKELIHOOD`: a wrong `draw` or `mean` shows there; if they hold, nem is at fault";

const REMEDY_OF_ENERGY: &str = "an energy whose derivation is wrong is a fault of nem";

/// The data that a `train` declaration binds a model to.
pub struct Bound {
    pub name: String,
    pub train: Table,
}

/// How many examples gradients are compared on, and on how many classes are counted.
const FEW: usize = 4;
const MANY: usize = 1000;

/// Several copies of the parameters are held at once, in f64.
const MOST_PARAMETERS: usize = 1 << 25;

/// Checks a model at two points near its initial values. Errors: `INCOMPLETE` where outcomes are needed and cannot be
/// drawn, `SIZE`, `DEVICE`, and those of the derivation.
pub fn certificate(model: &Model, data: Option<&Bound>) -> Result<Certificate, Problems> {
    fits_in_memory(model, MOST_PARAMETERS)?;
    if let Some(energy) = model.energy {
        return energy::certificate(model, energy, (title(model), subject(model, data)));
    }
    let derived = derive_model(model)?;
    let mut certificate = Certificate::new(title(model), subject(model, data), model.span, REMEDY);
    for point in &point::POINTS {
        stop::check()?;
        let (few, rows) = numbers(model, data, point, FEW)?;
        let (many, _) = numbers(model, data, point, MANY)?;
        let text = format!("{}, {}", point.text(), on(data, &rows));
        let json = json!({ "seed": point.seed, "deviation": point.deviation, "rows": rows });
        let checks = checks(&few, &many, &derived).map_err(|e| device_failed(&e, model.span))?;
        certificate.add(text, json, checks);
    }
    Ok(certificate)
}

/// A point with so many examples, and the numbers of these in the data.
fn numbers<'m>(
    model: &'m Model,
    data: Option<&Bound>,
    point: &Point,
    count: usize,
) -> Result<(Numbers<'m>, Vec<usize>), Problems> {
    let parameters = point.parameters(model);
    let (examples, rows) = match data {
        Some(bound) => examples::spread(&bound.train, count),
        None => (examples::made(model, &parameters, count, point.seed)?, vec![]),
    };
    Ok((Numbers { model, parameters, examples }, rows))
}

fn checks(few: &Numbers, many: &Numbers, derived: &ModelDerivation) -> Result<Vec<Check>, ExecError> {
    if let Some(origin) = many.broken()? {
        return Ok(vec![Check::new("ln p(y|x) at the means", Verdict::Failed, format!("{origin} is not finite"))]);
    }
    let mut checks = gradient::checks(few)?;
    if !few.parameters.is_empty() {
        let states = States::of(few.model, few.examples.rows());
        checks.extend(tape::checks(few, &states)?);
        checks.extend(marginal::checks(few, &states)?);
        checks.extend(samples::checks(few, &states)?);
    }
    checks.extend(accuracy::checks(many)?);
    checks.extend(layers::checks(few, derived)?);
    Ok(checks)
}

/// `model Sine(hidden = 10)`
fn title(model: &Model) -> String {
    let sizes: Vec<String> = model.sizes.iter().map(|(name, n)| format!("{name} = {n}")).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!("({})", sizes.join(", ")) };
    format!("model {}{sizes}", model.name)
}

fn subject(model: &Model, data: Option<&Bound>) -> Map<String, Json> {
    let sizes: Map<String, Json> = model.sizes.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
    let of = [("model", json!(model.name)), ("sizes", json!(sizes)), ("data", json!(data.map(|d| &d.name)))];
    of.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}

fn on(data: Option<&Bound>, rows: &[usize]) -> String {
    match data {
        Some(bound) => {
            let rows: Vec<String> = rows.iter().map(usize::to_string).collect();
            format!("on rows {} of {}", rows.join(", "), bound.name)
        }
        None => "on outcomes of its own".into(),
    }
}
