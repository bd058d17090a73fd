//! Commands about the session itself.

use std::time::Instant;

use super::Done;
use super::words::Words;
use crate::diag::{Diagnostic, codes};
use crate::experiment::DeviceChoice;
use crate::prompt::{Listener, Next, Prompt};

/// What can be set: its name, an example, and what it says now.
struct Setting {
    name: &'static str,
    example: &'static str,
    /// What it can be, in words.
    range: &'static str,
    get: fn(&Prompt) -> String,
    /// `None` for what cannot be taken.
    set: fn(&mut Prompt, &str) -> Option<()>,
}

const SETTINGS: [Setting; 4] = [
    Setting {
        name: "seed",
        example: "seed 7",
        range: "a whole number from 0 on",
        get: |p| p.seed.to_string(),
        set: |p, text| text.parse().ok().map(|seed| p.reseed(seed)),
    },
    Setting {
        name: "device",
        example: "device cuda:0",
        range: "`cpu`, `cuda`, or one of several as `cuda:1`",
        get: |p| p.device.to_string(),
        set: |p, text| DeviceChoice::parse(text).ok().map(|device| p.device = device),
    },
    Setting {
        name: "precision",
        example: "precision 4",
        range: "a whole number from 1 to 17",
        get: |p| p.precision.to_string(),
        set: |p, text| text.parse().ok().filter(|n| (1..=17).contains(n)).map(|n| p.precision = n),
    },
    Setting {
        name: "threads",
        example: "threads 2",
        range: "a whole number from 1 on",
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
    let (name, value) = match (&words.plain[..], &words.pairs[..]) {
        ([], []) => {
            SETTINGS.iter().for_each(|setting| listener.say(&shown(setting, prompt)));
            return Ok(Next::Go);
        }
        ([name], []) => (name.clone(), None),
        ([name, value], []) | ([], [(name, value)]) => (name.clone(), Some(value.clone())),
        _ => {
            let problem = Diagnostic::new(codes::USAGE, "one setting is set at a time");
            return Err(problem.help("write it like this: `:set seed 7`").into());
        }
    };
    let setting = SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| {
        Diagnostic::new(codes::USAGE, format!("`:set` knows no `{name}`"))
            .suggest(&name, SETTINGS.iter().map(|s| s.name))
    })?;
    let Some(value) = value else {
        listener.say(&shown(setting, prompt));
        return Ok(Next::Go);
    };
    let device = prompt.device;
    (setting.set)(prompt, &value).ok_or_else(|| {
        Diagnostic::new(codes::USAGE, format!("`{name}` cannot be `{value}`"))
            .help(format!("it is {}, as in `:set {}`", setting.range, setting.example))
    })?;
    if let ("device", Err(problems)) = (setting.name, prompt.device.is_there()) {
        prompt.device = device;
        return Err(problems);
    }
    Ok(Next::Go)
}

fn shown(setting: &Setting, prompt: &Prompt) -> String {
    format!("{:<10} {}", setting.name, (setting.get)(prompt))
}

/// How long an input takes.
pub fn time(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    if text.is_empty() {
        return Err(Diagnostic::new(codes::USAGE, "`:time` needs an input")
            .help("give one: `:time :derive gaussian`")
            .into());
    }
    let began = Instant::now();
    let next = prompt.enter(text, listener);
    let seconds = began.elapsed().as_secs_f64();
    let told = if seconds < 1.0 { format!("{:.1} ms", 1e3 * seconds) } else { format!("{seconds:.2} s") };
    listener.say(&told);
    Ok(next)
}

/// Clears the screen; with a name or `all`, forgets declarations, values and trained networks.
pub fn clear(prompt: &mut Prompt, what: &str, listener: &mut dyn Listener) -> Done {
    match what {
        "" => listener.clear(),
        "all" => {
            (prompt.memory, prompt.trained) = Default::default();
            prompt.take(prompt.program.emptied(), "", listener);
            listener.say("forgot everything");
        }
        name => {
            let program = prompt.program.without(name);
            let known = [program.is_some(), prompt.memory.forget(name), prompt.trained.remove(name).is_some()];
            if !known.contains(&true) {
                return Err(nothing_to_forget(prompt, name).into());
            }
            listener.say(&format!("forgot {name}"));
            program.map(|program| prompt.take(program, "", listener));
        }
    }
    Ok(Next::Go)
}

fn nothing_to_forget(prompt: &Prompt, name: &str) -> Diagnostic {
    let declared = prompt.program.entries().iter().filter_map(|entry| entry.name.as_deref());
    let problem = Diagnostic::new(codes::UNKNOWN_NAME, format!("the session has no `{name}`"));
    problem.suggest(name, declared.chain(prompt.memory.kept()).chain(["all"]))
}
