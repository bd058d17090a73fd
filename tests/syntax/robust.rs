//! Deep, long and senseless texts.

use super::*;

#[test]
fn deep_nesting_and_long_chains_are_refused_and_never_overflow() {
    let deep = [
        "(".repeat(100_000),
        "f(".repeat(5000) + "x" + &")".repeat(5000),
        "[".repeat(129) + &"]".repeat(129),
        "-".repeat(100_000) + "x",
        "2^".repeat(5000) + "2",
        "x + ".repeat(10_000) + "x",
        "draw ".repeat(100_000) + "x",
    ];
    for body in deep {
        let text = format!("fn f(x) = {body}\nfn g(x) = x");
        let (program, problems) = syntax::parse(FILE, &text);
        assert!(problems.has_errors() && spans_are_inside(&problems, &text));
        assert_eq!(program.decls.len(), 1);
        if !body.starts_with("draw") {
            assert_eq!(problems.iter().next().unwrap().code.id, "E0104");
        }
    }
    good(&format!("fn f(x) = {}x{}", "f((".repeat(64), "))".repeat(64)));
    good(&format!("fn f(x) = {}x", "x + ".repeat(1000)));
    good(&format!("fn f(x) = {}x", "-".repeat(1000)));
    good(&format!("fn f(x) = {}x", "x^".repeat(1000)));
}

#[test]
fn large_inputs_are_answered_quickly() {
    let mut state = 1u64;
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        char::from((state >> 33) as u8)
    };
    let junk: String = (0..500_000).map(|_| noise()).collect();
    let numbers = format!("fn f(x) = [{}]", "1.5, ".repeat(50_000));
    let quotes = "'a' ".repeat(1 << 18);
    let large = [
        quotes,
        junk,
        "\0".repeat(1 << 20),
        "}\n".repeat(1 << 19),
        "a".repeat(1 << 20),
        "fn f(x) = x\n".repeat(20_000),
        numbers,
    ];
    for text in large {
        let start = std::time::Instant::now();
        let (_, problems) = syntax::parse(FILE, &text);
        assert!(spans_are_inside(&problems, &text));
        let taken = start.elapsed().as_millis();
        assert!(taken < 3000, "{taken} ms for {:?}…", text.chars().take(20).collect::<String>());
    }
}
