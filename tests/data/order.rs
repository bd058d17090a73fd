//! The order of an epoch, its batches and their rows.

use super::*;

/// The contract, computed apart from this crate: these numbers may not change from release to release.
#[test]
fn the_order_of_an_epoch_is_fixed_for_ever() {
    assert_eq!(epoch_order(1, 1, 10), [6, 4, 5, 2, 8, 3, 0, 9, 1, 7]);
    assert_eq!(epoch_order(7, 300, 1000)[..6], [913, 276, 538, 153, 35, 631]);
}

#[test]
fn every_order_of_three_is_equally_likely() {
    let mut counts = std::collections::HashMap::new();
    (0..6000).for_each(|seed| *counts.entry(epoch_order(seed, 1, 3)).or_insert(0) += 1);
    // Expected 1000 each, standard deviation 29; five of them either way.
    assert!(counts.len() == 6 && counts.values().all(|n| (855..1145).contains(n)), "{counts:?}");
}

#[test]
fn edge_sizes_are_harmless() {
    assert_eq!(epoch_order(1, 1, 0), [0; 0]);
    assert_eq!(epoch_order(1, 1, 1), [0]);
    assert_eq!(batches(&[], 3).count(), 0);
    assert_eq!(batches(&[1, 2], 0).count(), 2);
    assert_eq!(batches(&[1, 2, 3], 2).collect::<Vec<_>>(), [&[1, 2][..], &[3]]);
}

#[test]
fn gathering_replaces_what_was_there() {
    let mut out = vec![9.0f32; 7];
    gather(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, &[2, 0], &mut out);
    assert_eq!(out, [5.0, 6.0, 1.0, 2.0]);
}
