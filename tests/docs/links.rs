//! Links between pages, and the table of contents.

use std::path::Path;

use super::assert_none;
use super::pages::{Page, pages};

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let failures = pages.iter().flat_map(|page| {
        let broken = targets(&page.prose()).into_iter().filter(|target| !leads(page, target, &pages));
        broken.map(|target| format!("{}: `{target}` leads nowhere", page.name)).collect::<Vec<_>>()
    });
    assert_none(&failures.collect::<Vec<_>>(), "links");
}

#[test]
fn every_page_of_the_book_is_in_its_contents() {
    let summary = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SUMMARY.md")).unwrap();
    let pages = pages();
    let names = pages.iter().filter_map(|page| page.name.strip_prefix("docs/")).filter(|n| *n != "SUMMARY.md");
    let missing: Vec<String> = names.filter(|n| !summary.contains(&format!("({n})"))).map(String::from).collect();
    assert_none(&missing, "not in docs/SUMMARY.md");
}

/// What stands in the round brackets of `[text](target)`.
fn targets(prose: &str) -> Vec<String> {
    let after = prose.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_string()).collect()
}

fn leads(page: &Page, target: &str, pages: &[Page]) -> bool {
    if target.starts_with("http") {
        return true;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { page.path.clone() } else { page.path.parent().unwrap().join(file) };
    let Ok(path) = path.canonicalize() else { return false };
    anchor.is_none_or(|anchor| {
        let other = pages.iter().find(|p| p.path.canonicalize().is_ok_and(|p| p == path));
        other.is_some_and(|p| p.prose().lines().filter_map(heading).any(|h| h == anchor))
    })
}

/// The anchor that a heading gets.
fn heading(line: &str) -> Option<String> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
}
