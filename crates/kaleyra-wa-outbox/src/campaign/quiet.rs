//! Hours in which a campaign sends nothing.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kaleyra_wa_store::Moment;

/// Hours in which a campaign sends nothing, every day: from one time to another, in a time zone.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_outbox::QuietHours;
/// use kaleyra_wa_outbox::store::Moment;
///
/// let night: QuietHours = "21:00-09:00 Asia/Kolkata".parse()?;
/// assert_eq!(night.to_string(), "21:00-09:00 Asia/Kolkata");
///
/// let nine_pm = Moment::from_millis(1_795_966_200_000); // 15:30 UTC, for Kolkata is 5:30 ahead
/// let nine_am = Moment::from_millis(1_796_009_400_000);
/// assert_eq!(night.until(nine_pm), Some(nine_am));
/// assert_eq!(night.until(nine_am), None);
/// # Ok::<(), kaleyra_wa_outbox::InvalidQuietHours>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
    zone: TimeZone,
    name: String,
}

/// Quiet hours could not be read.
///
/// ```
/// use kaleyra_wa_outbox::QuietHours;
///
/// let error = "21:00".parse::<QuietHours>().unwrap_err();
/// assert_eq!(error.to_string(), "quiet hours are two times and a time zone, such as `21:00-09:00 Asia/Kolkata`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("quiet hours are two times and a time zone, such as `21:00-09:00 Asia/Kolkata`")]
pub struct InvalidQuietHours;

impl FromStr for QuietHours {
    type Err = InvalidQuietHours;

    fn from_str(text: &str) -> Result<Self, InvalidQuietHours> {
        let (hours, name) = text.trim().split_once(' ').ok_or(InvalidQuietHours)?;
        let (from, to) = hours.split_once('-').ok_or(InvalidQuietHours)?;
        let time = |text: &str| Time::strptime("%H:%M", text).map_err(|_| InvalidQuietHours);
        let (from, to, name) = (time(from)?, time(to)?, name.trim());
        let zone = TimeZone::get(name).map_err(|_| InvalidQuietHours)?;
        if from == to {
            return Err(InvalidQuietHours);
        }
        Ok(Self {
            from,
            to,
            zone,
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        let hour = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        write!(f, "{}-{} {}", hour(from), hour(to), self.name)
    }
}

impl QuietHours {
    /// When these hours end, if it is one of them.
    pub fn until(&self, now: Moment) -> Option<Moment> {
        let now = Timestamp::from_millisecond(now.as_millis()).ok()?;
        let local = now.to_zoned(self.zone.clone());
        let time = local.time();
        let is_quiet = if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            time >= self.from || time < self.to
        };
        if !is_quiet {
            return None;
        }
        let ends_today = time < self.to;
        let day = if ends_today {
            local.date()
        } else {
            local.date().checked_add(1.day()).ok()?
        };
        let end = day.to_datetime(self.to).to_zoned(self.zone.clone()).ok()?;
        let end = Moment::from_millis(end.timestamp().as_millisecond());
        // Where the clocks are changed in between, it never ends before now.
        Some(end.max(Moment::from_millis(now.as_millisecond() + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::from_millis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_night_ends_in_the_morning_where_the_users_are() {
        let night: QuietHours = "21:00-09:00 Asia/Kolkata".parse().unwrap();
        // 5:30 ahead of UTC.
        assert_eq!(night.until(at("2026-11-29T15:29:59Z")), None);
        let morning = Some(at("2026-11-30T03:30:00Z"));
        assert_eq!(night.until(at("2026-11-29T15:30:00Z")), morning);
        assert_eq!(night.until(at("2026-11-30T03:29:59Z")), morning);
        assert_eq!(night.until(at("2026-11-30T03:30:00Z")), None);
    }

    #[test]
    fn a_noon_is_inside_a_day_and_clocks_are_changed() {
        let noon: QuietHours = "12:00-14:00 Europe/Rome".parse().unwrap();
        assert_eq!(
            noon.until(at("2026-07-01T10:00:00Z")),
            Some(at("2026-07-01T12:00:00Z"))
        );
        assert_eq!(
            noon.until(at("2026-12-01T11:00:00Z")),
            Some(at("2026-12-01T13:00:00Z"))
        );
        assert_eq!(noon.until(at("2026-12-01T10:59:59Z")), None);
        // 02:30 does not exist on this day.
        let spring: QuietHours = "01:00-02:30 Europe/Rome".parse().unwrap();
        let end = spring.until(at("2026-03-29T00:30:00Z")).unwrap();
        assert!(end > at("2026-03-29T00:30:00Z") && end <= at("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn what_can_not_be_read_is_told() {
        for text in [
            "",
            "21:00-09:00",
            "21-9 Asia/Kolkata",
            "21:00-09:00 Asia/Nowhere",
            "25:00-09:00 UTC",
            "9:00-9:00 UTC",
        ] {
            assert_eq!(text.parse::<QuietHours>(), Err(InvalidQuietHours), "{text}");
        }
    }
}
