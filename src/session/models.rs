//! The models of a program with the sizes and the data that its trainings give them.

use super::Session;
use crate::data::load;
use crate::diag::Problems;
use crate::model::{DataSpec, Model};
use crate::sample::Certificate;
use crate::syntax::ast::Decl;
use crate::verify::{self, Bound};

/// A model, and the data it is trained on where there are any.
pub struct BoundModel {
    pub model: Model,
    pub data: Option<DataSpec>,
}

impl Session {
    /// The models of the program, or the one of this name: with the sizes it was called with, else once for each
    /// size and data set it is trained with, else with its default sizes. Errors: `ARGUMENTS` for a size that neither a training
    /// nor a default gives.
    pub fn models(&self, name: Option<&str>) -> Vec<Result<BoundModel, Problems>> {
        let wanted = self.model_names().filter(|model| name.is_none_or(|name| name == *model));
        wanted.flat_map(|model| self.bound(model)).collect()
    }

    /// Checks what was derived of a model against numbers. Errors: those of its data, `INCOMPLETE`, `DEVICE`.
    pub fn certificate(&self, bound: &BoundModel) -> Result<Certificate, Problems> {
        let read = |spec: &DataSpec| load(spec).map(|data| Bound { name: data.name, train: data.train });
        let data = bound.data.as_ref().map(read).transpose()?;
        verify::certificate(&bound.model, data.as_ref())
    }

    pub fn model_names(&self) -> impl Iterator<Item = &str> {
        self.declarations.own().filter_map(|d| match &**d {
            Decl::Model(model) => Some(model.name.text.as_str()),
            _ => None,
        })
    }

    fn bound(&self, name: &str) -> Vec<Result<BoundModel, Problems>> {
        if let Some(model) = self.sized.iter().find(|model| model.name == name) {
            return vec![Ok(BoundModel { model: model.clone(), data: None })];
        }
        let mut list: Vec<BoundModel> = vec![];
        for training in self.checked.trainings.iter().filter(|t| t.model.name == name) {
            let same = |b: &BoundModel| {
                b.model.sizes == training.model.sizes && b.data.as_ref().is_some_and(|d| d.name == training.data.name)
            };
            if !list.iter().any(same) {
                list.push(BoundModel { model: training.model.clone(), data: Some(training.data.clone()) });
            }
        }
        match list.is_empty() {
            true => vec![self.declarations.model(name, &[]).map(|model| BoundModel { model, data: None })],
            false => list.into_iter().map(Ok).collect(),
        }
    }
}
