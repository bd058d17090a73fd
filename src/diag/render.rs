//! Diagnostics as text for people (underlined source) and as JSON for tools.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Problems, Severity};
use crate::source::{FileId, Sources, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MessageFormat {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything there is to tell, in the order of the source.
pub fn render(problems: &Problems, sources: &Sources, format: MessageFormat, colour: bool) -> String {
    let each = problems.sorted().into_iter().map(|d| match format {
        MessageFormat::Text => text(d, sources, colour) + "\n\n",
        MessageFormat::Json => json_line(d, sources).to_string() + "\n",
    });
    each.collect()
}

fn text(d: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let level = if d.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(d.message.as_str()).id(d.code.id);
    let mut group = Group::with_title(title);
    for file in files(d) {
        group = group.element(snippet(d, file, sources));
    }
    for note in &d.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// The files a diagnostic speaks of, the one of its primary span first.
fn files(d: &Diagnostic) -> Vec<FileId> {
    let mut files = vec![];
    for span in d.primary.iter().chain(&d.related).map(|(span, _)| span) {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    files
}

fn snippet<'a>(
    d: &'a Diagnostic,
    file: FileId,
    sources: &'a Sources,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = sources.get(file);
    let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str()).fold(true);
    for (kind, (span, label)) in annotations(d).filter(|(_, (span, _))| span.file == file) {
        snippet = snippet.annotation(kind.span(range(span, &source.text)).label(label.as_str()));
    }
    snippet
}

fn annotations(d: &Diagnostic) -> impl Iterator<Item = (AnnotationKind, &(Span, String))> {
    let primary = d.primary.iter().map(|a| (AnnotationKind::Primary, a));
    primary.chain(d.related.iter().map(|a| (AnnotationKind::Context, a)))
}

/// The span as a range inside the text: never past its end, and never cutting a character.
fn range(span: &Span, text: &str) -> std::ops::Range<usize> {
    let whole = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    whole(span.start)..whole(span.end.max(span.start))
}

fn json_line(d: &Diagnostic, sources: &Sources) -> Value {
    json!({
        "code": d.code.id,
        "severity": if d.is_error() { "error" } else { "warning" },
        "message": d.message,
        "place": d.primary.as_ref().map(|p| place(p, sources)),
        "related": d.related.iter().map(|p| place(p, sources)).collect::<Vec<_>>(),
        "notes": d.notes,
        "help": d.help,
    })
}

fn place((span, label): &(Span, String), sources: &Sources) -> Value {
    let (line, column) = sources.line_column(*span);
    json!({
        "file": sources.get(span.file).name,
        "line": line, "column": column,
        "start": span.start, "end": span.end,
        "label": label,
    })
}
