//! The parts that pages are made of.

pub mod banner;
pub mod bar;
pub mod check;
pub mod chips;
pub mod containers;
pub mod detail;
pub mod face;
pub mod group_by;
pub mod headline;
pub mod icon;
pub mod journal;
pub mod mark;
pub mod notes;
pub mod progress;
pub mod search;
pub mod section;
pub mod theme;
pub mod update;
pub mod when;

pub use banner::ConnectionBanner;
pub use bar::Bar;
pub use chips::Chips;
pub use containers::Containers;
pub use detail::{Facts, Why};
pub use face::{Move, Name};
pub use group_by::GroupBy;
pub use headline::Headline;
pub use journal::Journal;
pub use mark::Mark;
pub use notes::{Notes, RefusedNote};
pub use progress::{Doing, Ended, Progress};
pub use search::Search;
pub use section::SectionView;
pub use update::{AutomaticSwitch, OperateHint, ReplyView, UpdateButton};
pub use when::Ago;
