//! Jobs shared out among threads, each with a device of its own. Which thread takes which job changes nothing but the time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::exec::{Device, ExecError};

/// Does every job; the work hears of its thread's number and device. Results are in the order of the jobs.
pub fn in_parallel<D, J, T>(
    make_device: impl Fn() -> Result<D, ExecError> + Sync,
    jobs: &[J],
    threads: usize,
    work: impl Fn(usize, &D, &J) -> Result<T, ExecError> + Sync,
) -> Result<Vec<T>, ExecError>
where
    D: Device,
    J: Sync,
    T: Send,
{
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<T, ExecError>>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let worker = |number: usize| {
        let device = make_device();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return };
            let result = match &device {
                Ok(device) => work(number, device, job),
                Err(e) => Err(ExecError::Device(e.to_string())),
            };
            if let Ok(mut results) = results.lock() {
                results[at] = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for number in 0..threads {
            let worker = &worker;
            scope.spawn(move || worker(number));
        }
    });
    let results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.into_iter().flatten().collect()
}
