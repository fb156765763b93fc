//! What happens to an update in a storm, as a seed has it.

use std::{
    env,
    time::{Duration, SystemTime},
};

/// Numbers that follow from a seed.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// From `PLIMSOLL_STORM_SEED`, or from the clock.
    pub(crate) fn new() -> Self {
        let clock = || SystemTime::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_secs());
        let seed = env::var("PLIMSOLL_STORM_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(clock);
        println!("PLIMSOLL_STORM_SEED={seed}");
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("it is below a usize")
    }

    /// One of them.
    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn milliseconds(&mut self, most: usize) -> Duration {
        Duration::from_millis(self.below(most) as u64)
    }
}

/// How good a new image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    Good,
    /// it ends at once
    Ends,
    /// it runs, and its health check fails
    Unhealthy,
}

/// What somebody else does to the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Removes,
    Renames,
    Stops,
    Restarts,
    /// `docker container prune`
    TidiesContainers,
    /// `docker image prune`
    TidiesImages,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    /// Plimsoll is killed before or after a call
    Kill {
        call: usize,
        after: bool,
    },
    /// Plimsoll is killed at some time
    KillLater(Duration),
    /// the way to the Engine is cut at a call, for a while
    Cut {
        call: usize,
        after: bool,
        long: Duration,
    },
    /// somebody has a hand in it, while a call waits
    Somebody {
        call: usize,
        does: Deed,
    },
    /// somebody cancels it
    Cancel(Duration),
    /// the registry answers nothing
    NoRegistry,
}

/// The calls of an update that change something, about.
const CALLS: usize = 15;

impl Fault {
    /// Any.
    pub(crate) fn any(dice: &mut Dice) -> Self {
        use Deed::{Removes, Renames, Restarts, Stops, TidiesContainers, TidiesImages};
        let call = dice.below(CALLS);
        let after = dice.below(2) == 0;
        match dice.below(16) {
            0 => Self::Nothing,
            1..=4 => Self::Kill { call, after },
            5 => Self::KillLater(dice.milliseconds(2500)),
            6..=8 => Self::Cut { call, after, long: dice.milliseconds(2000) },
            9..=12 => Self::Somebody { call, does: dice.of(&[Removes, Renames, Stops, Restarts, TidiesContainers, TidiesImages]) },
            13..=14 => Self::Cancel(dice.milliseconds(2500)),
            _ => Self::NoRegistry,
        }
    }

    /// What somebody else does, where somebody does something.
    pub(crate) fn deed(self) -> Option<Deed> {
        match self {
            Self::Somebody { does, .. } => Some(does),
            _ => None,
        }
    }
}
