//! Numbers of any length, as the digits that were written: nothing overflows.

use std::cmp::Ordering;

/// The runs of digits in a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// A number without the zeros that fill it up. Empty for zero.
pub fn significant(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// Whether a number is filled up with zeros: `04`.
pub fn is_padded(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// The order of two numbers.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (significant(a), significant(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The order of two lists of numbers: the first that differs decides, then the shorter is less.
pub fn compare_lists<'a>(a: impl Iterator<Item = &'a str>, mut b: impl Iterator<Item = &'a str>) -> Ordering {
    for number in a {
        match b.next().map(|other| compare(number, other)) {
            None => return Ordering::Greater,
            Some(Ordering::Equal) => {}
            Some(differs) => return differs,
        }
    }
    if b.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

/// The order of the numbers that both lists have: `8.0.3` is not beyond `8`.
pub fn compare_common<'a>(a: impl Iterator<Item = &'a str>, b: impl Iterator<Item = &'a str>) -> Ordering {
    a.zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The value, or the greatest there is.
pub fn value(digits: &str) -> u64 {
    digits.bytes().filter(u8::is_ascii_digit).fold(0u64, |sum, digit| sum.saturating_mul(10).saturating_add((digit - b'0').into()))
}
