//! The parts that a document is made of.

use super::display::display;
use super::words::escaped;

/// Collects the text of a document.
#[derive(Default)]
pub struct Paper {
    text: String,
    /// Steps of the section so far.
    steps: usize,
}

impl Paper {
    /// A section; its title is LaTeX.
    pub fn section(&mut self, title: &str) {
        self.text += &format!("\n\\section{{{title}}}\n");
        self.steps = 0;
    }

    pub fn part(&mut self, title: &str) {
        self.text += &format!("\n\\subsection*{{{title}}}\n");
    }

    pub fn paragraph(&mut self, text: &str) {
        self.text += &format!("\n\\medskip\n{text}\n");
    }

    pub fn list(&mut self, items: &[String]) {
        let items: String = items.iter().map(|item| format!("\\item {item}\n")).collect();
        self.text += &format!("\\begin{{itemize}}\n{items}\\end{{itemize}}\n");
    }

    /// A numbered step: a sentence, then formulas one below the other.
    pub fn step(&mut self, sentence: &str, formulas: &[String]) {
        self.steps += 1;
        self.text += &format!("\n\\step{{{sentence}}}\n");
        formulas.iter().for_each(|f| self.text += &display(f));
    }

    /// How many steps the section has.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The rewrite rules of the steps since there were `before` of them.
    pub fn rules<'a>(&mut self, before: usize, rules: impl IntoIterator<Item = &'a str>) {
        let mut distinct: Vec<&str> = vec![];
        rules.into_iter().for_each(|rule| {
            if !distinct.contains(&rule) {
                distinct.push(rule)
            }
        });
        let steps = match (before + 1, self.steps) {
            (first, last) if first >= last => format!("Rewriting in step {last}"),
            (first, last) => format!("Rewriting in steps {first} to {last}"),
        };
        let rules = if distinct.is_empty() { "arithmetic alone".into() } else { escaped(&distinct.join(", ")) };
        self.text += &format!("\\rewriting{{{steps}}}{{{rules}}}\n");
    }

    pub fn finish(self) -> String {
        self.text
    }
}
