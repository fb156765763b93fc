//! Which of two tags is newer: release, stage, base, counters, in this order.

use std::cmp::Ordering;

use super::{
    Kind, Scheme, Tag, number,
    words::{self, Class, FINISHED},
};

impl<'a> Tag<'a> {
    /// The order of two tags. It is total, and it means something within a family.
    pub fn compare(&self, other: &Tag<'_>) -> Ordering {
        number::compare_lists(number::runs(self.release()), number::runs(other.release()))
            .then_with(|| self.compare_stage(other))
            .then_with(|| number::compare_lists(self.numbers_of(Kind::BaseNumbers), other.numbers_of(Kind::BaseNumbers)))
            .then_with(|| number::compare_lists(self.numbers_of(Kind::CounterNumbers), other.numbers_of(Kind::CounterNumbers)))
    }

    /// Whether both have the same release.
    pub fn same_release(&self, other: &Tag<'_>) -> bool {
        number::compare_lists(number::runs(self.release()), number::runs(other.release())).is_eq()
    }

    /// The order of how finished they are: `dev`, `alpha`, `beta`, `rc`, nothing. Behind `b3` comes `.dev2` before nothing.
    pub fn compare_stage(&self, other: &Tag<'_>) -> Ordering {
        let (mut mine, mut theirs) = (self.stages(), other.stages());
        loop {
            let (a, b) = (mine.next(), theirs.next());
            if a.is_none() && b.is_none() {
                return Ordering::Equal;
            }
            let finished = (FINISHED, "");
            let ((rank, numbers), (other_rank, other_numbers)) = (a.unwrap_or(finished), b.unwrap_or(finished));
            let order = rank.cmp(&other_rank).then_with(|| number::compare_lists(number::runs(numbers), number::runs(other_numbers)));
            if order.is_ne() {
                return order;
            }
        }
    }

    /// Its stages: rank and numbers.
    fn stages(&self) -> impl Iterator<Item = (u8, &'a str)> {
        let mut parts = self.parts.iter().peekable();
        std::iter::from_fn(move || {
            let stage = parts.find(|part| part.kind == Kind::Stage)?;
            let rank = match words::classify(self.of(*stage)) {
                Class::Stage { rank, .. } => rank,
                _ => 0,
            };
            let numbers = parts.next_if(|part| part.kind == Kind::StageNumbers);
            Some((rank, numbers.map_or("", |part| self.of(*part))))
        })
    }

    /// The numbers of all parts of a kind.
    pub(super) fn numbers_of(&self, kind: Kind) -> impl Iterator<Item = &'a str> {
        self.parts.iter().filter(move |part| part.kind == kind).flat_map(|part| number::runs(self.of(*part)))
    }

    /// The count of the last counter that has a name: 45 in `-r0-ls45`.
    pub fn named_count(&self) -> Option<&'a str> {
        let mut named = false;
        let mut count = None;
        for part in self.parts.iter() {
            if named && part.kind == Kind::CounterNumbers {
                count = number::runs(self.of(*part)).last();
            }
            named = part.kind == Kind::Counter;
        }
        count
    }

    /// A number that orders releases with as many numbers wherever it differs; where it is equal [`Tag::compare`] decides.
    pub fn rough_order(&self) -> u128 {
        if self.numbers() == 1 && self.scheme != Scheme::Version {
            let digits = number::significant(self.release());
            return digits
                .bytes()
                .try_fold(0u128, |sum, digit| sum.checked_mul(10)?.checked_add((digit - b'0').into()))
                .unwrap_or(u128::MAX);
        }
        let mut numbers = number::runs(self.release());
        let (mut order, mut full) = (0u128, false);
        for _ in 0..4 {
            let value = numbers.next().filter(|_| !full).map_or(0, number::value);
            // what comes behind a number that does not fit says nothing
            full |= value >= u32::MAX.into();
            order = order << 32 | u128::from(value.min(u32::MAX.into()));
        }
        order
    }
}
