//! Puts things that depend on each other into an order in which each comes after what it needs.

use std::collections::BTreeSet;

use super::calls::circular;
use super::declarations::duplicate;
use super::mentions::Mentions;
use super::problem::{Check, all, fail};
use super::scope::Scope;
use crate::diag::Problems;
use crate::syntax::ast::Name;

/// Declarations that stand side by side, in an order in which each comes after those it mentions.
pub struct Sequence {
    pub order: Vec<usize>,
    problems: Problems,
}

impl Sequence {
    /// Of a name that is declared twice the first counts; names that depend on themselves are broken in `scope`.
    pub fn new(names: &[&Name], mentions: &[Mentions], scope: &mut Scope) -> Sequence {
        let (mut problems, mut left_out) = (Problems::new(), BTreeSet::new());
        for (i, name) in names.iter().enumerate() {
            if let Some(first) = names[..i].iter().find(|first| first.text == name.text) {
                problems.push(duplicate(name, first));
                left_out.insert(i);
            }
        }
        let needed = |m: &Mentions| (0..names.len()).filter(|j| m.contains(&names[*j].text)).collect();
        let mut needs: Vec<Vec<usize>> = mentions.iter().map(needed).collect();
        left_out.iter().for_each(|i| needs[*i].clear());
        let order = loop {
            match order(&needs) {
                Ok(order) => break order,
                Err(circle) => {
                    problems.push(circular(&circle.iter().map(|i| names[*i]).collect::<Vec<_>>()));
                    for i in circle {
                        needs[i].clear();
                        scope.broken(&names[i].text);
                        left_out.insert(i);
                    }
                }
            }
        };
        Sequence { order: order.into_iter().filter(|i| !left_out.contains(i)).collect(), problems }
    }

    /// The problems of the sequence together with those of its members.
    pub fn finish(self, members: Vec<Check<()>>) -> Check<()> {
        let own = self.problems.iter().map(|p| fail(p.clone()));
        all(own.chain(members)).map(drop)
    }
}

/// The indices `0..needs.len()`, each after those it needs, otherwise in their own order; or one circle, each of its
/// members needing the next.
fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting: Vec<BTreeSet<usize>> = needs.iter().map(|n| n.iter().copied().collect()).collect();
    let mut wanted_by: Vec<Vec<usize>> = vec![vec![]; needs.len()];
    for (i, needed) in waiting.iter().enumerate() {
        needed.iter().for_each(|n| wanted_by[*n].push(i));
    }
    let mut ready: BTreeSet<usize> = (0..needs.len()).filter(|i| waiting[*i].is_empty()).collect();
    let mut done = vec![];
    while let Some(next) = ready.pop_first() {
        done.push(next);
        for i in &wanted_by[next] {
            waiting[*i].remove(&next);
            if waiting[*i].is_empty() {
                ready.insert(*i);
            }
        }
    }
    if done.len() == needs.len() { Ok(done) } else { Err(circle(&waiting)) }
}

/// Follows what is still needed until something comes up for the second time.
fn circle(waiting: &[BTreeSet<usize>]) -> Vec<usize> {
    let Some(mut at) = waiting.iter().position(|w| !w.is_empty()) else { return vec![] };
    let mut path = vec![];
    while !path.contains(&at) {
        path.push(at);
        match waiting[at].first() {
            Some(next) => at = *next,
            None => return path,
        }
    }
    path.split_off(path.iter().position(|p| *p == at).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_the_rest_stays_in_place() {
        assert_eq!(order(&[vec![], vec![3], vec![], vec![]]), Ok(vec![0, 2, 3, 1]));
        assert_eq!(order(&[]), Ok(vec![]));
    }

    #[test]
    fn a_circle_is_named_without_what_merely_leads_to_it() {
        assert_eq!(order(&[vec![1], vec![2], vec![1]]), Err(vec![1, 2]));
        assert_eq!(order(&[vec![0]]), Err(vec![0]));
    }
}
