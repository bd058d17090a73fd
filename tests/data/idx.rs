//! IDX files.

use super::*;

#[test]
fn every_element_type_is_read() {
    let cases: [(u8, Vec<u8>, [f64; 2]); 6] = [
        (0x08, vec![0, 255], [0.0, 255.0]),
        (0x09, vec![0x80, 1], [-128.0, 1.0]),
        (0x0b, [-300i16, 2].iter().flat_map(|x| x.to_be_bytes()).collect(), [-300.0, 2.0]),
        (0x0c, [-70_000i32, 3].iter().flat_map(|x| x.to_be_bytes()).collect(), [-70_000.0, 3.0]),
        (0x0d, [0.5f32, -1.25].iter().flat_map(|x| x.to_be_bytes()).collect(), [0.5, -1.25]),
        (0x0e, [0.1f64, -1e300].iter().flat_map(|x| x.to_be_bytes()).collect(), [0.1, -1e300]),
    ];
    let dir = folder();
    for (code, elements, expected) in cases {
        let path = file(&dir, "f", &idx(code, &[2], &elements));
        let raw = read_idx(&path, source()).expect("a sound file");
        assert_eq!((raw.rows, raw.width, &raw.values[..]), (2, 1, &expected[..]), "type {code:02x}");
    }
}

#[test]
fn packing_is_seen_in_the_content_and_not_in_the_name() {
    let dir = folder();
    let bytes = idx(8, &[2, 1, 3], &[1, 2, 3, 4, 5, 6]);
    let plain = read_idx(&file(&dir, "plain.gz", &bytes), source()).expect("plain bytes");
    let packed = read_idx(&file(&dir, "packed.idx", &gzip(&bytes)), source()).expect("packed bytes");
    assert_eq!(plain, Raw { rows: 2, width: 3, values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] });
    assert_eq!(plain, packed);
}

#[test]
fn missing_files_are_answered_with_what_is_there() {
    let dir = folder();
    file(&dir, "train-images.gz", b"");
    file(&dir, "train-labels.gz", b"");
    let error = |name: &str| told(read_idx(&dir.path().join(name), source()).expect_err("a refusal"), &dir);
    assert_snapshot!(error("train-imags.gz"), @r##"
    error[E0401]: `DIR/train-imags.gz` does not exist
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: did you mean `DIR/train-images.gz`?
    "##);
    assert_snapshot!(error("train.idx"), @r##"
    error[E0401]: `DIR/train.idx` does not exist
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: the folder DIR holds train-images.gz, train-labels.gz
    "##);
    assert!(error("none/train.gz").contains("the folder DIR holds train-"), "{}", error("none/train.gz"));
    assert!(error("").contains("is a folder"), "{}", error(""));
}

#[test]
fn a_slip_in_a_folder_is_corrected_in_the_path_as_written() {
    let path = Path::new("examples/dta/mnist-1k/train-images.gz");
    let error = read_idx(path, source()).expect_err("a refusal");
    assert!(error.notes[0].starts_with("looked for ") && error.notes[0].ends_with("dta/mnist-1k/train-images.gz"));
    assert_eq!(error.help.as_deref(), Some("did you mean `examples/data/mnist-1k/train-images.gz`?"));
}

#[test]
fn other_formats_are_refused() {
    assert_snapshot!(idx_error(b"p0,p1\n1,2\n"), @r##"
    error[E0402]: `DIR/f.gz` is not an IDX file: it begins with the bytes 70 30 2c 70
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = note: an IDX file begins with 00 00, one of 08 09 0b 0c 0d 0e, and the number of axes
      = help: it looks like text: for comma-separated values write `csv(…)`
    "##);
    assert!(idx_error(&idx(0x0a, &[1], &[1])).contains("bytes 00 00 0a 01"));
    assert!(idx_error(&[0, 0, 8, 0, 1]).contains("bytes 00 00 08 00"));
    assert!(idx_error(&gzip(&gzip(&idx(8, &[1], &[1])))).contains("gzipped twice"));
    assert!(idx_error(b"\x93NUMPY").contains("NumPy"));
    assert!(idx_error(&idx(8, &[0, 28], &[])).contains("holds no numbers: its shape is 0 × 28"));
    assert!(idx_error(&idx(8, &[1], &[1, 2, 3])).contains("has 2 bytes left over after its 1 items"));
}

#[test]
fn files_that_end_too_early_are_refused() {
    assert_snapshot!(idx_error(&idx(0x0d, &[2, 3], &[0; 23])), @r##"
    error[E0403]: `DIR/f.gz` ends too early: expected 24 bytes for 2 × 3 items, found 23
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: the file was probably not copied whole: fetch it again
    "##);
    assert!(idx_error(&idx(8, &[1, 1], &[])[..9]).contains("expected 8 bytes for 2 axes, found 5"));
    assert!(idx_error(b"").contains("is empty"));
    assert!(idx_error(&gzip(b"")).contains("is empty"));
    let packed = gzip(&idx(8, &[1000], &[7; 1000]));
    assert!(idx_error(&packed[..packed.len() - 12]).contains("E0403"));
}

#[test]
fn damaged_packing_is_noticed_by_its_checksum() {
    let mut packed = gzip(&idx(8, &[1000], &[7; 1000]));
    let checksum = packed.len() - 8;
    packed[checksum] ^= 1;
    assert_snapshot!(idx_error(&packed), @r##"
    error[E0402]: `DIR/f.gz` has a damaged gzip packing: corrupt gzip stream does not have a matching checksum
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: fetch the file again; `gzip -t` tells whether it is sound
    "##);
}

#[test]
fn absurd_dimensions_cost_no_memory() {
    assert!(idx_error(&idx(0x0e, &[u32::MAX; 255], &[])).contains("more than fit in memory"));
    assert!(idx_error(&idx(8, &[1 << 20, 1 << 11], &[])).contains("more than fit in memory"));
    assert!(idx_error(&idx(8, &[1 << 15, 1 << 15], &[1])).contains("expected 1073741824 bytes"));
}
