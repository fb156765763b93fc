//! The same version on several bases: `16.6-alpine3.20` and `16.6-alpine3.21`.

use super::Entry;
use crate::image::Tag;

/// Leaves out newer bases of a version that is also there on the base of `current`. `newer` is sorted.
pub(super) fn prefer_same(current: &Tag<'_>, newer: &mut Vec<Entry<'_>>) {
    let Some(first) = newer.first() else { return };
    // one family: either all have a base or none has
    if newer.iter().all(|entry| entry.tag.same_base(&first.tag)) && first.tag.same_base(current) {
        return;
    }
    let same_version = |a: &Entry<'_>, b: &Entry<'_>| a.tag.same_release(&b.tag) && a.tag.compare_stage(&b.tag).is_eq();
    let mut kept = Vec::with_capacity(newer.len());
    for version in newer.chunk_by(same_version) {
        let same = version.iter().filter(|entry| entry.tag.same_base(current)).count();
        kept.extend(version.iter().filter(|entry| same == 0 || entry.tag.same_base(current)));
    }
    *newer = kept;
}
