//! Which tags count the same thing.

use std::cmp::Ordering;

use super::{Kind, Scheme, Tag, number, part::Part, words};

impl Tag<'_> {
    /// Whether both count in the same way: a version with as many numbers, years beside years, padded as the other is.
    pub fn same_scheme(&self, other: &Tag<'_>) -> bool {
        self.scheme == other.scheme && self.numbers == other.numbers && self.is_calendar() == other.is_calendar() && self.same_form(other)
    }

    /// Whether the numbers of both releases are separated and padded alike.
    fn same_form(&self, other: &Tag<'_>) -> bool {
        if self.scheme == Scheme::Date {
            let form = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
            return self.release().bytes().map(form).eq(other.release().bytes().map(form));
        }
        let (mine, theirs) = (self.release().as_bytes(), other.release().as_bytes());
        // nearly all: no number is padded
        let padded =
            |bytes: &[u8]| bytes.windows(2).enumerate().any(|(at, pair)| pair[0] == b'0' && pair[1].is_ascii_digit() && starts(bytes, at));
        if !padded(mine) && !padded(theirs) {
            return true;
        }
        let by_calendar = self.counts_by_calendar();
        number::runs(self.release()).zip(number::runs(other.release())).all(|(mine, theirs)| {
            match (number::is_padded(mine), number::is_padded(theirs)) {
                (false, false) => true,
                (true, _) => theirs.len() >= mine.len(),
                // months are padded below October
                (false, true) => by_calendar && mine.len() >= theirs.len(),
            }
        })
    }

    /// Whether zeros before a number mean nothing new: years, and `24.10` which comes before `25.04`.
    fn counts_by_calendar(&self) -> bool {
        let mut numbers = number::runs(self.release());
        let year = numbers.next().unwrap_or_default();
        let month = numbers.next().unwrap_or_default();
        self.is_calendar() || number::significant(year).len() == 2 && month.len() == 2 && number::value(month) <= 12
    }

    /// Whether what stands behind the release is the same: the same variants in the same order, the same products; a base that is not
    /// lower. Stages do not matter, nor how far counters are.
    pub fn same_variant(&self, other: &Tag<'_>) -> bool {
        let mut theirs = other.fixed();
        for (gap, part) in self.fixed() {
            let Some((other_gap, other_part)) = theirs.next() else { return false };
            if gap != other_gap || part.kind != other_part.kind {
                return false;
            }
            let (mine, theirs) = (self.of(*part), other.of(*other_part));
            let same = match part.kind {
                Kind::Word | Kind::Base | Kind::Counter => mine == theirs,
                Kind::BaseNumbers => {
                    number::runs(mine).count() == number::runs(theirs).count()
                        && number::compare_lists(number::runs(theirs), number::runs(mine)) != Ordering::Less
                }
                _ => true,
            };
            if !same {
                return false;
            }
        }
        theirs.next().is_none()
    }

    /// The parts behind the release that every tag of a family has, each with the separators before it.
    fn fixed(&self) -> impl Iterator<Item = (&str, &Part)> {
        let mut end = 0;
        let mut skip_count = false;
        self.parts.iter().filter_map(move |part| {
            let gap = &self.text[end..part.range().start];
            end = part.range().end;
            let skipped = std::mem::replace(&mut skip_count, part.kind == Kind::Counter && words::is_optional_counter(self.of(*part)));
            let fixed = !matches!(part.kind, Kind::Prefix | Kind::Release | Kind::Stage | Kind::StageNumbers) && !skip_count && !skipped;
            fixed.then_some((gap, part))
        })
    }

    /// Whether the version of the base is exactly the same.
    pub fn same_base(&self, other: &Tag<'_>) -> bool {
        self.numbers_of(Kind::BaseNumbers).eq(other.numbers_of(Kind::BaseNumbers))
    }
}

/// Whether a number begins at a place.
fn starts(bytes: &[u8], at: usize) -> bool {
    at == 0 || !bytes[at - 1].is_ascii_digit()
}
