//! Parameters on disk: a safetensors file of named f32 matrices that says which arm, seed and epoch they come from.
//!
//! The origin is one JSON text under the metadata key `nem`. Several keys would be written in the order of a hash map, and
//! equal parameters would not give equal files.

use std::{collections::HashMap, fs, path::Path};

use safetensors::{Dtype, SafeTensorError, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

use super::folder::{cannot, write_atomically};
use crate::diag::{Diagnostic, Problems, codes};

/// The version of the file's contents; a change that an older reader would misread gets a new number.
pub const SCHEMA: &str = "nem-checkpoint/1";
const KEY: &str = "nem";

/// A matrix, row after row: `values.len() == rows * columns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub name: String,
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f32>,
}

/// Which run the parameters come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub model: String,
    pub arm: String,
    pub seed: u64,
    pub epoch: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub origin: Origin,
    /// In the order of their names.
    pub tensors: Vec<Tensor>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    schema: String,
    #[serde(flatten)]
    origin: Origin,
}

/// A parameter that a program has: its name, rows and columns.
pub type Expected<'a> = (&'a str, usize, usize);

/// The file of a run: `nem-3.safetensors`, `nem-0.28-cooled-1-3.safetensors`.
pub fn file_name(arm: &str, seed: u64) -> String {
    format!("{}-{seed}.safetensors", arm.replace(' ', "-"))
}

/// Writes the parameters, whole or not at all.
///
/// # Errors
/// E0801 when the file cannot be written, E0802 when a tensor's values do not fill its shape or a name is there twice.
pub fn write(path: &Path, origin: &Origin, tensors: &[Tensor]) -> Result<(), Problems> {
    write_atomically(path, &to_bytes(origin, tensors)?)
}

/// Reads the parameters of a file that `write` made.
///
/// # Errors
/// E0801 when the file cannot be read or is damaged, E0802 when it is whole but not a nem checkpoint of this version.
pub fn read(path: &Path) -> Result<Checkpoint, Problems> {
    let bytes = fs::read(path).map_err(|e| cannot("read", path, &e))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| damaged(path, &e))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| damaged(path, &e))?;
    let origin = origin(path, header.metadata().as_ref().and_then(|m| m.get(KEY)))?;
    let tensors = file.iter().map(|(name, view)| tensor(path, name, &view)).collect::<Result<Vec<_>, _>>()?;
    Ok(Checkpoint { origin, tensors: by_name(tensors) })
}

impl Checkpoint {
    /// The tensors in the order of `expected`, when names and shapes are exactly those.
    ///
    /// # Errors
    /// E0802 that names every tensor that is missing, unknown or of another shape.
    pub fn fit(self, expected: &[Expected]) -> Result<Vec<Tensor>, Problems> {
        let misfits = misfits(&self.tensors, expected);
        if !misfits.is_empty() {
            return Err(misfit(&self.origin, misfits));
        }
        let mut tensors: HashMap<String, Tensor> = self.tensors.into_iter().map(|t| (t.name.clone(), t)).collect();
        Ok(expected.iter().filter_map(|(name, ..)| tensors.remove(*name)).collect())
    }
}

fn to_bytes(origin: &Origin, tensors: &[Tensor]) -> Result<Vec<u8>, Problems> {
    let header = Header { schema: SCHEMA.into(), origin: origin.clone() };
    let header = serde_json::to_string(&header).map_err(|e| cannot_store(&e))?;
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|t| t.values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
    let mut views = vec![];
    for (tensor, bytes) in tensors.iter().zip(&bytes) {
        if tensors.iter().filter(|t| t.name == tensor.name).count() > 1 {
            return Err(cannot_store(&format!("two parameters are called `{}`", tensor.name)));
        }
        let view = TensorView::new(Dtype::F32, vec![tensor.rows, tensor.columns], bytes);
        views.push((tensor.name.as_str(), view.map_err(|e| cannot_store(&e))?));
    }
    safetensors::serialize(views, Some(HashMap::from([(KEY.into(), header)]))).map_err(|e| cannot_store(&e))
}

fn origin(path: &Path, header: Option<&String>) -> Result<Origin, Problems> {
    let header = header.ok_or_else(|| foreign(path, "it does not say which run it comes from"))?;
    let value: serde_json::Value = serde_json::from_str(header).map_err(|e| foreign(path, &e.to_string()))?;
    match value["schema"].as_str() {
        Some(SCHEMA) => serde_json::from_value(value).map_err(|e| foreign(path, &e.to_string())),
        Some(other) => Err(foreign(path, &format!("its schema is `{other}`, and this version reads `{SCHEMA}`"))),
        None => Err(foreign(path, "it names no schema")),
    }
}

fn tensor(path: &Path, name: &str, view: &TensorView) -> Result<Tensor, Problems> {
    let (&[rows, columns], Dtype::F32) = (view.shape(), view.dtype()) else {
        return Err(foreign(path, &format!("`{name}` is not a matrix of 32-bit numbers")));
    };
    let values = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    Ok(Tensor { name: name.to_string(), rows, columns, values })
}

fn by_name(mut tensors: Vec<Tensor>) -> Vec<Tensor> {
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    tensors
}

