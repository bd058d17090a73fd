//! Data from files: what is read, what is refused, and in which words.

mod csv;
mod encode;
mod idx;
mod order;
mod properties;
mod shipped;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use insta::assert_snapshot;
use nemlang::data::{Column, Pick, Raw, Table, batches, encode, epoch_order, gather, read_csv, read_idx, same_rows};
use nemlang::diag::{Diagnostic, MessageFormat, Problems, render};
use nemlang::model::Support;
use nemlang::source::{FileId, SourceFile, Sources, Span};
use tempfile::TempDir;

/// The declaration that messages point into.
const PROGRAM: &str = r#"x: unit[2] = csv("pixels.csv", "p0".."p1")"#;

fn place(part: &str) -> Span {
    let start = PROGRAM.find(part).expect("a part of the program");
    Span::new(FileId(0), start, start + part.len())
}

fn source() -> Span {
    place(r#"csv("pixels.csv", "p0".."p1")"#)
}

/// The messages of an error as a user sees them, with the temporary folder called `DIR`.
fn told(problems: impl Into<Problems>, dir: &TempDir) -> String {
    let mut sources = Sources::default();
    sources.add(SourceFile { name: "a.nem".into(), text: PROGRAM.into() });
    let text = render(&problems.into(), &sources, MessageFormat::Text, false);
    text.replace(&dir.path().display().to_string(), "DIR").trim_end().to_string()
}

fn file(dir: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a temporary file");
    path
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(vec![], Compression::fast());
    packed.write_all(bytes).expect("writing to memory");
    packed.finish().expect("writing to memory")
}

fn idx(code: u8, axes: &[u32], elements: &[u8]) -> Vec<u8> {
    let header = [0, 0, code, axes.len() as u8];
    header.into_iter().chain(axes.iter().flat_map(|a| a.to_be_bytes())).chain(elements.iter().copied()).collect()
}

fn idx_error(content: &[u8]) -> String {
    let dir = folder();
    let path = file(&dir, "f.gz", content);
    told(read_idx(&path, source()).expect_err("a refusal"), &dir)
}

fn csv_of(content: &[u8], picks: &[Pick]) -> Result<Raw, String> {
    let dir = folder();
    let path = file(&dir, "pixels.csv", content);
    read_csv(&path, picks, source()).map_err(|problems| told(problems, &dir))
}

fn csv_error(content: &str, picks: &[Pick]) -> String {
    csv_of(content.as_bytes(), picks).expect_err("a refusal")
}

fn p0_to_p1() -> [Pick; 1] {
    [Pick::range("p0", "p1", place(r#""p0".."p1""#))]
}
