//! The log: to standard error, so that what a command prints stays apart.

use std::{
    fmt,
    io::{self, IsTerminal},
};

use jiff::{Timestamp, tz::TimeZone};
use tracing_subscriber::{
    EnvFilter,
    fmt::{format::Writer, time::FormatTime},
};

use crate::config::{Log, LogFormat};

/// The time as it stands in each line: RFC 3339, as late as it is in that zone.
struct In(TimeZone);

impl In {
    fn text(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string()
    }
}

impl FormatTime for In {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", self.text(Timestamp::now()))
    }
}

/// Starts the log, with times of `zone`. Colours only on a terminal that wants them.
pub(super) fn start(log: &Log, zone: TimeZone, no_color: bool) {
    let filter = EnvFilter::new(&log.filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false).with_timer(In(zone));
    // a log that was started before stays: only tests do that
    let _ = match log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.with_ansi(!no_color && io::stderr().is_terminal()).try_init(),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_zone() {
        let at: Timestamp = "2026-07-01T22:30:00.0000015Z".parse().unwrap();
        for (zone, expected) in [
            (TimeZone::UTC, "2026-07-01T22:30:00.000001+00:00"),
            (TimeZone::get("Europe/Berlin").unwrap(), "2026-07-02T00:30:00.000001+02:00"),
        ] {
            assert_eq!(In(zone).text(at), expected);
        }
    }
}
