//! `plimsoll hash-password`.

use std::{
    io::{self, BufRead, IsTerminal, Read},
    process::{Command, ExitCode, Stdio},
};

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::access;

/// Longest password, in bytes.
const LENGTH_MAX: u64 = 1024;

/// Reads a password from the terminal, twice and unseen, or one line from a pipe, and prints its argon2id hash.
pub(super) fn run() -> ExitCode {
    let hashed = read().and_then(|password| access::hash_password(&password).map_err(|error| error.to_string()));
    match hashed {
        Ok(hash) => {
            println!("{hash}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("plimsoll: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The password.
fn read() -> Result<SecretString, String> {
    if !io::stdin().is_terminal() {
        return line(&mut io::stdin().lock());
    }
    let _hidden = Hidden::new();
    let first = ask("Password: ")?;
    let second = ask("Once more: ")?;
    if first.expose_secret() != second.expose_secret() {
        return Err("the two passwords differ".to_owned());
    }
    Ok(first)
}

/// Asks on the terminal.
fn ask(question: &str) -> Result<SecretString, String> {
    eprint!("{question}");
    let answer = line(&mut io::stdin().lock());
    eprintln!();
    answer
}

/// One line without its end.
fn line(input: &mut impl BufRead) -> Result<SecretString, String> {
    let mut text = Zeroizing::new(String::new());
    // two bytes more for the end of the line
    let read = input.take(LENGTH_MAX + 2).read_line(&mut text);
    read.map_err(|error| format!("the password cannot be read: {error}"))?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    match password.len() as u64 {
        0 => Err("a password is needed: type one, or pipe one in".to_owned()),
        1..=LENGTH_MAX => Ok(password.into()),
        _ => Err(format!("a password has at most {LENGTH_MAX} bytes")),
    }
}

/// While it lives, the terminal does not show what is typed.
struct Hidden;

impl Hidden {
    /// Hides, or says that it cannot.
    fn new() -> Self {
        if !stty("-echo") {
            eprintln!("plimsoll: without `stty` what you type can be seen");
        }
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        stty("echo");
    }
}

/// Switches the terminal. A small program that every system has spares a dependency for one flag.
fn stty(flag: &str) -> bool {
    let quiet = Command::new("stty").arg(flag).stdin(Stdio::inherit()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_read() {
        let read = |text: &str| line(&mut text.as_bytes()).map(|password| password.expose_secret().to_owned());
        assert_eq!(read("hunter2\n").unwrap(), "hunter2");
        assert_eq!(read("hunter2\r\nmore").unwrap(), "hunter2");
        assert_eq!(read(" with spaces ").unwrap(), " with spaces ");
        assert!(read("").is_err());
        assert!(read("\n").is_err());
        assert!(read(&"x".repeat(1024)).is_ok());
        assert!(read(&"x".repeat(1025)).is_err());
    }
}
