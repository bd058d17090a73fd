//! The standard library: ordinary nem files that are built into the program.

/// Each file's name, as messages show it, and its text.
pub const FILES: &[(&str, &str)] = &[
    ("<stdlib>/likelihoods.nem", include_str!("../stdlib/likelihoods.nem")),
    ("<stdlib>/links.nem", include_str!("../stdlib/links.nem")),
    ("<stdlib>/layers.nem", include_str!("../stdlib/layers.nem")),
];
