//! Lines that fit into a terminal.

/// The text with lines of at most `columns` characters: a longer one goes on below where it has a blank, under its text where a
/// label stands before that, else four further in than it began.
pub fn folded(text: &str, columns: usize) -> String {
    let lines = text.lines().flat_map(|line| pieces(line, columns));
    lines.collect::<Vec<_>>().join("\n")
}

fn pieces(line: &str, columns: usize) -> Vec<String> {
    let (mut from, hanging) = (indentation(line), hanging(line, columns));
    let (mut rest, mut pieces) = (line.to_string(), vec![]);
    while rest.chars().count() > columns {
        // A blank may stand where the next line begins.
        let blanks = rest.char_indices().take(columns + 1).filter(|(at, c)| *c == ' ' && *at >= from);
        let Some((blank, _)) = blanks.last() else { break };
        let next = format!("{}{}", " ".repeat(hanging), rest[blank..].trim_start());
        rest.truncate(blank);
        pieces.push(rest.trim_end().to_string());
        (rest, from) = (next, hanging);
    }
    pieces.push(rest);
    pieces
}

fn indentation(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

/// The column of the text behind a label, which one gap parts from it; several gaps are those of a table.
fn hanging(line: &str, columns: usize) -> usize {
    let start = indentation(line);
    let words: Vec<&str> = line[start..].splitn(2, "  ").collect();
    match words[..] {
        [label, text] if !text.trim_start().contains("  ") => {
            let gap = 2 + text.len() - text.trim_start().len();
            Some(start + label.chars().count() + gap).filter(|at| 2 * at <= columns)
        }
        _ => None,
    }
    .unwrap_or(start + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_fit_and_keep_their_indentation() {
        assert_eq!(folded("  one two three\nfour", 10), "  one two\n      three\nfour");
        assert_eq!(folded(" μ   one two three", 13), " μ   one two\n     three");
        assert_eq!(folded("a  1  2  3  4", 10), "a  1  2  3\n    4");
        assert_eq!(folded("a unbreakable b", 5), "a\n    unbreakable b");
        assert_eq!(folded("└──────┤", 4), "└──────┤");
        assert_eq!(folded("", 4), "");
    }
}
