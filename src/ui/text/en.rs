//! English.

mod access;
mod host;
mod label;
mod operation;
mod reason;
mod refusal;
mod size;
mod summary;
mod time;
mod usage;
mod verdict;
mod version;

pub use access::{first_run, login_trouble, setup_more};
pub use host::{HostHelp, host_aside, host_help, host_name, monitor_only, state_word};
pub use label::*;
pub use operation::{
    along, asker, begun, compose, ended, lasted_for, layer, more_updates, not_updated, on_host, outcome, outcome_word, percent, phase,
    pulling_of, running, stage, stuck, target, update_all, update_of,
};
pub use reason::{Why, reason};
pub use refusal::{refusal, trouble};
pub use size::size;
pub use summary::{checking, headline, nothing_matches, progress_short, quotas, section_count, title};
pub use time::{ago, ago_short, ahead, lasted, took};
pub use usage::{Places, Used, used_by};
pub use verdict::{aside, kind_word, last_good, verdict, verdict_word};
pub use version::{label_problem, level_word, moves_to, runs_version, update_to, versions, why_not};

/// `1 image`, `2 images`.
fn count(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
