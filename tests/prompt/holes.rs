//! What is left open with `?`.

use super::last;

const MODEL: &str = "model M { input x: real[3]  observe y: real ~ ? }";

#[test]
fn look() {
    println!("{}", last(&[MODEL]));
    println!("{}", last(&["model M { input x: real[3]  h ~ ?  observe y: one_hot[3] ~ categorical(softmax(affine(h, 3))) }"]));
    println!("{}", last(&["model M { input x: real[3]  observe y: one_hot[3] ~ ? }"]));
    println!("{}", last(&["model M { input x: real[3]  observe y: interval(0, 1) ~ ? }"]));
    let data = "data d { x: real[2] = draw gaussian(0, 1) take 10  y: real = draw gaussian(0, 1) take 10 }";
    let model = "model M { input x: real[2]  observe y: real ~ gaussian(affine(x, 1), 1) }";
    println!("{}", last(&[data, model, "train M on d { epochs 1  noise y += ? compare none, nem }"]));
    println!("{}", last(&[data, model, "train M on d { epochs 1  noise y *= ? cooled 1 compare none, nem }"]));
    println!("{}", last(&[data, model, "train M on d { epochs 1  noise y ? compare none, nem }"]));
    println!("{}", last(&[data, model, "train M on d { epochs 1  noise x ? compare none, nem }"]));
    println!("{}", last(&[data, model, "train M on d { epochs ?  noise y ? compare none, nem }"]));
    println!("{}", last(&["fn f(x) = ?"]));
}
