//! The likelihoods of the library against independent values. One table drives everything: `reference.txt`.

mod density;
mod draws;
mod score;
mod table;

/// Fails with every line that there is.
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_likelihood_of_the_library_is_in_the_table() {
    let cases = table::cases();
    let tested = |name: &str| cases.iter().any(|c| !c.extreme && c.likelihood.name == name);
    let missing: Vec<String> = table::library().iter().map(|l| l.name.clone()).filter(|name| !tested(name)).collect();
    assert_none(&missing);
    assert!(table::library().len() >= 34);
}
