//! Sessions at the prompt: what stands after `nem>` in `prompt` blocks is entered, page by page, and answers what is shown.

use std::path::Path;

use nemlang::prompt::{Listener, Prompt};

use super::pages::{Block, Page, pages};
use super::{alike, assert_none, blessing, lines, turn};

/// Answers and problems in the order in which they come.
#[derive(Default)]
struct Answers(String);

impl Listener for Answers {
    fn say(&mut self, text: &str) {
        self.0 += &format!("{text}\n");
    }

    fn tell(&mut self, text: &str) {
        self.0 += text;
    }
}

#[test]
fn the_prompt_answers_what_the_pages_show() {
    let _turn = turn();
    let failures = pages().into_iter().flat_map(|page| sessions_of(&page));
    assert_none(&failures.collect::<Vec<_>>(), "prompt");
}

fn sessions_of(page: &Page) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut prompt = Prompt { out: folder.path().join("runs"), ..Prompt::default() };
    let (mut failures, mut rewritten) = (vec![], vec![]);
    for block in page.blocks().iter().filter(|b| b.language() == "prompt") {
        let mut body = String::new();
        for (entered, input, shown) in inputs(block) {
            let printed = answer(&mut prompt, &input, folder.path());
            let same = alike(&lines(&shown), &lines(&printed));
            if !same && (lines(&shown).contains(&"…") || !blessing()) {
                failures.push(format!("{}:{}: `{input}` answers\n{printed}", page.name, block.line));
            }
            body += &format!("{entered}{}", if same { &shown } else { &printed });
        }
        rewritten.push((block.range.clone(), body));
    }
    if blessing() && failures.is_empty() {
        page.replace(rewritten);
    }
    failures
}

/// Files are written into a folder that the page does not name.
fn answer(prompt: &mut Prompt, input: &str, folder: &Path) -> String {
    let here = format!("{}/", folder.display());
    let mut answers = Answers::default();
    prompt.enter(&input.replace(":save ", &format!(":save {here}")), &mut answers);
    let text = answers.0.replace(&here, "");
    let lines = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    if lines.trim().is_empty() { String::new() } else { lines.trim_end().to_string() + "\n" }
}

/// The lines that are entered as they stand there, the input that they make, and what is shown below it.
fn inputs(block: &Block) -> Vec<(String, String, String)> {
    let mut inputs: Vec<(String, String, String)> = vec![];
    for line in block.body.lines() {
        match (line.strip_prefix("nem> "), line.strip_prefix("...> "), inputs.last_mut()) {
            (Some(input), ..) => inputs.push((format!("{line}\n"), input.into(), String::new())),
            (None, Some(more), Some((entered, input, _))) => {
                *entered += &format!("{line}\n");
                *input += &format!("\n{more}");
            }
            (None, None, Some((_, _, shown))) => *shown += &format!("{line}\n"),
            (None, _, None) => panic!("a prompt block begins with an input, not with `{line}`"),
        }
    }
    inputs
}
