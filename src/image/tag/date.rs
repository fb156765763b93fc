//! Days and moments in a tag.

/// Where the date ends that begins at `at`: `2024-01-31`, `2024-01`, `20240131`, `202401311530`, and a time behind `T`.
///
/// Months and days separated by dots are no date here but a version that counts by the calendar.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<usize> {
    let day = match digits(bytes, at) {
        4 => separated(bytes, at)?,
        // a day; behind it a number of the day, hours and minutes, or seconds too
        length @ (8 | 10 | 12 | 14) => {
            let part = |from, to| two_digits(bytes, at + from).filter(|value| (1..=to).contains(value));
            year(bytes, at)?;
            part(4, 12)?;
            part(6, 31)?;
            at + length
        }
        _ => return None,
    };
    Some(time(bytes, day).unwrap_or(day))
}

/// `2024-01-31` or `2024-01`, and no digit behind.
fn separated(bytes: &[u8], at: usize) -> Option<usize> {
    year(bytes, at)?;
    let separator = *bytes.get(at + 4).filter(|byte| matches!(byte, b'-' | b'_'))?;
    let part = |at, to| two_digits(bytes, at).filter(|value| digits(bytes, at) == 2 && (1..=to).contains(value));
    part(at + 5, 12)?;
    let month = at + 7;
    let more = bytes.get(month) == Some(&separator) && bytes.get(month + 1).is_some_and(u8::is_ascii_digit);
    if more { part(month + 1, 31).map(|_| month + 3) } else { Some(month) }
}

/// `T16-36-33Z`, `T163633Z`.
fn time(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'T') || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let mut end = at + 1;
    for _ in 0..3 {
        let from = end + usize::from(end > at + 1 && matches!(bytes.get(end), Some(b'-' | b'_')));
        match two_digits(bytes, from) {
            Some(_) => end = from + 2,
            None => break,
        }
    }
    Some(end + usize::from(bytes.get(end) == Some(&b'Z')))
}

/// A year in which there are containers, or nearly.
fn year(bytes: &[u8], at: usize) -> Option<u8> {
    let century = two_digits(bytes, at)?;
    let rest = two_digits(bytes, at + 2)?;
    (century == 20 || (century == 19 && rest >= 90)).then_some(rest)
}

/// The value of two digits.
fn two_digits(bytes: &[u8], at: usize) -> Option<u8> {
    match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

/// How many digits stand at a place.
pub(super) fn digits(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
}
