//! `:tour`: the tutorial of the book, a section at a time, and its inputs entered where somebody asks for that.

use super::Done;
use crate::diag::{Diagnostic, codes};
use crate::prompt::{Listener, Next, Prompt};
use crate::report::wrap;

const PAGE: &str = include_str!("../../../docs/tutorial.md");
const INPUT: &str = "nem> ";
const MORE: &str = "...> ";
/// Prose is easier to read in lines not too long.
const COLUMNS: usize = 90;

/// The next section, that of a number, or the inputs of the present one.
pub fn tour(prompt: &mut Prompt, what: &str, listener: &mut dyn Listener) -> Done {
    let sections: Vec<&str> = PAGE.split("\n## ").collect();
    if what == "try" {
        return enter(prompt, sections.get(prompt.section.unwrap_or(0)).unwrap_or(&""), listener);
    }
    let at = match what.parse::<usize>() {
        Ok(number) => number,
        Err(_) if what.is_empty() => prompt.section.map_or(0, |at| at + 1),
        Err(_) => return Err(not_a_section(what, sections.len()).into()),
    };
    if at == sections.len() && what.is_empty() {
        listener.say("The tour is over; `:tour 0` begins it again.");
        return Ok(Next::Go);
    }
    let Some(section) = sections.get(at) else { return Err(not_a_section(&at.to_string(), sections.len()).into()) };
    prompt.section = Some(at);
    listener.say(&shown(section, at + 1 < sections.len(), listener.columns().min(COLUMNS)));
    Ok(Next::Go)
}

fn not_a_section(what: &str, count: usize) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("the tour has no section `{what}`"))
        .help(format!("its sections are 0 to {}; `:tour` shows the next, `:tour try` enters its lines", count - 1))
}

/// Prose, and of the examples what is entered: the answers come by entering it.
fn shown(section: &str, goes_on: bool, columns: usize) -> String {
    let mut lines = vec![];
    for (i, part) in section.split("```").enumerate() {
        match i % 2 {
            0 => lines.push(paragraphs(part, columns)),
            _ => lines.push(inputs_of(part).map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")),
        }
    }
    let next = if goes_on { "`:tour` goes on" } else { "The tour ends here" };
    let tries = if section.contains(INPUT) { "; `:tour try` enters the lines above" } else { "" };
    format!("{}\n\n{next}{tries}.", lines.join("\n\n"))
}

fn paragraphs(text: &str, columns: usize) -> String {
    let each = text.trim().split("\n\n").map(|p| wrap(&p.replace('\n', " "), columns).replace("\n  ", "\n"));
    each.collect::<Vec<_>>().join("\n\n").trim_start_matches("# ").into()
}

/// The lines of an example that are entered, as they stand there.
fn inputs_of(block: &str) -> impl Iterator<Item = &str> {
    block.lines().filter(|line| line.starts_with(INPUT) || line.starts_with(MORE))
}

/// What is entered in a section, one input after the other.
pub fn inputs(section: &str) -> Vec<String> {
    let mut inputs: Vec<String> = vec![];
    for line in section.split("```").skip(1).step_by(2).flat_map(inputs_of) {
        match (line.strip_prefix(INPUT), inputs.last_mut()) {
            (Some(first), _) => inputs.push(first.into()),
            (None, Some(input)) => *input += &format!("\n{}", line.strip_prefix(MORE).unwrap_or(line)),
            (None, None) => {}
        }
    }
    inputs
}

fn enter(prompt: &mut Prompt, section: &str, listener: &mut dyn Listener) -> Done {
    let inputs = inputs(section);
    if inputs.is_empty() {
        return Err(Diagnostic::new(codes::USAGE, "this section has nothing to enter")
            .help("`:tour` shows the next")
            .into());
    }
    for input in inputs {
        listener.say(&format!("{INPUT}{}", input.replace('\n', &format!("\n{MORE}"))));
        prompt.enter(&input, listener);
    }
    Ok(Next::Go)
}
