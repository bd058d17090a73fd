//! Commands about the session itself.

use std::time::Instant;

use super::Done;
use super::words::Words;
use crate::diag::{Diagnostic, codes};
use crate::experiment::DeviceChoice;
use crate::prompt::{Listener, Next, Program, Prompt};

/// What can be set: its name, an example, and what it says now.
struct Setting {
    name: &'static str,
    example: &'static str,
    get: fn(&Prompt) -> String,
    /// `None` for what cannot be taken.
    set: fn(&mut Prompt, &str) -> Option<()>,
}

const SETTINGS: [Setting; 4] = [
    Setting {
        name: "seed",
        example: "seed 7",
        get: |p| p.seed.to_string(),
        set: |p, text| text.parse().ok().map(|seed| p.reseed(seed)),
    },
    Setting {
        name: "device",
        example: "device cuda:0",
        get: |p| p.device.to_string(),
        set: |p, text| DeviceChoice::parse(text).ok().map(|device| p.device = device),
    },
    Setting {
        name: "precision",
        example: "precision 4",
        get: |p| p.precision.to_string(),
        set: |p, text| text.parse().ok().filter(|n| (1..=17).contains(n)).map(|n| p.precision = n),
    },
    Setting {
        name: "threads",
        example: "threads 2",
        get: |p| p.threads.to_string(),
        set: |p, text| text.parse().ok().filter(|n| *n > 0).map(|n| p.threads = n),
    },
];

/// What can be set.
pub fn settings() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|s| s.name)
}

/// `seed 7`; alone, what holds now.
pub fn set(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let words = Words::of(text);
    let given = words.pairs.first().cloned().or_else(|| {
        let (name, value) = text.split_once(char::is_whitespace)?;
        Some((name.into(), value.trim().into()))
    });
    let Some((name, value)) = given else {
        let lines: Vec<String> = SETTINGS.iter().map(|s| format!("{:<10} {}", s.name, (s.get)(prompt))).collect();
        listener.say(&lines.join("\n"));
        return Ok(Next::Go);
    };
    let setting = SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| {
        Diagnostic::new(codes::USAGE, format!("`:set` knows no `{name}`"))
            .suggest(&name, SETTINGS.iter().map(|s| s.name))
    })?;
    (setting.set)(prompt, &value).ok_or_else(|| {
        Diagnostic::new(codes::USAGE, format!("`{name}` cannot be `{value}`"))
            .help(format!("write it like this: `:set {}`", setting.example))
    })?;
    if let ("device", Err(problems)) = (setting.name, prompt.device.is_there()) {
        prompt.device = DeviceChoice::Cpu;
        return Err(problems);
    }
    Ok(Next::Go)
}

/// How long an input takes.
pub fn time(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let began = Instant::now();
    let next = prompt.enter(text, listener);
    let seconds = began.elapsed().as_secs_f64();
    let told = if seconds < 1.0 { format!("{:.1} ms", 1e3 * seconds) } else { format!("{seconds:.2} s") };
    listener.say(&told);
    Ok(next)
}

/// Clears the screen; with a name or `all`, forgets declarations.
pub fn clear(prompt: &mut Prompt, what: &str, listener: &mut dyn Listener) -> Done {
    let program = match what {
        "" => {
            listener.clear();
            return Ok(Next::Go);
        }
        "all" => Program::default(),
        name => prompt.program.without(name).ok_or_else(|| {
            let names: Vec<String> = prompt.program.entries().iter().filter_map(|e| e.name.clone()).collect();
            let problem = Diagnostic::new(codes::UNKNOWN_NAME, format!("the session declares no `{name}`"));
            problem.suggest(name, names.iter().map(String::as_str).chain(["all"]))
        })?,
    };
    prompt.take(program, "", listener);
    Ok(Next::Go)
}
