//! One run of a program: how long it took, and what of the machine.

use std::{
    env,
    fs::File,
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Run {
    /// seconds from start to end
    pub(crate) wall: f64,
    /// seconds of user and system together
    pub(crate) cpu: f64,
    /// most resident memory, in MB
    pub(crate) memory: f64,
}

impl Run {
    /// The median of several, each figure by itself.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let median = |of: fn(&Self) -> f64| {
            let mut all: Vec<_> = runs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Self { wall: median(|run| run.wall), cpu: median(|run| run.cpu), memory: median(|run| run.memory) }
    }
}

/// Runs the command of `arguments`, its output into the file that comes first, and prints what that took. It is a process of its own
/// because what children took is only told of all of them together.
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let [output, program, rest @ ..] = arguments else { return ExitCode::from(2) };
    let output = File::create(output).expect("a file for the output");
    let started = Instant::now();
    let status = Command::new(program).args(rest).stdout(output).stderr(Stdio::inherit()).status().expect("the program starts");
    let wall = started.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what it took");
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // kibibytes, as Linux has it
    println!("{wall} {} {}", microseconds as f64 / 1e6, usage.max_rss() as f64 * 1024.0 / 1e6);
    ExitCode::from(u8::from(!status.success()))
}

/// Runs `program` in a process that measures it.
pub(crate) fn run(output: &str, program: &str, arguments: &[&str]) -> Option<Run> {
    let itself = env::current_exe().ok()?;
    let measured = Command::new(itself).args(["--measure", output, program]).args(arguments).stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8(measured.stdout).ok()?;
    let mut numbers = text.split_whitespace().filter_map(|number| number.parse().ok());
    let run = Run { wall: numbers.next()?, cpu: numbers.next()?, memory: numbers.next()? };
    measured.status.success().then_some(run)
}
