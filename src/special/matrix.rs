//! Inverse and determinant of small matrices, by elimination with partial pivoting (Golub and Van Loan, *Matrix
//! Computations*, algorithm 3.4.1).

/// The inverse of an n × n matrix, row after row; full of NaN when there is none.
pub fn inverse(n: usize, entries: &[f64]) -> Vec<f64> {
    eliminated(n, entries).map_or(vec![f64::NAN; entries.len()], |(_, inverse)| inverse)
}

/// ln |det M| of an n × n matrix; −∞ for a singular one.
pub fn ln_det(n: usize, entries: &[f64]) -> f64 {
    eliminated(n, entries).map_or(f64::NEG_INFINITY, |(ln_det, _)| ln_det)
}

/// ln |det M| and the inverse.
fn eliminated(n: usize, entries: &[f64]) -> Option<(f64, Vec<f64>)> {
    let unit = |r: usize| (0..n).map(move |c| if r == c { 1.0 } else { 0.0 });
    let extended = |(r, row): (usize, &[f64])| row.iter().copied().chain(unit(r)).collect();
    let mut rows: Vec<Vec<f64>> = entries.chunks(n).enumerate().map(extended).collect();
    let mut ln_det = 0.0;
    for at in 0..n {
        let pivot = (at..n).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        let largest = rows[at][at];
        if largest == 0.0 || !largest.is_finite() {
            return None;
        }
        ln_det += largest.abs().ln();
        rows[at].iter_mut().for_each(|x| *x /= largest);
        let row = rows[at].clone();
        for (_, other) in rows.iter_mut().enumerate().filter(|(r, _)| *r != at) {
            let factor = other[at];
            other.iter_mut().zip(&row).for_each(|(x, y)| *x -= factor * y);
        }
    }
    Some((ln_det, rows.into_iter().flat_map(|row| row.into_iter().skip(n)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let m = [0.0, 2.0, 1.0, 1.0, -1.0, 0.5, 4.0, 0.0, 3.0];
        let w = inverse(3, &m);
        for (r, c) in (0..3).flat_map(|r| (0..3).map(move |c| (r, c))) {
            let entry: f64 = (0..3).map(|k| m[3 * r + k] * w[3 * k + c]).sum();
            assert!((entry - f64::from(u8::from(r == c))).abs() < 1e-14, "{r}, {c}: {entry}");
        }
        // By the first row: 0·(−3) − 2·(3 − 2) + 1·(0 + 4) = 2.
        assert!((ln_det(3, &m) - 2f64.ln()).abs() < 1e-14);
    }

    #[test]
    fn a_singular_matrix_has_no_inverse() {
        assert!(inverse(2, &[1.0, 2.0, 2.0, 4.0]).iter().all(|x| x.is_nan()));
        assert_eq!(ln_det(2, &[1.0, 2.0, 2.0, 4.0]), f64::NEG_INFINITY);
    }
}
