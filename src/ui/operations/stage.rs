//! The stages of an update: its phases, gathered into what a person follows.

use crate::wire::Phase;

/// A stage. In the order of a whole update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// the image comes
    Pull,
    /// the new container is made
    Prepare,
    /// the old container stops, the new one starts
    Switch,
    /// the new container must stay up
    Prove,
    /// the old container is removed
    Clear,
    /// everything is put back
    Undo,
}

/// How a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// it is done
    Done,
    /// it is under way
    Now,
    /// it is to come
    Next,
}

impl Stage {
    /// The stages of an update that goes well.
    const WHOLE: [Self; 5] = [Self::Pull, Self::Prepare, Self::Switch, Self::Prove, Self::Clear];

    /// The stage to which a phase belongs.
    fn of(phase: Phase) -> Self {
        match phase {
            Phase::Waiting | Phase::Pulling | Phase::Planning => Self::Pull,
            Phase::SettingAside | Phase::Creating | Phase::Connecting | Phase::Holding => Self::Prepare,
            Phase::Stopping | Phase::Starting => Self::Switch,
            Phase::Releasing | Phase::Proving | Phase::Pausing => Self::Prove,
            Phase::Removing => Self::Clear,
            Phase::Undoing => Self::Undo,
        }
    }
}

/// The stages of an update that is in `phase`. Where everything is put back, how far it had come is not known, and no longer matters.
pub fn stages(phase: Phase) -> Vec<(Stage, Standing)> {
    let now = Stage::of(phase);
    if now == Stage::Undo {
        return vec![(Stage::Undo, Standing::Now)];
    }
    let standing = |stage: Stage| match stage.cmp(&now) {
        _ if phase == Phase::Waiting => Standing::Next,
        std::cmp::Ordering::Less => Standing::Done,
        std::cmp::Ordering::Equal => Standing::Now,
        std::cmp::Ordering::Greater => Standing::Next,
    };
    Stage::WHOLE.into_iter().map(|stage| (stage, standing(stage))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_move_on_with_the_phases() {
        let marks = |phase| {
            let marks = stages(phase).into_iter().map(|(_, standing)| match standing {
                Standing::Done => 'x',
                Standing::Now => '>',
                Standing::Next => '.',
            });
            marks.collect::<String>()
        };
        let lines = Phase::ALL.map(marks);
        assert_eq!(
            lines,
            [".....", ">....", ">....", "x>...", "x>...", "x>...", "x>...", "xx>..", "xx>..", "xxx>.", "xxx>.", "xxx>.", "xxxx>", ">"]
        );
    }
}
