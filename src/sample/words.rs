//! What is shown of noise and how it is called, by the criterion that it is looked at with.

use crate::model::Criterion;

pub struct Words {
    /// What a table calls the quantity, and what a picture does.
    pub column: &'static str,
    pub quantity: &'static str,
    /// What noise inside of the region does.
    pub inside: &'static str,
    /// Behind the name of what takes the noise.
    pub title: &'static str,
    /// Whether the quantity is negative inside, and not positive.
    pub falls: bool,
}

const NEM: Words = Words { column: "delta", quantity: "Δ(n)", inside: "helps", title: "", falls: false };
const ANTI: Words = Words { column: "delta", quantity: "Δ(n)", inside: "harms", title: " that harms", falls: true };
const ASCENT: Words = Words {
    column: "ascent",
    quantity: "δᵀ(δ_n − δ)",
    inside: "turns the gradient its way",
    title: " by the ascent condition",
    falls: false,
};

impl Words {
    pub fn of(criterion: Criterion) -> &'static Words {
        match criterion {
            Criterion::Nem => &NEM,
            Criterion::Anti => &ANTI,
            Criterion::Ascent => &ASCENT,
        }
    }

    /// `n helps: Δ(n) ≥ 0`
    pub fn condition(&self) -> String {
        let relation = if self.falls { "≤" } else { "≥" };
        format!("n {}: {} {relation} 0", self.inside, self.quantity)
    }
}
