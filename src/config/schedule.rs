//! When checks are due.

use std::fmt;

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{Zoned, civil::date, tz::TimeZone};

/// A cron expression of five fields, or never.
#[derive(Clone)]
pub struct Schedule(Option<Box<Cron>>);

// the expression's own `Debug` is a page of bits
impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule({})", self.0.as_ref().map_or("off", |cron| cron.as_str()))
    }
}

impl Schedule {
    /// Never.
    pub fn off() -> Self {
        Self(None)
    }

    /// Understands an expression, or `off`. One that never comes due is refused.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "off" {
            return Some(Self::off());
        }
        let cron = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(text).ok()?;
        let schedule = Self(Some(Box::new(cron)));
        let some_day = date(2024, 1, 1).to_zoned(TimeZone::UTC).ok()?;
        schedule.next(&some_day).map(|_| schedule)
    }

    /// When the next check is due, in the time zone of `after`; none where never.
    pub fn next(&self, after: &Zoned) -> Option<Zoned> {
        self.0.as_ref()?.find_next_occurrence(after, false).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_in_the_given_zone() {
        let schedule = Schedule::parse("30 4 * * *").unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let after = date(2026, 11, 21).at(5, 0, 0, 0).to_zoned(zone).unwrap();
        assert_eq!(schedule.next(&after).unwrap().to_string(), "2026-11-22T04:30:00+01:00[Europe/Berlin]");
        assert!(Schedule::off().next(&after).is_none());
    }

    #[test]
    fn only_five_fields_that_come_due_are_taken() {
        for right in ["17 */6 * * *", "0 4 * * MON-FRI", "@daily", "off", "0 0 29 2 *"] {
            assert!(Schedule::parse(right).is_some(), "{right}");
        }
        for wrong in ["", "hourly", "* * * *", "0 0 4 * * *", "61 * * * *", "0 0 30 2 *", "0 0 1 1 * 2030"] {
            assert!(Schedule::parse(wrong).is_none(), "{wrong}");
        }
    }
}
