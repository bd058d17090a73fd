//! The data that the examples come with.

use super::*;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}

fn mnist(name: &str) -> Raw {
    read_idx(&shipped("mnist-1k").join(name), source()).expect("shipped data")
}

#[test]
fn mnist_is_there_in_the_sizes_that_its_readme_states() {
    for part in ["train", "test"] {
        let images = mnist(&format!("{part}-images.gz"));
        assert_eq!((images.rows, images.width), (1000, 784));
        assert!(images.values.contains(&255.0) && images.values.iter().all(|x| (0.0..=255.0).contains(x)));
        let labels = encode("y", mnist(&format!("{part}-labels.gz")), Support::OneHot, 10, source());
        assert_eq!(labels.map(|y| y.rows()).ok(), Some(1000));
    }
    assert_eq!(mnist("train-labels.gz").values[..5], [5.0, 0.0, 4.0, 1.0, 9.0]);
    assert_eq!(mnist("test-labels.gz").values[..5], [7.0, 2.0, 1.0, 0.0, 4.0]);
}

#[test]
fn small_digits_are_read_by_their_column_names() {
    let path = shipped("digits8x8.csv.gz");
    let pixels = read_csv(&path, &[Pick::range("p0", "p63", source())], source()).expect("shipped data");
    assert_eq!((pixels.rows, pixels.width), (1797, 64));
    assert!(encode("x", pixels, Support::Interval(0.0, 16.0), 64, source()).is_ok());
    let labels = read_csv(&path, &[Pick::one("label", source())], source()).expect("shipped data");
    assert!(encode("y", labels, Support::OneHot, 10, source()).is_ok());
}
