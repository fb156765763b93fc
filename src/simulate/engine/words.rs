//! Times, as an Engine writes them for people and for programs.

use super::{Health, State, world::Container};

/// `2026-11-21T04:17:00.123456789Z`; the year 1 for what never happened.
pub(super) fn rfc3339(nanoseconds: Option<i64>) -> String {
    match nanoseconds.map(|nanoseconds| jiff::Timestamp::from_nanosecond(nanoseconds.into())) {
        Some(Ok(time)) => format!("{time:.9}"),
        _ => "0001-01-01T00:00:00Z".to_owned(),
    }
}

/// The column `STATUS` of `docker ps`: `Up 2 hours (healthy)`.
pub(super) fn status(container: &Container, now: i64) -> String {
    let since = |at: Option<i64>| duration(now.saturating_sub(at.unwrap_or(now)) / 1_000_000_000);
    match container.state {
        State::Created => "Created".to_owned(),
        State::Running => match container.health {
            None => format!("Up {}", since(container.started)),
            Some(Health::Starting) => format!("Up {} (health: starting)", since(container.started)),
            Some(health) => format!("Up {} ({health})", since(container.started)),
        },
        State::Paused => format!("Up {} (Paused)", since(container.started)),
        State::Restarting(code) => format!("Restarting ({code}) {} ago", since(container.finished)),
        State::Exited(code) => format!("Exited ({code}) {} ago", since(container.finished)),
    }
}

/// A duration in the words of `docker ps`.
fn duration(seconds: i64) -> String {
    let hours = (seconds + 1800) / 3600;
    match seconds {
        ..1 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        60..120 => "About a minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600.. if hours == 1 => "About an hour".to_owned(),
        3600.. if hours < 48 => format!("{hours} hours"),
        3600.. if hours < 24 * 7 * 2 => format!("{} days", hours / 24),
        3600.. if hours < 24 * 30 * 2 => format!("{} weeks", hours / 24 / 7),
        3600.. if hours < 24 * 365 * 2 => format!("{} months", hours / 24 / 30),
        3600.. => format!("{} years", hours / 24 / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_as_docker_ps_tells_them() {
        for (seconds, words) in [
            (0, "Less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (61, "About a minute"),
            (200, "3 minutes"),
            (3600, "About an hour"),
            (7200, "2 hours"),
            (3 * 86_400, "3 days"),
            (15 * 86_400, "2 weeks"),
            (70 * 86_400, "2 months"),
            (800 * 86_400, "2 years"),
        ] {
            assert_eq!(duration(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn times_have_nine_digits_and_never_is_the_year_one() {
        assert_eq!(rfc3339(Some(1_700_000_000_000_000_001)), "2023-11-14T22:13:20.000000001Z");
        assert_eq!(rfc3339(None), "0001-01-01T00:00:00Z");
    }
}
