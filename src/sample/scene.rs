//! Where noise is looked at: a likelihood or a model, and the numbers of a point.

use serde_json::{Value as Json, json};

use super::point::Assignment;
use super::shape::shown;
use crate::expr::Value;
use crate::model::NOISE;

pub struct Scene {
    /// That of the likelihood or model.
    pub name: String,
    /// `y = 2, μ = 0`
    pub text: String,
    /// The point by the names of the program.
    pub json: Json,
    /// ln f of the outcome of a likelihood.
    pub log_density: Option<f64>,
}

impl Scene {
    /// A model at a point.
    pub fn of_model(name: &str, point: &[Assignment]) -> Scene {
        let letters = || point.iter().filter(|a| a.name != NOISE);
        let text: Vec<String> = letters().map(|a| format!("{} = {}", a.name, shown(&a.value))).collect();
        Scene {
            name: name.to_string(),
            text: text.join(", "),
            json: named(letters().map(|a| (a.name.as_str(), a.value.clone()))),
            log_density: None,
        }
    }
}

/// Numbers, lists and lists of rows by their names.
pub fn named<'n>(values: impl Iterator<Item = (&'n str, Value)>) -> Json {
    let written = |value: Value| match value {
        Value::Scalar(x) => json!(x),
        Value::Vector(v) => json!(v),
        Value::Matrix(_, columns, m) => json!(m.chunks(columns.max(1)).collect::<Vec<_>>()),
    };
    Json::Object(values.map(|(name, value)| (name.to_string(), written(value))).collect())
}
