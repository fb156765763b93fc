//! Times as the documents write them.

use jiff::Timestamp;

/// RFC 3339 in UTC, to the second: `2026-11-21T01:03:31Z`. A time outside the years that can be written becomes 1970.
pub(super) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_written_in_utc() {
        for (seconds, text) in [(0, "1970-01-01T00:00:00Z"), (1_795_222_981, "2026-11-21T01:03:01Z"), (i64::MAX, "1970-01-01T00:00:00Z")] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
