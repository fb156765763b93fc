//! Which newer tags are kept where there are very many.

use super::{NEWER_MAX, Newer, levels::Step};
use crate::image::tag::{Scheme, number};

/// The newest, but the best of each level and of each first number in any case. `steps` is sorted, newest first, and stays so.
pub(super) fn keep_telling(steps: Vec<Step<'_>>) -> Vec<Newer> {
    let mut keep = vec![steps.len() <= NEWER_MAX; steps.len()];
    if steps.len() > NEWER_MAX {
        let mut room = NEWER_MAX;
        let mut take = |at: usize| {
            if room > 0 && !std::mem::replace(&mut keep[at], true) {
                room -= 1;
            }
        };
        for level in [crate::wire::Level::Patch, crate::wire::Level::Minor, crate::wire::Level::Major] {
            steps.iter().position(|step| step.newer.level == level).into_iter().for_each(&mut take);
        }
        let is_step = |at: usize| {
            let major = |at: usize| steps.get(at).map(|step: &Step<'_>| number::significant(step.tag.major()));
            steps[at].tag.scheme() == Scheme::Version && (at == 0 || major(at) != major(at - 1))
        };
        // the next steps matter more than far ones
        (0..steps.len()).rev().filter(|at| is_step(*at)).for_each(&mut take);
        (0..steps.len()).for_each(&mut take);
    }
    let kept = steps.into_iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(step, _)| Newer { tag: step.tag.text().to_owned(), ..step.newer }).collect()
}
