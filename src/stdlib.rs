//! The standard library: ordinary nem files that are built into the program.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        /// Each file's name, as messages show it, and its text.
        pub const FILES: &[(&str, &str)] =
            &[$((concat!("<stdlib>/", $path), include_str!(concat!("../stdlib/", $path)))),*];
    };
}

files![
    "likelihoods/real.nem",
    "likelihoods/positive.nem",
    "likelihoods/bounded.nem",
    "likelihoods/counts.nem",
    "likelihoods/classes.nem",
    "likelihoods/vectors.nem",
    "functions.nem",
    "links.nem",
    "layers.nem",
];
