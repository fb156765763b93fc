//! What is asked by the program that is measured: a process of its own, started from this program.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// A process that says a line when it is ready, and one for each line that it reads. It ends with this value.
pub(crate) struct Served {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Served {
    /// Starts this program with these arguments. Returns what it says when it is ready.
    pub(crate) fn start(arguments: &[&str]) -> (Self, String) {
        let itself = env::current_exe().expect("this program");
        let mut child = Command::new(itself).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a process");
        let to = child.stdin.take().expect("a pipe");
        let from = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut served = Self { child, to, from };
        let ready = served.line();
        (served, ready)
    }

    /// What it answers to a line.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        writeln!(self.to, "{line}").expect("it listens");
        self.line()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("it says something");
        line.trim().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
