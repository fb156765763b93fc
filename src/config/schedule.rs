//! When checks are due.

use std::fmt;

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{Zoned, civil::date, tz::TimeZone};

/// A cron expression of five fields, or never.
#[derive(Clone)]
pub struct Schedule {
    cron: Option<Box<Cron>>,
    /// the four fields behind a minute that is still to be drawn
    to_draw: Option<String>,
}

/// Stands for a minute that is drawn, as in the cron of OpenBSD.
const DRAWN: &str = "~ ";

// the expression's own `Debug` is a page of bits
impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule({})", self.cron.as_ref().map_or("off", |cron| cron.as_str()))
    }
}

impl Schedule {
    /// Never.
    pub fn off() -> Self {
        Self { cron: None, to_draw: None }
    }

    /// Understands an expression, or `off`. One that never comes due is refused.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "off" {
            return Some(Self::off());
        }
        if let Some(rest) = text.strip_prefix(DRAWN) {
            let drawn = Self::parse(&format!("0 {}", rest.trim()))?;
            return Some(Self { to_draw: Some(rest.trim().to_owned()), ..drawn });
        }
        let cron = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(text).ok()?;
        let schedule = Self { cron: Some(Box::new(cron)), to_draw: None };
        let some_day = date(2024, 1, 1).to_zoned(TimeZone::UTC).ok()?;
        schedule.next(&some_day).map(|_| schedule)
    }

    /// Whether its minute is to be drawn.
    pub fn is_to_be_drawn(&self) -> bool {
        self.to_draw.is_some()
    }

    /// The schedule with `minute` (taken as one of 60) where one is to be drawn.
    #[must_use]
    pub fn drawn(self, minute: u8) -> Self {
        let cron = self.to_draw.as_ref().and_then(|rest| Self::parse(&format!("{} {rest}", minute % 60)));
        cron.unwrap_or(self)
    }

    /// When the next check is due, in the time zone of `after`; none where never.
    pub fn next(&self, after: &Zoned) -> Option<Zoned> {
        self.cron.as_ref()?.find_next_occurrence(after, false).ok()
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
    fn a_drawn_minute_is_the_same_from_then_on() {
        let after = date(2026, 11, 21).at(5, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let schedule = Schedule::parse("~ */6 * * *").unwrap();
        assert!(schedule.is_to_be_drawn());
        let schedule = schedule.drawn(102);
        assert!(!schedule.is_to_be_drawn());
        assert_eq!(schedule.next(&after).unwrap().to_string(), "2026-11-21T06:42:00+00:00[UTC]");
        let fixed = Schedule::parse("17 4 * * *").unwrap().drawn(42);
        assert_eq!(fixed.next(&after).unwrap().to_string(), "2026-11-22T04:17:00+00:00[UTC]");
    }

    #[test]
    fn only_five_fields_that_come_due_are_taken() {
        for right in ["~ */6 * * *", "17 */6 * * *", "0 4 * * MON-FRI", "@daily", "off", "0 0 29 2 *"] {
            assert!(Schedule::parse(right).is_some(), "{right}");
        }
        for wrong in ["", "~", "~ *", "* ~ * * *", "hourly", "* * * *", "0 0 4 * * *", "61 * * * *", "0 0 30 2 *", "0 0 1 1 * 2030"] {
            assert!(Schedule::parse(wrong).is_none(), "{wrong}");
        }
    }
}
