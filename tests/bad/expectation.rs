//! What the first line of a bad program expects, and the comparison with what was said.

use std::path::Path;

use serde_json::Value;

/// One problem: its code, `line:column` or `nowhere`, and a piece of its message, label, notes or help.
struct Wanted {
    code: String,
    place: String,
    words: String,
}

pub struct Expectation {
    problems: Vec<Wanted>,
    command: Vec<String>,
}

impl Expectation {
    /// `None` when the first line is not of the form that `main.rs` describes.
    pub fn read(text: &str) -> Option<Expectation> {
        let words = words(text.lines().next()?.strip_prefix("// expect ")?);
        let (problems, command) = match words.iter().position(|w| w == ";") {
            Some(at) => (&words[..at], words[at + 1..].strip_prefix(&["nem".to_string()])?.to_vec()),
            None => (&words[..], vec!["check".to_string()]),
        };
        let problems = problems.split(|w| w == ",").map(wanted).collect::<Option<Vec<_>>>()?;
        Some(Expectation { problems, command })
    }

    /// `warning` if a warning is expected, else `error`.
    pub fn severity(&self) -> &'static str {
        if self.problems.iter().any(|p| p.code.starts_with('W')) { "warning" } else { "error" }
    }

    /// The arguments of `nem` for the program `name`; training is short and writes its run to `out`.
    pub fn command(&self, name: &str, out: &Path) -> Vec<String> {
        let mut args = vec![self.command[0].clone(), name.to_string()];
        args.extend_from_slice(&self.command[1..]);
        if self.command[0] == "train" {
            let short = ["--quiet", "--derivation", "no", "--threads", "1", "--out"];
            args.extend(short.map(String::from));
            args.push(out.display().to_string());
        }
        args
    }

    /// Whether these problems, as JSON, are the expected ones.
    pub fn fits(&self, found: &[Value]) -> Result<(), String> {
        let told = || found.iter().map(header).collect::<Vec<_>>().join(", ");
        if found.len() != self.problems.len() {
            return Err(format!("{} expected; found {}", self.problems.len(), told()));
        }
        let fits = |(wanted, found): (&Wanted, &Value)| {
            wanted.code == found["code"] && wanted.place == place(found) && found.to_string().contains(&wanted.words)
        };
        match self.problems.iter().zip(found).find(|pair| !fits(*pair)) {
            Some((Wanted { code, place, words }, _)) => {
                Err(format!("expected {code} at {place} \"{words}\"; found {}", told()))
            }
            None => Ok(()),
        }
    }
}

fn header(problem: &Value) -> String {
    format!("{} at {} {}", problem["code"].as_str().unwrap_or_default(), place(problem), problem["message"])
}

fn place(problem: &Value) -> String {
    match &problem["place"] {
        Value::Null => "nowhere".into(),
        place => format!("{}:{}", place["line"], place["column"]),
    }
}

fn wanted(words: &[String]) -> Option<Wanted> {
    match words {
        [code, at, place, words] if at == "at" => {
            Some(Wanted { code: code.clone(), place: place.clone(), words: words.clone() })
        }
        _ => None,
    }
}

/// Words, texts in quotes (without them), and `,` and `;` as words of their own.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![], false);
    for piece in line.split('"') {
        if quoted {
            words.push(piece.to_string());
        } else {
            let piece = piece.replace(',', " , ").replace(';', " ; ");
            words.extend(piece.split_whitespace().map(String::from));
        }
        quoted = !quoted;
    }
    words
}

/// Compares what was said with the file of that name, or writes the file when `NEM_BLESS=1` is set.
pub fn compare(path: &Path, said: &str) -> Result<(), String> {
    let said = said.replace(&format!("{}/", super::root().display()), "…/");
    if std::env::var_os("NEM_BLESS").is_some_and(|v| v == "1") {
        return std::fs::write(path, said).map_err(|e| e.to_string());
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    if kept == said { Ok(()) } else { Err(format!("{}\n--- kept\n{kept}\n--- said\n{said}", path.display())) }
}
