//! What is calculated with vectors of numbers.

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

pub fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// x + t d
pub fn along(x: &[f64], t: f64, d: &[f64]) -> Vec<f64> {
    x.iter().zip(d).map(|(x, d)| x + t * d).collect()
}

/// a − b
pub fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    along(a, -1.0, b)
}

/// The vector of length 1 in this direction; `None` where there is no direction.
pub fn unit(a: &[f64]) -> Option<Vec<f64>> {
    let length = norm(a);
    (length > 0.0 && length.is_finite()).then(|| a.iter().map(|x| x / length).collect())
}
