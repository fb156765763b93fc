//! Times as the documents write them.

use jiff::Timestamp;

/// RFC 3339 in UTC, to the second: `2026-11-21T01:03:31Z`. A time outside the years that can be written becomes 1970.
pub(super) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// The same from milliseconds and to the millisecond: `2026-11-21T01:03:31.250Z`.
pub(super) fn rfc3339_ms(milliseconds: i64) -> String {
    format!("{:.3}", Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_three_digits_always() {
        for (ms, text) in
            [(0, "1970-01-01T00:00:00.000Z"), (1_795_222_981_250, "2026-11-21T01:03:01.250Z"), (i64::MIN, "1970-01-01T00:00:00.000Z")]
        {
            assert_eq!(rfc3339_ms(ms), text);
        }
    }

    #[test]
    fn times_are_written_in_utc() {
        for (seconds, text) in [(0, "1970-01-01T00:00:00Z"), (1_795_222_981, "2026-11-21T01:03:01Z"), (i64::MAX, "1970-01-01T00:00:00Z")] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
