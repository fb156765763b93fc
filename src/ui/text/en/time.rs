//! Ages and waits.

/// The largest unit that fits, and how many of it.
fn unit(seconds: i64) -> (i64, &'static str, &'static str) {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match seconds {
        ..HOUR => ((seconds / MINUTE).max(1), "minute", "min"),
        HOUR..DAY => (seconds / HOUR, "hour", "h"),
        _ => (seconds / DAY, "day", "d"),
    }
}

/// Under this many seconds something is now.
const NOW: i64 = 45;

/// How long ago: `just now`, `4 minutes ago`. A clock that runs behind makes no age negative.
pub fn ago(seconds: i64) -> String {
    if seconds < NOW {
        return "just now".to_owned();
    }
    let (n, unit, _) = unit(seconds);
    format!("{n} {unit}{} ago", if n == 1 { "" } else { "s" })
}

/// How long ago, for a narrow column: `now`, `4 min`, `3 h`, `9 d`.
pub fn ago_short(seconds: i64) -> String {
    if seconds < NOW {
        return "now".to_owned();
    }
    let (n, _, short) = unit(seconds);
    format!("{n} {short}")
}

/// How long until then, to the nearest: `any moment`, `in 2 hours`.
pub fn ahead(seconds: i64) -> String {
    const HOUR: i64 = 3600;
    if seconds < NOW {
        return "any moment".to_owned();
    }
    let nearest = match seconds {
        ..5_400 => seconds + 30,
        5_400..129_600 => seconds + HOUR / 2,
        _ => seconds + 12 * HOUR,
    };
    let (n, unit, _) = unit(nearest);
    format!("in {n} {unit}{}", if n == 1 { "" } else { "s" })
}

/// How long something took.
pub fn took(milliseconds: u32) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds} ms"),
        _ => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
    }
}

/// How long an update lasted, in whole seconds: `8 s`, `2 min 5 s`, `1 h 3 min`.
pub fn lasted(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_take_the_largest_unit_that_fits() {
        let cases = [
            (-5, "just now", "now", "any moment"),
            (44, "just now", "now", "any moment"),
            (45, "1 minute ago", "1 min", "in 1 minute"),
            (119, "1 minute ago", "1 min", "in 2 minutes"),
            (240, "4 minutes ago", "4 min", "in 4 minutes"),
            (3569, "59 minutes ago", "59 min", "in 59 minutes"),
            (3600, "1 hour ago", "1 h", "in 1 hour"),
            (7_000, "1 hour ago", "1 h", "in 2 hours"),
            (84_000, "23 hours ago", "23 h", "in 23 hours"),
            (86_400, "1 day ago", "1 d", "in 1 day"),
            (129_600, "1 day ago", "1 d", "in 2 days"),
            (9 * 86_400, "9 days ago", "9 d", "in 9 days"),
        ];
        for (seconds, long, short, later) in cases {
            assert_eq!(ago(seconds), long);
            assert_eq!(ago_short(seconds), short);
            assert_eq!(ahead(seconds), later);
        }
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(took(84), "84 ms");
        assert_eq!(took(1_249), "1.2 s");
        assert_eq!([-1, 8, 125, 3_800].map(lasted), ["0 s", "8 s", "2 min 5 s", "1 h 3 min"]);
    }
}
