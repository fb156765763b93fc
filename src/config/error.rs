//! What stops the start: one line that names place, key, what was found and what is allowed.

use std::path::PathBuf;

/// What is wrong with the configuration. No variant ever holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// a value that its key does not take
    #[error("{place}: `{key}` is {found}; allowed: {allowed}")]
    Wrong {
        /// the file or the variable
        place: String,
        /// the key in full
        key: String,
        /// what stands there
        found: String,
        /// what may stand there
        allowed: String,
    },
    /// a key that is in no table
    #[error("{place}: `{key}` is no key{}", hint(.near.as_deref()))]
    UnknownKey {
        /// the file
        place: String,
        /// the key in full
        key: String,
        /// the key that was probably meant
        near: Option<String>,
    },
    /// a variable that stands for no key
    #[error("`{variable}` in the environment stands for no key{}", hint(.near.as_deref()))]
    UnknownVariable {
        /// its name
        variable: String,
        /// the variable that was probably meant
        near: Option<String>,
    },
    /// a name of a table that the table does not take
    #[error("{place}: \"{name}\" cannot name a `[{table}]`; allowed: {allowed}")]
    Name {
        /// the file
        place: String,
        /// the table
        table: &'static str,
        /// what stands there
        name: String,
        /// what may stand there
        allowed: &'static str,
    },
    /// two names of a table that mean the same
    #[error("{place}: `{first}` and `{second}` are the same: keep one")]
    Same {
        /// the file
        place: String,
        /// the one
        first: String,
        /// the other
        second: String,
    },
    /// a secret given both in itself and by file
    #[error("{place}: `{first}` and `{second}` are both set: keep one")]
    Both {
        /// the file, or "the environment"
        place: String,
        /// the one
        first: String,
        /// the other
        second: String,
    },
    /// one of two keys that go together
    #[error("{place}: `{key}` is set but `{missing}` is not: set both or neither")]
    Alone {
        /// where the one stands
        place: String,
        /// the key that is set
        key: String,
        /// the key that is not
        missing: String,
    },
    /// a table without a key that it needs
    #[error("{place}: `{key}` is not set; it must be {allowed}")]
    Missing {
        /// the file
        place: String,
        /// the key in full
        key: String,
        /// what may stand there
        allowed: &'static str,
    },
    /// a file that breaks the rules of its language
    #[error("{place}: line {line}, column {column}: {message}")]
    Syntax {
        /// the file
        place: String,
        /// from 1
        line: usize,
        /// from 1
        column: usize,
        /// what is wrong there
        message: String,
    },
    /// a file that cannot be read
    #[error("{}: cannot be read: {detail}; it was named by {named_by}", path.display())]
    Unreadable {
        /// the file
        path: PathBuf,
        /// what the system says
        detail: String,
        /// the variable, argument or key that names it
        named_by: String,
    },
    /// a variable that is not UTF-8
    #[error("`{variable}` in the environment is not UTF-8")]
    NotText {
        /// its name
        variable: String,
    },
    /// a `cup.json` of another version
    #[error("{place}: `version` is {found}; allowed: 3; bring the file to Cup's version 3, or write a plimsoll.toml")]
    CupVersion {
        /// the file
        place: String,
        /// what stands there
        found: String,
    },
}

/// The end of a message about an unknown name.
fn hint(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `plimsoll config --keys` lists all there are".to_owned(),
    }
}
