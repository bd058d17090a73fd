//! Arithmetic on expressions with the usual operators.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Expr;

impl Add for Expr {
    type Output = Expr;
    fn add(self, other: Expr) -> Expr {
        Expr::add_all(&[self, other])
    }
}

impl Sub for Expr {
    type Output = Expr;
    fn sub(self, other: Expr) -> Expr {
        Expr::add_all(&[self, -other])
    }
}

impl Mul for Expr {
    type Output = Expr;
    fn mul(self, other: Expr) -> Expr {
        Expr::mul_all(&[self, other])
    }
}

impl Div for Expr {
    type Output = Expr;
    fn div(self, other: Expr) -> Expr {
        self * other.powi(-1)
    }
}

impl Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        Expr::num(-1.0) * self
    }
}

impl Mul<Expr> for f64 {
    type Output = Expr;
    fn mul(self, other: Expr) -> Expr {
        Expr::num(self) * other
    }
}

impl Add<f64> for Expr {
    type Output = Expr;
    fn add(self, other: f64) -> Expr {
        self + Expr::num(other)
    }
}

impl Sub<f64> for Expr {
    type Output = Expr;
    fn sub(self, other: f64) -> Expr {
        self - Expr::num(other)
    }
}

impl Sub<Expr> for f64 {
    type Output = Expr;
    fn sub(self, other: Expr) -> Expr {
        Expr::num(self) - other
    }
}
