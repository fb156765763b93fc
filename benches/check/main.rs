//! `make bench`: the budgets of checks, measured.
//!
//! The registries run in a process of their own, the program that is measured in another, each time a new one. What is told is the median of the
//! runs; its floor is the number of trips that nobody can save times the delay of the registries.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod measure;
mod report;
mod scenario;
mod serve;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("--serve") => serve::main(&arguments[1..]),
        Some("--measure") => measure::main(&arguments[1..]),
        _ => report::main(&arguments),
    }
}
