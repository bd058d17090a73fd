//! Regions of noise with one component, where more can be told: a density that rises or falls throughout gives a
//! half-line, one that is even about a centre an interval with the mirror image at its other end, one with a single
//! peak an interval that ends where Δ turns negative.

use super::super::problem::Problem;
use super::Kind;
use crate::expr::{Expr, Func, Node, Trace, contains, expand, find, gradient, has_jumps, replace, simplify};
use crate::model::{Bound, Injection};

pub fn kind(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    if !p.is_line() {
        return None;
    }
    slope(p, trace).or_else(|| arc(p, trace)).or_else(|| even(p, trace)).or_else(|| peak(p, trace))
}

/// ln f rises, or falls, wherever it has a value.
fn slope(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    let scale = p.affine?.scale;
    // What jumps can fall although its slope is never negative.
    if has_jumps(p.before) {
        return None;
    }
    let slope = p.facts().slope(trace);
    let strict = Expr::mul_all(&slope.factors().into_iter().filter(|f| !vanishes(*f, p.outcome)).collect::<Vec<_>>());
    let direction = if strict.is_positive() {
        scale
    } else if strict.range().is_negative() {
        -scale
    } else {
        return None;
    };
    trace.add("rises-or-falls");
    Some(Kind::HalfSpace { normal: direction })
}

/// Whether a factor of the slope is never negative, and 0 only where the parameters make it so.
fn vanishes(factor: Expr, y: Expr) -> bool {
    factor.range().is_non_negative() && !factor.is_positive() && !contains(factor, y)
}

/// The factors of the slope that can be 0, so that ln f does not depend on the outcome.
pub fn flat(p: &Problem, trace: &mut Trace) -> Option<Expr> {
    let slope = p.facts().slope(trace);
    let factors: Vec<Expr> = slope.factors().into_iter().filter(|f| vanishes(*f, p.outcome)).collect();
    (!factors.is_empty()).then(|| Expr::mul_all(&factors))
}

/// ln f = c + κ cos(y − μ): the mirror image of the angle is as probable.
fn arc(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    let affine = p.affine?;
    let cosine = find(p.before, |e| matches!(e.node(), Node::Call(Func::Cos, _)))?;
    let Node::Call(_, angle) = cosine.node() else { return None };
    let (moving, sign) = (replace(p.before, cosine, Expr::num(0.0)), gradient(angle, p.outcome).as_num()?);
    let share = simplify((p.before - moving) / cosine, trace);
    if contains(moving, p.outcome) || contains(share, p.outcome) || sign.abs() != 1.0 || !share.is_positive() {
        return None;
    }
    trace.add("mirror");
    Some(Kind::Arc { other: simplify(expand(-2.0 * sign * angle / affine.scale + affine.still), trace) })
}

/// ln f falls strictly on both sides of a centre, evenly.
fn even(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    let affine = p.affine?;
    let fall = p.facts().fall().filter(|fall| fall.strictly)?;
    trace.add("mirror");
    let other = 2.0 * (fall.centre - p.outcome) / affine.scale + affine.still;
    Some(Kind::Between { other: simplify(expand(other), trace) })
}

/// ln f has one peak.
fn peak(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    p.affine?;
    p.facts().has_one_peak(trace).then(|| {
        trace.add("one-peak");
        Kind::Root
    })
}

/// A shape cut by the support where the result has a name: a half-line becomes an interval, everything a box.
pub fn cut(p: &Problem, kind: Kind, trace: &mut Trace) -> (Kind, Vec<Bound>) {
    let bounds = p.bounds.clone();
    let cut = match &kind {
        Kind::HalfSpace { normal } if p.is_line() => ray(p, *normal, &bounds, trace),
        Kind::Everything if !bounds.is_empty() => whole(p, &bounds, trace),
        _ => None,
    };
    cut.map_or((kind, bounds), |kind| (kind, vec![]))
}

/// A half-line with a known direction.
fn ray(p: &Problem, normal: Expr, bounds: &[Bound], trace: &mut Trace) -> Option<Kind> {
    let still = p.still();
    let (mut lower, mut upper) = match (normal.is_positive(), (-normal).is_positive()) {
        (true, _) => (Some(still), None),
        (_, true) => (None, Some(still)),
        _ => return None,
    };
    for bound in bounds {
        match limit(p, *bound, trace)? {
            Bound::Lower(x) if lower.is_none() => lower = Some(x),
            Bound::Upper(x) if upper.is_none() => upper = Some(x),
            _ => {}
        }
    }
    Some(Kind::Interval { lower, upper })
}

fn whole(p: &Problem, bounds: &[Bound], trace: &mut Trace) -> Option<Kind> {
    let limits = bounds.iter().map(|b| limit(p, *b, trace)).collect::<Option<Vec<Bound>>>()?;
    let lower = limits.iter().find_map(|b| if let Bound::Lower(x) = b { Some(*x) } else { None });
    let upper = limits.iter().find_map(|b| if let Bound::Upper(x) = b { Some(*x) } else { None });
    Some(if p.is_line() { Kind::Interval { lower, upper } } else { Kind::Box { lower, upper } })
}

/// A bound on the noisy outcome as one on the noise, where the sign of the scale is known.
fn limit(p: &Problem, bound: Bound, trace: &mut Trace) -> Option<Bound> {
    let affine = p.affine?;
    let add = p.injection == Injection::Add;
    let mut on_noise = |x: Expr| {
        let moved = if affine.scale == p.outcome && affine.still.is_num(1.0) {
            x / p.outcome
        } else {
            (x - p.outcome) / affine.scale + affine.still
        };
        simplify(moved, trace)
    };
    match (bound, add || affine.scale.is_positive(), (-affine.scale).is_positive()) {
        (Bound::Lower(x), true, _) | (Bound::Upper(x), _, true) => Some(Bound::Lower(on_noise(x))),
        (Bound::Upper(x), true, _) | (Bound::Lower(x), _, true) => Some(Bound::Upper(on_noise(x))),
        _ => None,
    }
}