/// One sentence for each difference between the tensors and what the program expects.
fn misfits(tensors: &[Tensor], expected: &[Expected]) -> Vec<String> {
    let found = |name: &str| tensors.iter().find(|t| t.name == name);
    let wanted = expected.iter().filter_map(|&(name, rows, columns)| match found(name) {
        None => Some(format!("`{name}` ({rows} × {columns}) is missing")),
        Some(t) if (t.rows, t.columns) != (rows, columns) => {
            Some(format!("`{name}` is {} × {}, and the program needs {rows} × {columns}", t.rows, t.columns))
        }
        Some(_) => None,
    });
    let unknown = tensors.iter().filter(|t| expected.iter().all(|(name, ..)| *name != t.name));
    wanted.chain(unknown.map(|t| format!("the program has no parameter `{}`", t.name))).collect()
}

fn misfit(origin: &Origin, misfits: Vec<String>) -> Problems {
    let message = format!("the saved parameters of `{}` do not fit the program", origin.model);
    let told = misfits.into_iter().fold(Diagnostic::new(codes::RUN_MISMATCH, message), Diagnostic::note);
    told.help("use the program and the sizes that the parameters were trained with, or train again").into()
}

fn damaged(path: &Path, error: &SafeTensorError) -> Problems {
    let message = format!("`{}` is damaged or not a safetensors file: {error}", path.display());
    let told =
        Diagnostic::new(codes::RUN_FOLDER, message).help("copy the file again, or train again to make a new one");
    match error {
        SafeTensorError::MetadataIncompleteBuffer
        | SafeTensorError::InvalidHeaderLength
        | SafeTensorError::HeaderTooSmall => told.note("the file is shorter or longer than it says it is").into(),
        _ => told.into(),
    }
}

fn foreign(path: &Path, why: &str) -> Problems {
    Diagnostic::new(codes::RUN_MISMATCH, format!("`{}` is not a checkpoint that nem can use: {why}", path.display()))
        .help("give a file that `nem train` of this version wrote")
        .into()
}

/// Only a slip in nem itself can cause this, but it is told as any other error.
fn cannot_store(error: &dyn std::fmt::Display) -> Problems {
    Diagnostic::new(codes::RUN_MISMATCH, format!("the parameters cannot be stored: {error}"))
        .help("give every parameter its own name; if they have one, please report this as a fault of nem")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn only<T: std::fmt::Debug>(result: Result<T, Problems>) -> Diagnostic {
        result.unwrap_err().iter().next().unwrap().clone()
    }

    fn origin() -> Origin {
        Origin { model: "Classifier".into(), arm: "nem".into(), seed: 3, epoch: 40 }
    }

    fn matrix(name: &str, rows: usize, columns: usize) -> Tensor {
        let values = (0..rows * columns).map(|i| i as f32 * 0.1 - 1.0).collect();
        Tensor { name: name.into(), rows, columns, values }
    }

    fn saved(folder: &tempfile::TempDir, tensors: &[Tensor]) -> PathBuf {
        let path = folder.path().join("nem-3.safetensors");
        write(&path, &origin(), tensors).unwrap();
        path
    }

    #[test]
    fn parameters_come_back_bit_for_bit_in_the_order_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let odd = Tensor { values: vec![f32::MIN_POSITIVE / 4.0, -0.0, f32::INFINITY], ..matrix("h1.bias", 1, 3) };
        let path = saved(&folder, &[matrix("h2.weight", 4, 2), odd.clone()]);
        let back = read(&path).unwrap();
        assert_eq!(back.origin, origin());
        let fitted = back.fit(&[("h2.weight", 4, 2), ("h1.bias", 1, 3)]).unwrap();
        assert_eq!(fitted, [matrix("h2.weight", 4, 2), odd]);
    }

    #[test]
    fn equal_parameters_give_equal_files() {
        let tensors = [matrix("b", 2, 2), matrix("a", 1, 2)];
        let swapped = [tensors[1].clone(), tensors[0].clone()];
        assert_eq!(to_bytes(&origin(), &tensors).unwrap(), to_bytes(&origin(), &swapped).unwrap());
    }

    #[test]
    fn a_missing_file_and_every_truncation_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(&folder, &[matrix("w", 3, 5)]);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let told = only(read(&path));
            assert_eq!(told.code, codes::RUN_FOLDER, "{length} bytes: {told:?}");
        }
        let told = only(read(&folder.path().join("gone.safetensors")));
        assert!(told.message.contains("gone.safetensors") && told.code == codes::RUN_FOLDER);
    }

    #[test]
    fn every_misfit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(&folder, &[matrix("w", 3, 5), matrix("extra", 1, 1)]);
        let told = only(read(&path).unwrap().fit(&[("w", 3, 4), ("bias", 1, 4)]));
        assert_eq!(told.code, codes::RUN_MISMATCH);
        assert_eq!(
            told.notes,
            [
                "`w` is 3 × 5, and the program needs 3 × 4",
                "`bias` (1 × 4) is missing",
                "the program has no parameter `extra`"
            ]
        );
    }

    #[test]
    fn files_of_others_and_of_other_versions_are_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.safetensors");
        let view = || TensorView::new(Dtype::F32, vec![1, 1], &[0; 4]).unwrap();
        let other = r#"{"schema": "nem-checkpoint/9"}"#.to_string();
        for header in [None, Some(HashMap::from([(KEY.to_string(), other)]))] {
            fs::write(&path, safetensors::serialize([("w", view())], header).unwrap()).unwrap();
            assert_eq!(only(read(&path)).code, codes::RUN_MISMATCH);
        }
    }

    #[test]
    fn values_that_do_not_fill_the_shape_are_refused() {
        let short = Tensor { values: vec![1.0], ..matrix("w", 2, 2) };
        assert!(to_bytes(&origin(), &[short]).is_err());
        assert!(to_bytes(&origin(), &[matrix("w", 1, 1), matrix("w", 1, 2)]).is_err());
    }
}
