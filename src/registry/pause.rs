//! When a registry wants to be asked again.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Response, header};

/// Longest pause that is believed, in seconds: a day.
const LONGEST: u64 = 86_400;

/// Most that is read of the body of a refusal, in bytes.
const SIZE_MAX: usize = 4096;

/// How long the body of a refusal is waited for.
const BODY_WITHIN: Duration = Duration::from_secs(1);

/// What `Retry-After` says, as a number of seconds or as a date (RFC 9110, 10.2.3).
pub(super) fn of_header(response: &Response) -> Option<Duration> {
    let text = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = if let Ok(seconds) = text.parse::<u64>() {
        seconds
    } else {
        let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        u64::try_from(date.as_second() - Timestamp::now().as_second()).unwrap_or(0)
    };
    Some(Duration::from_secs(seconds.min(LONGEST)))
}

/// What the body says: GHCR's has `retry-after: 1.16676ms, allowed: 44000/minute`.
pub(super) async fn of_body(mut response: Response) -> Option<Duration> {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = SIZE_MAX - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if body.len() == SIZE_MAX {
                break;
            }
        }
    };
    // what came until then may say it
    let _ = tokio::time::timeout(BODY_WITHIN, read).await;
    of_text(&String::from_utf8_lossy(&body))
}

/// A pause as Go writes it, behind the words `retry-after:`.
fn of_text(text: &str) -> Option<Duration> {
    const WORDS: &str = "retry-after:";
    let at = text.as_bytes().windows(WORDS.len()).position(|window| window.eq_ignore_ascii_case(WORDS.as_bytes()))?;
    let mut rest = text.get(at + WORDS.len()..)?.trim_start();
    let mut seconds = None;
    while let Some(end) = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').filter(|end| *end > 0) {
        let (number, behind) = rest.split_at(end);
        let unit = behind.find(|letter: char| !letter.is_alphabetic()).unwrap_or(behind.len());
        let (unit, next) = behind.split_at(unit);
        let factor = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds = Some(seconds.unwrap_or(0.0) + number.parse::<f64>().ok()? * factor);
        rest = next;
    }
    Duration::try_from_secs_f64(seconds?).ok().map(|pause| pause.min(Duration::from_secs(LONGEST)))
}

/// A pause in whole seconds, as people are told it: rather too long than too short.
pub(super) fn seconds(pause: Duration) -> u32 {
    u32::try_from(pause.as_secs() + u64::from(pause.subsec_nanos() > 0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_read_as_go_writes_them() {
        for (text, expected) in [
            ("retry-after: 1.16676ms, allowed: 44000/minute", Some(1_166_760)),
            (r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"Retry-After: 350µs"}]}"#, Some(350_000)),
            ("retry-after: 1m2.5s.", Some(62_500_000_000)),
            ("retry-after:12ns", Some(12)),
            ("retry-after: 1000000h", Some(86_400_000_000_000)),
            ("retry-after: 7", None),
            ("retry-after: soon", None),
            ("retry-after: ..s", None),
            ("retry-after: 3 weeks", None),
            ("too many requests", None),
            ("", None),
        ] {
            let nanoseconds = of_text(text).map(|pause| pause.as_nanos());
            assert_eq!(nanoseconds, expected, "{text}");
        }
    }

    #[test]
    fn seconds_are_told_rather_too_long() {
        for (pause, expected) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(seconds(Duration::from_millis(pause)), expected);
        }
    }
}
