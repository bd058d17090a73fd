//! From raw numbers to columns of a support.

use super::*;

fn raw(width: usize, values: &[f64]) -> Raw {
    Raw { rows: values.len() / width, width, values: values.to_vec() }
}

fn encoded(raw: Raw, support: Support, width: usize) -> Result<Vec<f64>, String> {
    let column = encode("x", raw, support, width, place("x: unit[2]"));
    column.map(|c| c.values).map_err(|problems| told(problems, &folder()))
}

fn error(raw: Raw, support: Support, width: usize) -> String {
    encoded(raw, support, width).expect_err("a refusal")
}

#[test]
fn labels_become_one_hot_rows_and_such_rows_pass() {
    let rows = vec![0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    assert_eq!(encoded(raw(1, &[2.0, 0.0]), Support::OneHot, 3).as_ref(), Ok(&rows));
    assert_eq!(encoded(raw(3, &rows), Support::OneHot, 3).as_ref(), Ok(&rows));
    assert_eq!(encoded(raw(1, &[1.0]), Support::OneHot, 1), Ok(vec![1.0]));
}

#[test]
fn labels_out_of_range_say_where_labels_start() {
    assert_snapshot!(error(raw(1, &[1.0, 2.0, 3.0]), Support::OneHot, 3), @r##"
    error[E0405]: `x`, row 3: 3 is not one of the labels 0 to 2
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = help: labels start at 0, and these run from 1 to 3: subtract 1, as in `csv(…) - 1`
    "##);
    assert_snapshot!(error(raw(1, &[0.0, 5.0, -0.0, 4.0]), Support::OneHot, 3), @r##"
    error[E0405]: `x`, row 2: 5 is not one of the labels 0 to 2
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = note: row 4: 4 is not one of the labels 0 to 2
      = help: labels start at 0, and these run from 0 to 5: declare `one_hot[6]`
    "##);
    assert!(error(raw(1, &[0.5]), Support::OneHot, 3).contains("labels are whole numbers from 0 to 2"));
    assert!(error(raw(1, &[f64::NAN]), Support::OneHot, 3).contains("row 1: NaN is not one of the labels"));
    assert!(error(raw(1, &[0.0, 1.0]), Support::OneHot, usize::MAX).contains("do not fit in memory"));
}

#[test]
fn values_outside_the_support_are_listed() {
    let pixels: Vec<f64> = (0..20).map(f64::from).collect();
    assert_snapshot!(error(raw(2, &pixels), Support::Unit, 2), @r##"
    error[E0405]: `x`, row 2, column 1: 2 is not in `unit`
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = note: row 2, column 2: 3 is not in `unit`
      = note: row 3, column 1: 4 is not in `unit`
      = note: row 3, column 2: 5 is not in `unit`
      = note: row 4, column 1: 6 is not in `unit`
      = note: and 13 more
      = help: `unit` holds numbers from 0 to 1; the values here run from 0 to 19: rescale them, or declare `count`
    "##);
    assert_snapshot!(error(raw(1, &[0.0, f64::NAN]), Support::Real, 1), @r##"
    error[E0405]: `x`, row 2: NaN is not a finite number
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = help: leave out such rows, or change what makes them: a division by 0, a logarithm, a missing value
    "##);
    assert!(error(raw(1, &[0.0, 1.0]), Support::Bipolar, 1).contains("or declare `binary`"));
    assert!(error(raw(1, &[f64::INFINITY]), Support::Positive, 1).contains("row 1: inf is not a finite number"));
}

#[test]
fn rows_of_vector_supports_are_checked_whole() {
    assert!(encoded(raw(2, &[0.25, 0.75]), Support::Simplex, 2).is_ok());
    assert_snapshot!(error(raw(2, &[0.25, 0.75, 0.5, 0.75]), Support::Simplex, 2), @r##"
    error[E0405]: `x`, row 2: the elements sum to 1.25, not to 1
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = help: `simplex` holds rows of numbers from 0 that sum to 1
    "##);
    assert!(error(raw(2, &[1.5, -0.5]), Support::Simplex, 2).contains("row 1, column 1: 1.5 is not in `simplex`"));
    assert!(error(raw(2, &[1.0, 1.0]), Support::OneHot, 2).contains("the elements sum to 2, not to 1"));
}

#[test]
fn another_width_than_declared_is_refused() {
    assert_snapshot!(error(raw(3, &[0.0; 6]), Support::Unit, 2), @r##"
    error[E0406]: `x` has 3 numbers a row, but 2 are declared
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = help: declare `x: unit[3]`, or read other columns
    "##);
    assert!(error(raw(2, &[0.0; 6]), Support::OneHot, 3).contains("E0406"));
    assert!(error(raw(1, &[0.0]), Support::Real, 0).contains("E0406"));
}

#[test]
fn columns_of_a_table_have_equally_many_rows() {
    let column = |name: &str, rows, width| Column { name: name.into(), width, values: vec![0.0; rows * width] };
    let check = |columns| same_rows(&Table { columns }, place("x: unit[2]")).map_err(|d| told(d, &folder()));
    let error = |columns| check(columns).expect_err("a refusal");
    assert_eq!(check(vec![column("x", 3, 2), column("y", 3, 1)]), Ok(()));
    assert_snapshot!(error(vec![column("x", 3, 2), column("y", 4, 1)]), @r##"
    error[E0406]: the columns have unequal numbers of rows: `x` has 3, `y` has 4
     --> a.nem:1:1
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      | ^^^^^^^^^^ declared here
      |
      = help: read matching files, or take as many rows of each, as in `idx(…)[1..3]`
    "##);
    assert!(error(vec![]).contains("the data has no rows"));
    assert!(error(vec![column("x", 0, 2)]).contains("the data has no rows"));
}

#[test]
fn rows_are_taken_from_one_and_both_ends_count() {
    let data = raw(2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(data.rows_between(2, 3, source()), Ok(raw(2, &[3.0, 4.0, 5.0, 6.0])));
    assert_eq!(data.rows_between(1, 3, source()).as_ref(), Ok(&data));
    let error = |from, to| told(data.rows_between(from, to, source()).expect_err("a refusal"), &folder());
    assert_snapshot!(error(2, 4), @r##"
    error[E0406]: there is no row 4: the data has 3 rows
     --> a.nem:1:14
      |
    1 | x: unit[2] = csv("pixels.csv", "p0".."p1")
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ goes past the last row
      |
      = help: the data allows `2..3`
    "##);
    assert!(error(0, 2).contains("rows are counted from 1"));
    assert!(error(3, 2).contains("row 3 comes after row 2"));
    assert!(error(4, usize::MAX).contains("the data allows `1..3`"));
}
