//! Which steps an update takes, in which order. Pure.

use crate::{host::Step, wire::Phase};

/// What the order depends on, for each container that is exchanged.
#[expect(clippy::struct_excessive_bools, reason = "each asks for a step of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// whether the container runs; one that does not is exchanged and stays down
    pub(super) running: bool,
    /// whether it is paused
    pub(super) paused: bool,
    /// whether networks are left that the new container is connected to after it was made
    pub(super) connects: bool,
    /// whether restart policies are held back until the old container is stopped: there is one, and the Engine can change it
    pub(super) holds: bool,
}

/// The steps in order, for a container and those that are exchanged with it because they use what is its, each behind what it uses.
///
/// Nothing of an old container is lost before the last steps: until then it lies beside the new one under another name. It keeps its ports
/// and addresses until it is stopped, so the new one is made before that and started after. Who uses another one stops before it and starts after it;
/// the first old container is removed only when all new ones have proved themselves.
pub(super) fn steps(family: &[Facts]) -> Vec<Step> {
    let of = |phase: Phase, taken: fn(&Facts) -> bool| {
        let members = family.iter().enumerate().filter(move |(_, facts)| taken(facts));
        members.map(move |(member, _)| Step { phase, member })
    };
    let all = |_: &Facts| true;
    let mut steps = Vec::new();
    steps.extend(of(Phase::SettingAside, all));
    steps.extend(of(Phase::Creating, all));
    steps.extend(of(Phase::Connecting, |facts| facts.connects));
    steps.extend(of(Phase::Holding, |facts| facts.running && facts.holds).collect::<Vec<_>>().into_iter().rev());
    steps.extend(of(Phase::Stopping, |facts| facts.running).collect::<Vec<_>>().into_iter().rev());
    steps.extend(of(Phase::Starting, |facts| facts.running));
    steps.extend(of(Phase::Releasing, |facts| facts.holds));
    // all of them at once
    steps.extend(of(Phase::Proving, |facts| facts.running).take(1));
    steps.extend(of(Phase::Pausing, |facts| facts.paused));
    steps.extend(of(Phase::Removing, all).collect::<Vec<_>>().into_iter().rev());
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{Connecting, Creating, Holding, Pausing, Proving, Releasing, Removing, SettingAside, Starting, Stopping};

    const PLAIN: Facts = Facts { running: true, paused: false, connects: false, holds: false };

    #[test]
    fn each_kind_has_its_steps() {
        for (what, facts, expected) in [
            (
                "everything",
                Facts { paused: true, connects: true, holds: true, ..PLAIN },
                &[SettingAside, Creating, Connecting, Holding, Stopping, Starting, Releasing, Proving, Pausing, Removing][..],
            ),
            ("one network, no policy", PLAIN, &[SettingAside, Creating, Stopping, Starting, Proving, Removing]),
            (
                "it does not run",
                Facts { running: false, connects: true, holds: true, ..PLAIN },
                &[SettingAside, Creating, Connecting, Releasing, Removing],
            ),
            ("it does not run and has no policy", Facts { running: false, ..PLAIN }, &[SettingAside, Creating, Removing]),
        ] {
            let phases: Vec<_> = steps(&[facts]).into_iter().map(|step| step.phase).collect();
            assert_eq!(phases, expected, "{what}");
        }
    }

    #[test]
    fn who_uses_another_one_stops_before_it_and_starts_after_it() {
        let holds = Facts { holds: true, ..PLAIN };
        let steps: Vec<_> =
            steps(&[holds, PLAIN, Facts { running: false, ..PLAIN }]).into_iter().map(|step| (step.phase, step.member)).collect();
        let expected = [
            (SettingAside, 0),
            (SettingAside, 1),
            (SettingAside, 2),
            (Creating, 0),
            (Creating, 1),
            (Creating, 2),
            (Holding, 0),
            (Stopping, 1),
            (Stopping, 0),
            (Starting, 0),
            (Starting, 1),
            (Releasing, 0),
            (Proving, 0),
            (Removing, 2),
            (Removing, 1),
            (Removing, 0),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn the_order_is_that_of_the_phases() {
        for bits in 0..16_u8 {
            let facts = Facts { running: bits & 1 > 0, connects: bits & 2 > 0, holds: bits & 4 > 0, paused: bits & 8 > 0 };
            let steps = steps(&[facts, PLAIN]);
            assert!(steps.is_sorted_by_key(|step| step.phase), "{facts:?}");
            assert_eq!((steps[0].phase, steps[steps.len() - 1].phase), (SettingAside, Removing), "{facts:?}");
        }
    }
}
