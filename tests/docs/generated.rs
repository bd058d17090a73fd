//! Parts of pages that are made from the program: between `<!-- generated: NAME -->` and `<!-- end -->`.

use nemlang::diag::codes;
use nemlang::expr::RULES;
use nemlang::model::Support;
use nemlang::model::support::Form;
use nemlang::source::FileId;
use nemlang::stdlib;
use nemlang::syntax::{self, ast::Decl};

use super::pages::{Page, pages};
use super::{assert_none, blessing, run, turn};

const START: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

type Maker = fn() -> String;

const PARTS: &[(&str, Maker)] = &[
    ("codes", codes_table),
    ("supports", supports_table),
    ("rules", rules_table),
    ("real", || library("real")),
    ("positive", || library("positive")),
    ("bounded", || library("bounded")),
    ("counts", || library("counts")),
    ("classes", || library("classes")),
    ("vectors", || library("vectors")),
    ("functions", || library("functions")),
    ("links", || library("links")),
    ("layers", || library("layers")),
];

#[test]
fn generated_parts_are_up_to_date() {
    let _turn = turn();
    let pages = pages();
    let failures: Vec<String> = pages.iter().flat_map(check).collect();
    assert_none(&failures, "run `NEM_BLESS=1 cargo test --test docs`");
    for (name, _) in PARTS {
        let marker = format!("{START}{name} -->");
        assert!(pages.iter().any(|p| p.text.contains(&marker)), "`{name}` stands on no page");
    }
}

fn check(page: &Page) -> Vec<String> {
    let (mut stale, mut parts) = (vec![], vec![]);
    for (at, _) in page.text.match_indices(START) {
        let rest = &page.text[at + START.len()..];
        let (name, after) = rest.split_once(" -->").unwrap();
        let Some((_, make)) = PARTS.iter().find(|(known, _)| *known == name) else {
            stale.push(format!("{}: nothing generates `{name}`", page.name));
            continue;
        };
        let start = page.text.len() - after.len();
        let end = start + after.find(END).unwrap_or_else(|| panic!("{}: no `{END}` after `{name}`", page.name));
        let made = format!("\n{}", make());
        if page.text[start..end] != made {
            stale.push(format!("{}: `{name}` is not what the program says", page.name));
            parts.push((start..end, made));
        }
    }
    if blessing() {
        page.replace(parts);
        stale.clear();
    }
    stale
}

const AREAS: &[(&str, &str)] = &[
    ("E01", "Reading the text"),
    ("E02", "Names"),
    ("E03", "Shapes, supports, arguments"),
    ("E04", "Data"),
    ("E05", "Training settings"),
    ("E06", "Derivation"),
    ("E07", "Running"),
    ("E08", "Results on disk"),
    ("E09", "The command line"),
    ("W", "Legal but suspicious"),
];

fn codes_table() -> String {
    let area = |(start, title): &(&str, &str)| {
        let rows =
            codes::ALL.iter().filter(|c| c.id.starts_with(start)).map(|c| format!("| `{}` | {} |\n", c.id, c.title));
        format!("\n### {title}\n\n| code | meaning |\n|---|---|\n{}", rows.collect::<String>())
    };
    let text: String = AREAS.iter().map(area).collect();
    let told = codes::ALL.iter().filter(|c| text.contains(&format!("| `{}` |", c.id))).count();
    assert_eq!(told, codes::ALL.len(), "a code is in no area");
    text + "\n"
}

fn supports_table() -> String {
    let row = |name: &&str| {
        let support = [&[][..], &[-1.0], &[-1.0, 1.0]].iter().find_map(|x| Support::named(name, x)).unwrap();
        let of = match support.form() {
            Form::Scalar => "numbers",
            Form::Total | Form::Increasing => "rows",
            Form::Square => "matrices",
        };
        let values = if support.is_discrete() { "discrete" } else { "continuous" };
        let written = match of {
            "rows" => format!("{support}[K]"),
            "matrices" => format!("{support}[K, K]"),
            _ => support.to_string(),
        };
        format!("| `{written}` | {} | {of} | {values} |\n", support.holds())
    };
    let rows: String = Support::ALL_NAMES.iter().map(row).collect();
    format!("| support | holds | of | values |\n|---|---|---|---|\n{rows}")
}

fn rules_table() -> String {
    let rows: String = RULES.iter().map(|r| format!("| `{}` | {} |\n", r.name, r.says.replace('|', "\\|"))).collect();
    format!("| rule | says |\n|---|---|\n{rows}")
}

/// One file of the standard library: every declaration with its comment, its source, and what is derived from it.
fn library(file: &str) -> String {
    let (_, text) = stdlib::FILES.iter().find(|(name, _)| name.ends_with(&format!("/{file}.nem"))).unwrap();
    let (program, problems) = syntax::parse(FileId(0), text);
    assert!(problems.is_empty());
    program.decls.iter().map(|decl| declaration(decl, text)).collect()
}

fn declaration(decl: &Decl, text: &str) -> String {
    let (doc, span) = match decl {
        Decl::Fn(d) => (&d.doc, d.span),
        Decl::Likelihood(d) => (&d.doc, d.span),
        Decl::Layer(d) => (&d.doc, d.span),
        _ => panic!("the library holds functions, likelihoods and layers"),
    };
    let name = &decl.name().unwrap().text;
    let doc = doc.as_ref().unwrap_or_else(|| panic!("`{name}` has no `///` comment")).replace('\n', " ");
    let source = &text[span.start..span.end];
    let mut section = format!("\n### {name}\n\n{doc}\n\n```nem\n{source}\n```\n");
    if matches!(decl, Decl::Likelihood(_)) {
        let command = format!("nem derive {name}");
        section += &format!("\n```console\n$ {command}\n{}```\n", run(&command, &std::env::temp_dir()));
    }
    section
}
