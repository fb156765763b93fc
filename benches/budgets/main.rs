//! `make bench`: the budgets of checks and of the server, measured.
//!
//! What is asked (registries, an Engine) runs in a process of its own, the program that is measured in another, each time a new one. What is
//! told of checks is the median of the runs; their floor is the number of trips that nobody can save times the delay of the registries.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod check;
mod measure;
mod serve;
mod served;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("--registries") => check::registries::main(&arguments[1..]),
        Some("--house") => serve::house::main(&arguments[1..]),
        Some("--measure") => measure::main(&arguments[1..]),
        _ => {
            let program = env::var("PLIMSOLL_BIN").unwrap_or_else(|_| "target/release/plimsoll".to_owned());
            let missed = check::main(&arguments, &program) + serve::main(&arguments, &program);
            if missed > 0 {
                eprintln!("{missed} budgets are not met");
            }
            ExitCode::from(u8::from(missed > 0))
        }
    }
}
