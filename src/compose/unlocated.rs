//! Why it is not known where a tag is pinned.

use std::{io, path::PathBuf};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// nothing is there. Plimsoll in a container sees only what it was given: `compose.paths` says where
    #[error("there is no such file")]
    Absent,
    /// not allowed
    #[error("it may not be read")]
    Denied,
    /// a directory, a device
    #[error("it is no file")]
    NotAFile,
    /// larger than Plimsoll reads
    #[error("it is larger than {} kB", super::files::FILE_MAX / 1024)]
    TooLarge,
    /// bytes that are no UTF-8
    #[error("it is no text")]
    NotText,
    /// something else
    #[error("{0}")]
    Failed(io::ErrorKind),
}

/// Why it is not known where a tag is pinned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unlocated {
    /// the container's labels name no file: old versions of Compose, other programs that write its labels
    #[error("the container does not tell which files it was made from")]
    NoFiles,
    /// the project came from standard input
    #[error("the project was read from standard input")]
    StandardInput,
    /// a path of Windows, of a project that was fetched from elsewhere, or one that starts nowhere
    #[error("{} is no path of this system", .0.display())]
    Foreign(PathBuf),
    /// the Engine is on another machine, and so are the paths that its containers name
    #[error("the files are on another machine")]
    OtherMachine,
    /// a file cannot be read
    #[error("{} cannot be read: {why}", .file.display())]
    Unreadable {
        /// which, as its host knows it
        file: PathBuf,
        /// why
        why: Unreadable,
    },
    /// a file is no YAML, or not that of Compose
    #[error("{}, line {line}, is not understood", .file.display())]
    NotYaml {
        /// which
        file: PathBuf,
        /// the line, from 1
        line: u32,
    },
    /// no file has the service
    #[error("no file has the service `{0}`")]
    NoService(String),
    /// the service has no image: it is built
    #[error("the service `{0}` names no image")]
    NoImage(String),
    /// the file says another image than the container runs: it was changed since, or a shell's variable decided
    #[error("{}, line {line}, says `{says}`, which is not what runs", .file.display())]
    Differs {
        /// which
        file: PathBuf,
        /// the line, from 1
        line: u32,
        /// the image that the files come to
        says: String,
        /// the variables that take part: whoever ran Compose may have had others
        variables: Vec<String>,
    },
    /// a variable that no file sets: it came from the shell that ran Compose
    #[error("the variable `{0}` is set in no file: it came from whoever ran Compose")]
    Environment(String),
    /// the tag is made of several pieces, none of which alone can become the new one
    #[error("the tag is made of several pieces")]
    Pieces,
    /// pinned by digest as well, and the new digest is not known
    #[error("it is pinned by digest too")]
    Digest,
    /// written in a way that an edit of one value cannot follow: escapes, several lines
    #[error("{}, line {line}, is written in a way that cannot be followed", .file.display())]
    Unusual {
        /// which
        file: PathBuf,
        /// the line, from 1
        line: u32,
    },
    /// more files, levels or values than Plimsoll follows
    #[error("the project is larger than Plimsoll follows")]
    TooLarge,
    /// the change was tried in memory, and something else came out than was meant
    #[error("a change of this one value could not be proved harmless")]
    Unproved,
}
