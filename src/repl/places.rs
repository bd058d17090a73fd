//! Where the files of the prompt lie: as the XDG Base Directory Specification has it, or as is usual on other systems.

use std::path::PathBuf;

use etcetera::BaseStrategy;

pub fn config_file() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("nem/config.toml"))
}

pub fn init_file() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("nem/init.nem"))
}

pub fn history_file() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("nem/history"))
}
