pub fn erf(_x: f64) -> f64 {
    f64::NAN
}
pub fn cdf(_x: f64) -> f64 {
    f64::NAN
}
pub fn ln_cdf(_x: f64) -> f64 {
    f64::NAN
}
pub fn quantile(_p: f64) -> f64 {
    f64::NAN
}
