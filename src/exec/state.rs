//! The values that live from run to run: parameters first, then optimiser state.

use super::device::{Device, ExecError};
use crate::plan::Persistent;

/// Parameters and optimiser state on a device. Several plans may share one state: each uses a leading part of it.
///
/// A clone costs little on a device that shares buffers (dfdx): the values are copied when one of the two changes.
#[derive(Debug, Clone)]
pub struct State<B> {
    meanings: Vec<Persistent>,
    pub(super) buffers: Vec<Option<B>>,
}

impl<B: Clone> State<B> {
    /// `values[i]` is `persistent[i]`, row after row.
    pub fn new<D>(device: &D, persistent: &[Persistent], values: Vec<Vec<D::Element>>) -> Result<Self, ExecError>
    where
        D: Device<Buffer = B>,
    {
        if persistent.len() != values.len() {
            return Err(ExecError::Count { what: "parameters", expected: persistent.len(), found: values.len() });
        }
        let upload = |(p, v): (&Persistent, _)| device.upload(p.rows, p.columns, v).map(Some);
        let buffers = persistent.iter().zip(values).map(upload).collect::<Result<_, _>>()?;
        Ok(State { meanings: persistent.to_vec(), buffers })
    }

    /// What the values are, in order.
    pub fn persistent(&self) -> &[Persistent] {
        &self.meanings
    }

    /// One value, row after row.
    pub fn download<D: Device<Buffer = B>>(&self, device: &D, index: usize) -> Result<Vec<D::Element>, ExecError> {
        device.download(self.buffer(index)?)
    }

    /// Replaces one value, row after row.
    pub fn set<D>(&mut self, device: &D, index: usize, values: Vec<D::Element>) -> Result<(), ExecError>
    where
        D: Device<Buffer = B>,
    {
        let found = self.buffers.len();
        let p = self.meanings.get(index).ok_or(ExecError::Count { what: "parameters", expected: index + 1, found })?;
        self.buffers[index] = Some(device.upload(p.rows, p.columns, values)?);
        Ok(())
    }

    /// The device's own copy of one value.
    pub fn buffer(&self, index: usize) -> Result<&B, ExecError> {
        let found = self.buffers.len();
        let slot =
            self.buffers.get(index).ok_or(ExecError::Count { what: "parameters", expected: index + 1, found })?;
        slot.as_ref().ok_or_else(|| ExecError::Lost(self.meanings[index].name.clone()))
    }

    /// Refuses a plan whose persistents are not the leading part of this state, or whose value was lost.
    pub(super) fn check(&self, wanted: &[Persistent]) -> Result<(), ExecError> {
        if wanted.len() > self.meanings.len() {
            return Err(ExecError::Count { what: "parameters", expected: wanted.len(), found: self.meanings.len() });
        }
        match wanted.iter().zip(&self.meanings).find(|(a, b)| a != b) {
            Some((a, b)) => Err(ExecError::State { expected: describe(a), found: describe(b) }),
            None => (0..wanted.len()).try_for_each(|i| self.buffer(i).map(drop)),
        }
    }
}

fn describe(p: &Persistent) -> String {
    format!("{}: {} by {}", p.name, p.rows, p.columns)
}
