//! Commands that show what there is.

use super::{COMMANDS, Command, Done};
use crate::prompt::{Listener, Next, Prompt};

pub fn help(_: &mut Prompt, of: &str, listener: &mut dyn Listener) -> Done {
    let wanted: Vec<&Command> =
        COMMANDS.iter().filter(|c| of.is_empty() || c.name == of.trim_start_matches(':')).collect();
    let line = |c: &&Command| format!("  {:<28} {}", format!(":{} {}", c.name, c.takes), c.does);
    listener.say(&wanted.iter().map(line).collect::<Vec<_>>().join("\n"));
    Ok(Next::Go)
}
