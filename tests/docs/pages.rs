//! Markdown pages: their code blocks, and writing them anew.

use std::ops::Range;
use std::path::{Path, PathBuf};

pub struct Page {
    /// From the root of the repository.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block of code.
pub struct Block {
    pub info: String,
    pub body: String,
    /// The line of its fence, from 1.
    pub line: usize,
    /// The body's place in the page.
    pub range: Range<usize>,
}

/// README, change log, architecture, and every page of the book.
pub fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> =
        ["README.md", "CHANGELOG.md", "ARCHITECTURE.md", "examples/data/README.md"].map(|p| root.join(p)).into();
    find(&root.join("docs"), &mut paths);
    paths.sort();
    let page = |path: PathBuf| Page {
        name: path.strip_prefix(root).unwrap().display().to_string(),
        text: std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"),
        path,
    };
    paths.into_iter().map(page).collect()
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) {
    for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            find(&path, paths);
        } else if path.extension().is_some_and(|e| e == "md") {
            paths.push(path);
        }
    }
}

impl Page {
    pub fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut open, mut at) = (vec![], None, 0);
        for (i, line) in self.text.split_inclusive('\n').enumerate() {
            let end = at + line.len();
            match (line.strip_prefix("```"), open.take()) {
                (Some(info), None) => open = Some((info.trim().to_string(), i + 1, end)),
                (Some(_), Some((info, line, start))) => {
                    blocks.push(Block { info, body: self.text[start..at].to_string(), line, range: start..at });
                }
                (None, still) => open = still,
            }
            at = end;
        }
        assert!(open.is_none(), "{}: a block of code is not closed", self.name);
        blocks
    }

    /// The page without its blocks of code, for links and headings.
    pub fn prose(&self) -> String {
        let mut prose = self.text.clone();
        self.blocks().iter().rev().for_each(|b| prose.replace_range(b.range.clone(), ""));
        prose
    }

    /// Writes the page with other text in these places, if that changes it.
    pub fn replace(&self, mut parts: Vec<(Range<usize>, String)>) {
        let mut text = self.text.clone();
        parts.sort_by_key(|(range, _)| range.start);
        for (range, new) in parts.into_iter().rev() {
            text.replace_range(range, &new);
        }
        if text != self.text {
            std::fs::write(&self.path, text).unwrap();
        }
    }
}

impl Block {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.info.split(',')
    }

    pub fn language(&self) -> &str {
        self.words().next().unwrap_or_default()
    }

    pub fn has(&self, word: &str) -> bool {
        self.words().any(|w| w == word)
    }

    pub fn file(&self) -> Option<&str> {
        self.words().find_map(|w| w.strip_prefix("file="))
    }

    /// The codes that a bad program must give.
    pub fn codes(&self) -> Vec<&str> {
        self.words().filter(|w| w.len() == 5 && w.starts_with(['E', 'W'])).collect()
    }

    /// Commands, each with what is shown below it.
    pub fn commands(&self) -> Vec<(&str, String)> {
        let mut commands: Vec<(&str, String)> = vec![];
        for line in self.body.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command, String::new())),
                (None, Some((_, shown))) => *shown += &format!("{line}\n"),
                (None, None) => panic!("a console block begins with a command, not with `{line}`"),
            }
        }
        commands
    }
}
