//! «Did you mean …?»

/// What other languages and libraries call things, and how they are called here. Messages alone use it, and only for
/// names that are known where the message arises.
const ELSEWHERE: &[(&str, &str)] = &[
    ("sigmoid", "logistic"),
    ("expit", "logistic"),
    ("normal", "gaussian"),
    ("linear", "affine"),
    ("dense", "affine"),
    ("log", "ln"),
    ("float", "real"),
    ("double", "real"),
    ("bool", "binary"),
    ("boolean", "binary"),
    ("int", "count"),
    ("probability", "unit"),
    ("lr", "rate"),
    ("learning_rate", "rate"),
    ("sd", "sigma"),
    ("std", "sigma"),
    ("scale", "sigma"),
    ("log_prob", "log_density"),
    ("logpdf", "log_density"),
    ("log_pdf", "log_density"),
    ("prob", "density"),
    ("pdf", "density"),
    ("pmf", "density"),
    ("gradient", "score"),
    ("grad", "score"),
    ("expectation", "mean"),
    ("sample", "draw"),
    ("rsample", "draw"),
];

/// The known name that was meant by `name`: how what it names is called here, or else the closest one, when it is close
/// enough to be a slip of the keyboard: at most one edit for short names, a third of the length for longer ones.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (name, known) = (name.to_lowercase(), known.into_iter().collect::<Vec<_>>());
    let called = ELSEWHERE.iter().filter(|(there, _)| *there == name);
    let called = called.filter_map(|(_, here)| known.iter().find(|k| *k == here)).next();
    called.copied().or_else(|| closest(&name, known))
}

fn closest<'a>(name: &str, known: Vec<&'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let allowed = (length / 3).max(1);
    let near = known.into_iter().map(|candidate| (distance(name, &candidate.to_lowercase()), candidate));
    // A name that shares no letter with another was not mistyped.
    let near = near.filter(|(d, candidate)| *d <= allowed && *d < candidate.chars().count() && *d < length);
    near.min().map(|(_, candidate)| candidate)
}

/// Edit distance that counts a swap of neighbours as one slip (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_keyboard_are_recognised_and_other_words_are_not() {
        let known = ["bernoulli", "gaussian", "categorical"];
        assert_eq!(did_you_mean("bernouli", known), Some("bernoulli"));
        assert_eq!(did_you_mean("guassian", known), Some("gaussian"));
        assert_eq!(did_you_mean("poisson", known), None);
        assert_eq!(did_you_mean("", known), None);
        assert_eq!(did_you_mean("u", ["mu", "he"]), None);
    }

    #[test]
    fn names_from_elsewhere_are_translated_where_their_translation_is_known() {
        assert_eq!(did_you_mean("sigmoid", ["tanh", "logistic"]), Some("logistic"));
        assert_eq!(did_you_mean("sigmoid", ["tanh"]), None);
    }
}
