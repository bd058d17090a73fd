//! Results that carry every problem that was found, not only the first.

use crate::diag::{Diagnostic, Problems};

/// What was checked, or what is wrong with it. An error without problems means that they were told elsewhere already:
/// what rests on a broken declaration is not reported a second time.
pub type Check<T> = Result<T, Problems>;

/// Fails because of something that has been reported where it was declared.
pub fn told_already<T>() -> Check<T> {
    Err(Problems::new())
}

pub fn fail<T>(diagnostic: Diagnostic) -> Check<T> {
    Err(diagnostic.into())
}

/// Both, or the problems of both.
pub fn both<A, B>(a: Check<A>, b: Check<B>) -> Check<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.extend(b);
            Err(a)
        }
        (Err(problems), _) | (_, Err(problems)) => Err(problems),
    }
}

/// All of them, or the problems of all.
pub fn all<T>(checks: impl IntoIterator<Item = Check<T>>) -> Check<Vec<T>> {
    let (mut good, mut wrong) = (vec![], None::<Problems>);
    for check in checks {
        match check {
            Ok(value) => good.push(value),
            Err(problems) => wrong.get_or_insert_default().extend(problems),
        }
    }
    wrong.map_or(Ok(good), Err)
}
