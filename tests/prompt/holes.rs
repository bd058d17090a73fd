//! What is left open with `?`.

use super::last;

const MODEL: &str = "model M { input x: real[3]  observe y: real ~ ? }";

#[test]
fn look() {
    println!("{}", last(&[MODEL]));
    println!("{}", last(&["model M { input x: real[3]  h ~ ?  observe y: one_hot[3] ~ categorical(softmax(affine(h, 3))) }"]));
}
