//! CSV files.

use super::*;

#[test]
fn columns_are_picked_by_name_and_by_range() {
    let content = b"a,p0,p1,label\n1,2,3,4\n5,6,7,8\n";
    let one = |name| Pick::one(name, source());
    let picked = |picks: &[Pick]| csv_of(content, picks).expect("a sound file");
    assert_eq!(picked(&p0_to_p1()), Raw { rows: 2, width: 2, values: vec![2.0, 3.0, 6.0, 7.0] });
    assert_eq!(picked(&[one("label"), one("a")]).values, [4.0, 1.0, 8.0, 5.0]);
    assert_eq!(picked(&[]).width, 4);
}

#[test]
fn marks_line_ends_quotes_and_spaces_are_understood() {
    let plain = csv_of(b"p0,p1\n1,-2.5e3\n", &[]).expect("a sound file");
    for content in [
        "\u{feff}p0,p1\r\n1,-2.5e3\r\n",
        "\"p0\",\"p1\"\r\n\"1\",\"-2.5e3\"\r\n\r\n",
        "\u{feff}\"p0\",\"p1\"\n1,-2.5e3",
        " p0 ,p1 \n\n 1 , -2.5e3 \n\n",
    ] {
        assert_eq!(csv_of(content.as_bytes(), &p0_to_p1()).as_ref(), Ok(&plain), "{content:?}");
    }
    assert_eq!(csv_of(&gzip(b"p0,p1\n1,-2.5e3\n"), &[]), Ok(plain));
}

#[test]
fn cells_that_are_not_numbers_are_listed_and_counted() {
    assert_snapshot!(csv_error("p0,p1\n1,2\n\n1,two\n,2\n", &p0_to_p1()), @r##"
    error[E0405]: `DIR/pixels.csv`, line 4, column `p1`: `two` is not a number
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = note: line 5, column `p0`: the cell is empty
      = help: write a number, such as 0.5, or leave out the line
    "##);
    let many = format!("p0,p1\n{}", "1,x\n".repeat(9));
    assert_snapshot!(csv_error(&many, &p0_to_p1()), @r##"
    error[E0405]: `DIR/pixels.csv`, line 2, column `p1`: `x` is not a number
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = note: line 3, column `p1`: `x` is not a number
      = note: line 4, column `p1`: `x` is not a number
      = note: line 5, column `p1`: `x` is not a number
      = note: line 6, column `p1`: `x` is not a number
      = note: and 4 more
      = help: write a number, such as 0.5, or leave out the line
    "##);
    assert!(csv_error("p0\r\n1\r\nnan\r\n", &[]).contains("line 3, column `p0`: `nan` is not a finite number"));
    assert!(csv_error("p0\n1e999\n", &[]).contains("`1e999` is not a finite number"));
    assert!(csv_error(&format!("p0\n{}\n", "é".repeat(99)), &[]).contains(&format!("`{}…`", "é".repeat(40))));
}

#[test]
fn lines_of_unequal_length_are_listed_beside_other_findings() {
    assert_snapshot!(csv_error("p0,p1\n1,2,3\n4\n5,x\n", &p0_to_p1()), @r##"
    error[E0402]: `DIR/pixels.csv`, line 2: 3 cells where the header names 2
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = note: line 3: 1 cell where the header names 2
      = help: give every line 2 cells, and put a cell that holds a comma in quotes

    error[E0405]: `DIR/pixels.csv`, line 4, column `p1`: `x` is not a number
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: write a number, such as 0.5, or leave out the line
    "##);
}

#[test]
fn unknown_columns_are_answered_with_the_header() {
    let wrong = Pick::range("p0", "q1", place(r#""p0".."p1""#));
    assert_snapshot!(csv_error("p0,p1\n1,2\n", &[wrong]), @r##"
    error[E0404]: `DIR/pixels.csv` has no column `q1`
     --> a.nem:1:32
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |                                ^^^^^^^^^^ not in the header
      |
      = help: did you mean `p1`?
    "##);
    let far = Pick::one("weight", source());
    assert!(csv_error("p0,p1\n1,2\n", &[far]).contains("its columns are p0, p1"));
    assert_snapshot!(csv_error("0.5,2\n1,2\n", &p0_to_p1()), @r##"
    error[E0402]: `DIR/pixels.csv` has no header line: its first line, `0.5,2`, holds numbers
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ read here
      |
      = help: add a line above it that names the columns
    "##);
    let backwards = Pick::range("p1", "p0", source());
    assert!(csv_error("p0,p1\n1,2\n", &[backwards]).contains(r#"write `"p0".."p1"`"#));
    assert!(csv_error("p0,p1,p1\n1,2,3\n", &p0_to_p1()).contains("more than one column `p1`"));
}

#[test]
fn files_without_header_rows_or_commas_are_refused() {
    assert!(csv_error("", &[]).contains("is empty"));
    assert!(csv_error("p0,p1\n", &[]).contains("has a header but no rows"));
    assert!(csv_error("1,2\n3,4\n", &[]).contains("has no header line: its first line, `1,2`, holds numbers"));
    assert!(csv_error("p0;p1\n1;2\n", &[]).contains("has no commas in its header, `p0;p1`"));
    assert!(csv_error("p\0\0\n1\n", &[]).contains("is not text in UTF-8"));
    let cut = &gzip("p0\n1\n".repeat(500).as_bytes())[..20];
    assert!(csv_of(cut, &[]).expect_err("a refusal").contains("E0403"));
}
