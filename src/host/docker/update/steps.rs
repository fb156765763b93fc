//! Which steps an update takes, in which order. Pure.

use crate::wire::Phase;

/// What the order depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// whether the container runs; one that does not is exchanged and stays down
    pub(super) running: bool,
    /// whether networks are left that the new container is connected to after it was made
    pub(super) connects: bool,
    /// whether restart policies are held back until the old container is stopped: there is one, and the Engine can change it
    pub(super) holds: bool,
}

/// The steps in order.
///
/// Nothing of the old container is lost before the last one: until then it lies beside the new one under another name. It keeps its ports
/// and addresses until it is stopped, so the new one is made before that and started after.
pub(super) fn steps(facts: Facts) -> Vec<Phase> {
    let Facts { running, connects, holds } = facts;
    let all = [
        (Phase::SettingAside, true),
        (Phase::Creating, true),
        (Phase::Connecting, connects),
        (Phase::Holding, running && holds),
        (Phase::Stopping, running),
        (Phase::Starting, running),
        (Phase::Releasing, holds),
        (Phase::Proving, running),
        (Phase::Removing, true),
    ];
    all.into_iter().filter(|(_, taken)| *taken).map(|(phase, _)| phase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{Connecting, Creating, Holding, Proving, Releasing, Removing, SettingAside, Starting, Stopping};

    #[test]
    fn each_kind_has_its_steps() {
        for (what, running, connects, holds, expected) in [
            (
                "everything",
                true,
                true,
                true,
                &[SettingAside, Creating, Connecting, Holding, Stopping, Starting, Releasing, Proving, Removing][..],
            ),
            ("one network, no policy", true, false, false, &[SettingAside, Creating, Stopping, Starting, Proving, Removing]),
            ("it does not run", false, true, true, &[SettingAside, Creating, Connecting, Releasing, Removing]),
            ("it does not run and has no policy", false, false, false, &[SettingAside, Creating, Removing]),
        ] {
            assert_eq!(steps(Facts { running, connects, holds }), expected, "{what}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_phases() {
        for bits in 0..8_u8 {
            let facts = Facts { running: bits & 1 > 0, connects: bits & 2 > 0, holds: bits & 4 > 0 };
            let steps = steps(facts);
            assert!(steps.is_sorted(), "{facts:?}");
            assert_eq!((steps.first(), steps.last()), (Some(&SettingAside), Some(&Removing)), "{facts:?}");
        }
    }
}
