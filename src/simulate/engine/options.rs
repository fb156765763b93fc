//! What an Engine is like.

use std::path::PathBuf;

/// What an Engine is like.
#[derive(Debug, Clone)]
pub struct Options {
    /// where it listens
    pub listen: Listen,
    /// the newest API it speaks, as the number behind `1.`: 41 to 51 are known well
    pub api: u16,
    /// how it keeps its images
    pub store: Store,
    /// the name of its machine
    pub name: String,
}

/// Where an Engine listens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Listen {
    /// on a free port of 127.0.0.1
    #[default]
    Loopback,
    /// on a socket at this path
    Unix(PathBuf),
}

/// How an Engine keeps its images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Store {
    /// by the digest of their configuration; those of the registry are kept beside
    #[default]
    Classic,
    /// by what the registry sent
    Containerd,
}

impl Default for Options {
    fn default() -> Self {
        Self { listen: Listen::default(), api: 51, store: Store::default(), name: "simulated".to_owned() }
    }
}

impl Options {
    /// The oldest API that an Engine of this age still speaks.
    pub(super) fn oldest_api(&self) -> u16 {
        match self.api {
            ..=41 => 12,
            42..=51 => 24,
            52..=53 => 44,
            _ => 40,
        }
    }

    /// A version of the Engine that brought this API.
    pub(super) fn version(&self) -> &'static str {
        match self.api {
            ..=41 => "20.10.24",
            42 => "23.0.6",
            43 => "24.0.9",
            44 => "25.0.5",
            45..=46 => "26.1.5",
            47 => "27.5.1",
            48..=50 => "28.2.2",
            51 => "28.5.2",
            _ => "29.7.2",
        }
    }
}
