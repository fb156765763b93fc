//! What the headline has to say, purely: the typed situation behind its words.

use crate::wire::{CheckState, GroupRow, HostRow, HostState, Reason, Tally, Verdict};

/// Where the fleet stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// no host was ever reached
    NoHost,
    /// the first list is on its way
    Looking,
    /// no container at all
    Empty,
    /// containers, but none runs
    Stopped {
        /// how many images they use
        images: u32,
    },
    /// the first check runs
    Checking {
        /// how many images run
        images: u32,
    },
    /// nothing was checked yet, and nothing is being checked
    Unchecked {
        /// how many images run
        images: u32,
    },
    /// some are behind
    Behind {
        /// how many of them
        behind: u32,
        /// how many images run
        images: u32,
    },
    /// all are up to date
    AllCurrent {
        /// how many images run
        images: u32,
    },
    /// none is behind; some are pinned or built here
    NoneBehind {
        /// how many images run
        images: u32,
    },
    /// none is behind as far as is known
    NoneKnownBehind {
        /// how many are not known
        unknown: u32,
        /// how many images run
        images: u32,
    },
    /// every check failed
    AllUnknown {
        /// how many images run
        images: u32,
    },
}

impl Situation {
    /// Where the fleet stands.
    pub fn of<'a>(tally: Tally, groups: impl Iterator<Item = &'a GroupRow>, hosts: &[HostRow], check: &CheckState) -> Self {
        let Tally { images, unknown, .. } = tally;
        let (mut all, mut unchecked) = (0, 0);
        for group in groups {
            all += 1;
            let waits = matches!(group.verdict, Verdict::Unknown { reason: Reason::NotChecked });
            unchecked += u32::from(waits && group.runs());
        }
        match tally.behind() {
            _ if all == 0 => Self::of_nothing(hosts),
            _ if images == 0 => Self::Stopped { images: all },
            _ if unchecked == images && check.running.is_some() => Self::Checking { images },
            _ if unchecked == images => Self::Unchecked { images },
            0 if tally.current == images => Self::AllCurrent { images },
            0 if unknown == images => Self::AllUnknown { images },
            0 if unknown > 0 => Self::NoneKnownBehind { unknown, images },
            0 => Self::NoneBehind { images },
            behind => Self::Behind { behind, images },
        }
    }

    /// Why there is no group.
    fn of_nothing(hosts: &[HostRow]) -> Self {
        let any = |wanted: fn(&HostState) -> bool| hosts.iter().any(|host| wanted(&host.state));
        if any(|state| *state == HostState::Connecting) {
            Self::Looking
        } else if any(|state| matches!(state, HostState::Connected | HostState::Lost { since: Some(_), .. })) {
            Self::Empty
        } else {
            Self::NoHost
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ui::sample,
        wire::{Allows, CheckProgress, Level},
    };

    /// The situation of groups with these verdicts, the second part of which do not run.
    fn of(running: &[Verdict], stopped: &[Verdict], checking: bool) -> Situation {
        let mut groups: Vec<_> = running.iter().map(|verdict| sample::group("nginx:1", verdict.clone())).collect();
        groups.extend(stopped.iter().map(|verdict| sample::stopped(sample::group("old:1", verdict.clone()))));
        let progress = CheckProgress { since: 0, done: 0, total: 1 };
        let check = CheckState { running: checking.then_some(progress), ..CheckState::default() };
        Situation::of(Tally::of(&groups), groups.iter(), &[], &check)
    }

    #[test]
    fn the_situation_follows_the_verdicts() {
        let newer = Verdict::Newer { level: Level::Patch, tag: "1.1".into(), rebuilt: false };
        let waits = Verdict::Unknown { reason: Reason::NotChecked };
        let failed = Verdict::Unknown { reason: Reason::NoReference };
        let current = Verdict::UpToDate;
        let one = std::slice::from_ref::<Verdict>;
        assert_eq!(of(&[], one(&current), false), Situation::Stopped { images: 1 });
        assert_eq!(of(one(&waits), &[], true), Situation::Checking { images: 1 });
        assert_eq!(of(one(&waits), one(&failed), false), Situation::Unchecked { images: 1 });
        assert_eq!(of(&[newer.clone(), failed.clone()], one(&newer), true), Situation::Behind { behind: 1, images: 2 });
        assert_eq!(of(&[current.clone(), current.clone()], &[], false), Situation::AllCurrent { images: 2 });
        assert_eq!(of(&[current.clone(), Verdict::Pinned], &[], false), Situation::NoneBehind { images: 2 });
        assert_eq!(of(&[current, failed.clone()], &[], false), Situation::NoneKnownBehind { unknown: 1, images: 2 });
        assert_eq!(of(&[failed.clone(), failed], &[], false), Situation::AllUnknown { images: 2 });
    }

    #[test]
    fn without_groups_the_hosts_tell() {
        let host = |state| [HostRow { name: "nas".into(), state, engine: None, allows: Allows::Updates }];
        let of = |hosts: &[HostRow]| Situation::of(Tally::default(), std::iter::empty(), hosts, &CheckState::default());
        assert_eq!(of(&[]), Situation::NoHost);
        assert_eq!(of(&host(HostState::Connecting)), Situation::Looking);
        assert_eq!(of(&host(HostState::Connected)), Situation::Empty);
        assert_eq!(of(&host(HostState::Absent { address: "unix:///x".into() })), Situation::NoHost);
    }
}
