//! One thread a run: arms and seeds run beside each other on threads of their own, so a matrix product needs none.

/// Makes every matrix product run on the thread that asks for it: dfdx asks rayon's global pool how many threads there
/// are. To be called once, at the start of the program, before anything else uses rayon; false when it came too late
/// and the pool has more than one thread.
pub fn single_threaded() -> bool {
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    rayon::current_num_threads() == 1
}
