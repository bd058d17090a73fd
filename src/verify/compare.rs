//! How far two gradients are apart.

/// ‖a‖
pub fn norm(a: &[f64]) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// ‖a − b‖
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    norm(&a.iter().zip(b).map(|(x, y)| x - y).collect::<Vec<_>>())
}

/// The angle between two vectors, in degrees.
pub fn angle(a: &[f64], b: &[f64]) -> f64 {
    // By half angles: an arc cosine knows small angles to half of the digits only (Kahan).
    let (x, y) = (norm(a), norm(b));
    let unit = |v: &[f64], n: f64| v.iter().map(|e| e / n).collect::<Vec<f64>>();
    let (a, b) = (unit(a, x), unit(b, y));
    let opposite: Vec<f64> = b.iter().map(|e| -e).collect();
    2.0 * distance(&a, &b).atan2(distance(&a, &opposite)).to_degrees()
}

/// `1 number`, `2 numbers`
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Two digits.
pub fn short(x: f64) -> String {
    format!("{x:.1e}").replace('-', "−").replace("NaN", "not a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_and_distances_are_those_of_geometry() {
        assert!((angle(&[1.0, 0.0], &[2.0, 2.0]) - 45.0).abs() < 1e-12);
        assert!((angle(&[1.0, 0.0], &[1.0, 1e-10]) - 1e-10f64.to_degrees()).abs() < 1e-20);
        assert!((angle(&[1.0, 2.0], &[-1.0, -2.0]) - 180.0).abs() < 1e-12);
        assert_eq!(distance(&[3.0, 1.0], &[0.0, 5.0]), 5.0);
    }
}
