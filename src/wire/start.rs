//! What a page starts from.

use serde::Serialize;

use super::{Operation, Refusal, Snapshot, Step};

/// Everything that a page is rendered from. The server renders with it and lays it into the page, so that the browser's first
/// rendering is the same to the letter and its event stream begins at exactly this revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Start {
    /// what stands before every path: empty, or `/plimsoll` without a slash at the end
    pub base: String,
    /// the fleet, as far as this visitor may see it
    pub snapshot: Snapshot,
    /// who looks
    pub viewer: Viewer,
    /// the theme that was chosen; none follows the system
    pub theme: Option<Theme>,
    /// the time of rendering, in Unix seconds
    pub now: i64,
    /// on an image's page: the requests of its last check
    pub steps: Option<Steps>,
    /// on the history's page and an image's: updates of earlier, newest first
    pub past: Vec<Operation>,
    /// what became of the form that was posted last, where it was refused
    pub refused: Option<Refused>,
}

/// A wish for an update that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Refused {
    /// the workload's name
    pub name: String,
    /// why
    pub refusal: Refusal,
}

/// The requests of the check that ended at `at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Steps {
    /// when the check ended, in Unix seconds: equal to `checked_at` of the row that they explain
    pub at: i64,
    /// the requests, in order
    pub steps: Vec<Step>,
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Viewer {
    /// the name of who is logged in
    pub name: Option<String>,
    /// whether this visitor may see the fleet
    pub can_look: bool,
    /// whether this visitor may change it
    pub can_operate: bool,
    /// how a login stands
    pub login: LoginState,
}

/// How a login stands, for everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum LoginState {
    /// nobody is asked for one: everything is open
    Open,
    /// no password was set yet; the link in the log sets it
    Unset,
    /// there is a password
    Password,
}

/// A choice of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// dark on light
    Light,
    /// light on dark
    Dark,
}

impl Theme {
    /// The word in the cookie, in forms and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word. Anything else follows the system.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == word)
    }

    /// The cookie that keeps a choice for a year, or forgets it where there is none. `path` is the base path with its slash.
    pub fn cookie(choice: Option<Self>, path: &str) -> String {
        const YEAR: u32 = 365 * 24 * 3600;
        let (word, age) = choice.map_or(("", 0), |theme| (theme.as_str(), YEAR));
        format!("theme={word}; Path={path}; Max-Age={age}; SameSite=Lax")
    }
}

/// Why a login or the setting of a password was refused: `?error=` of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginTrouble {
    /// user or password is wrong
    Wrong,
    /// too many wrong tries
    Blocked,
    /// the password is too short
    Short,
    /// the name of the user is empty or too long
    User,
    /// no password was set yet
    Unset,
    /// it could not be tried; the log says why
    Failed,
    /// the link was used before, or is not of this process
    Expired,
}

impl LoginTrouble {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Wrong, Self::Blocked, Self::Short, Self::User, Self::Unset, Self::Failed, Self::Expired];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Blocked => "blocked",
            Self::Short => "short",
            Self::User => "user",
            Self::Unset => "unset",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.as_str() == word)
    }
}

/// Fewest characters of a password: the pages say so before the server has to.
pub const PASSWORD_MIN: usize = 8;
