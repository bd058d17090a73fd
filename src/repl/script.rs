//! A script as the inputs that it is made of.

use std::io::{self, BufRead, Lines};

use super::input;
use super::terminal::PROMPT;
use crate::syntax;

/// What stands before inputs in the book.
const PROMPTS: [&str; 2] = [PROMPT, "...> "];

/// The inputs of a text, each as soon as its last line is read. One that is unfinished at the end comes as it is.
pub struct Inputs<R> {
    lines: Lines<R>,
    /// How many lines were given out.
    count: usize,
    /// A line that was read and belongs to the next input.
    held: Option<String>,
}

impl<R: BufRead> Inputs<R> {
    pub fn new(text: R) -> Self {
        Inputs { lines: text.lines(), count: 0, held: None }
    }

    fn line(&mut self) -> Option<io::Result<String>> {
        self.count += 1;
        self.held.take().map(Ok).or_else(|| self.lines.next().map(|line| line.map(unprompted)))
    }
}

/// What is entered, and the line at which it begins, from 1.
pub struct Input {
    pub text: String,
    pub line: usize,
}

impl<R: BufRead> Iterator for Inputs<R> {
    type Item = io::Result<Input>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut text, mut first) = (String::new(), self.count + 1);
        loop {
            let line = match self.line() {
                Some(Ok(line)) => line,
                Some(Err(error)) => return Some(Err(error)),
                None => return input::has_code(&text).then_some(Ok(Input { text, line: first })),
            };
            if text.is_empty() && line.trim().is_empty() {
                first = self.count + 1;
                continue;
            }
            match (begins_anew(&line), input::has_code(&text)) {
                (true, true) => {
                    self.held = Some(line);
                    self.count -= 1;
                    return Some(Ok(Input { text, line: first }));
                }
                (_, false) if line.starts_with(':') && !line.contains('{') => {
                    return Some(Ok(Input { text: line, line: self.count }));
                }
                // Comments above a command say nothing to it.
                (_, false) if line.starts_with(':') => (text, first) = (line + "\n", self.count),
                _ => text = text + &line + "\n",
            }
            if input::has_code(&text) && !input::wants_more(&text) {
                return Some(Ok(Input { text, line: first }));
            }
        }
    }
}

/// Without the prompt that stands before it where a session was copied.
fn unprompted(line: String) -> String {
    let rest = PROMPTS.iter().find_map(|prompt| line.strip_prefix(prompt));
    rest.map_or(line.clone(), String::from)
}

/// Whether a line cannot be a part of what stands before it, so that a bracket left open ends there.
fn begins_anew(line: &str) -> bool {
    line.starts_with(':') || !line.starts_with(char::is_whitespace) && syntax::declares(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(text: &str) -> Vec<String> {
        Inputs::new(text.as_bytes())
            .map(|input| input.map(|i| i.text.trim_end().to_string()).unwrap_or_default())
            .collect()
    }

    #[test]
    fn an_input_ends_where_its_brackets_close() {
        assert_eq!(inputs("1 + 1\n:help\nf(\n\n2)\n"), ["1 + 1", ":help", "f(\n\n2)"]);
        assert_eq!(inputs("fn f(x) =\n    x\n2 *\n3"), ["fn f(x) =\n    x", "2 *\n3"]);
    }

    #[test]
    fn inputs_know_their_lines() {
        let text = "1 + 1\n\n:help\n// a\nfn f(\n  x\n) = x\nf(\n:quit\n";
        let lines: Vec<usize> = Inputs::new(text.as_bytes()).map(|input| input.unwrap().line).collect();
        assert_eq!(lines, [1, 3, 4, 8, 9]);
    }

    #[test]
    fn copied_prompts_are_left_out() {
        assert_eq!(inputs("nem> fn f(x) =\n...>     x\nnem> :help"), ["fn f(x) =\n    x", ":help"]);
    }

    #[test]
    fn comments_go_with_what_follows() {
        assert_eq!(inputs("// a\n/// b\nfn f(x) = x\n// c\n\n"), ["// a\n/// b\nfn f(x) = x"]);
        assert_eq!(inputs("// a\n:help"), [":help"]);
        assert_eq!(inputs("// a\n:train M {\n}\n:help"), [":train M {\n}", ":help"]);
    }

    #[test]
    fn what_is_left_open_ends_at_a_declaration_a_command_or_the_end() {
        assert_eq!(inputs("model M { f(\ndata d { }\n"), ["model M { f(", "data d { }"]);
        assert_eq!(inputs("f(\n:quit"), ["f(", ":quit"]);
        assert_eq!(inputs("f("), ["f("]);
        assert_eq!(inputs(":train M {\n  epochs 2\n}\n:quit"), [":train M {\n  epochs 2\n}", ":quit"]);
    }
}
