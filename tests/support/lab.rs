//! The lab: a real Engine and a real registry, which `make test` starts. Elsewhere the tests that need it say so and return.

use std::{env, fs::OpenOptions, io::Write};

/// The value of a variable of the lab. Where there is none, the skip is told to who counts the tests.
pub(crate) fn variable(name: &str, test: &str) -> Option<String> {
    let value = env::var(name).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        skip(test);
    }
    value
}

/// Writes down that a test was skipped.
fn skip(test: &str) {
    let Some(path) = env::var_os("PLIMSOLL_SKIPS") else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the file of `PLIMSOLL_SKIPS` can be written");
    // in one piece, so that tests that run side by side do not mix their lines
    file.write_all(format!("{test}: no lab (make test brings it)\n").as_bytes()).expect("the file of `PLIMSOLL_SKIPS` can be written");
}
