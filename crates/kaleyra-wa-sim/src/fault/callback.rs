//! What can go wrong with a callback, and with a message after it was accepted.

use std::fmt;
use std::time::Duration;

use crate::chance::Chance;
use crate::time::duration;

/// What a rule does to a callback.
///
/// For an example see [`FaultRule`](crate::FaultRule).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallbackFault {
    /// `duplicate`: it is posted this many times in all, byte for byte the same.
    Duplicate {
        /// Two or more.
        times: u32,
    },
    /// `reorder`: up to this many later callbacks of the conversation overtake it; after 10 seconds it comes anyway.
    Reorder {
        /// How many may overtake it.
        window: u32,
    },
    /// `delay`: it comes later.
    Delay {
        /// How much.
        by: Delay,
    },
    /// `drop`: it never comes.
    Drop,
    /// `batch`: this many of the conversation come together in one; after 2 seconds those that there are.
    Batch {
        /// Two or more.
        size: u32,
    },
    /// `wrong-secret`: it carries another secret than was agreed on.
    WrongSecret,
    /// `reserialise`: the same JSON, written by another program: spaces, sorted fields, no escapes, `null` for `""`.
    Reserialise,
    /// `php-escapes`: the same JSON with every character escaped that `json_encode` can escape.
    PhpEscapes,
    /// `truncate`: half of its body comes, as if that were all.
    Truncate,
    /// `foreign-get`: a GET about the number's quality comes before it, as one of Kaleyra's pages has it.
    ForeignGet,
    /// `outage`: it is held back as long as the rule lasts (`for=5m`), and then all come at once.
    Outage,
}

/// What a rule does to a message after it was accepted.
///
/// For an example see [`FaultRule`](crate::FaultRule).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageFault {
    /// `fail`: it fails with one of Meta's codes (`code=131026`).
    Fail {
        /// The code.
        code: u32,
    },
    /// `not-sent`: Kaleyra does not pass it on, and says so with a flat callback (`code=WAV2101`).
    NotSent {
        /// The code.
        code: String,
    },
}

/// How long something takes.
///
/// For an example see [`FaultRule`](crate::FaultRule).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Delay {
    /// `2s`.
    Fixed(Duration),
    /// `1s..3s`, evenly.
    Range(Duration, Duration),
    /// `lognormal:800ms:0.6`: the median, and how far the rest is from it.
    LogNormal {
        /// Half of all take longer.
        median: Duration,
        /// The standard deviation of the logarithm.
        sigma: f64,
    },
}

impl CallbackFault {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "duplicate",
            Self::Reorder { .. } => "reorder",
            Self::Delay { .. } => "delay",
            Self::Drop => "drop",
            Self::Batch { .. } => "batch",
            Self::WrongSecret => "wrong-secret",
            Self::Reserialise => "reserialise",
            Self::PhpEscapes => "php-escapes",
            Self::Truncate => "truncate",
            Self::ForeignGet => "foreign-get",
            Self::Outage => "outage",
        }
    }

    /// All names.
    pub(crate) const NAMES: &'static str = "duplicate, reorder, delay, drop, batch, wrong-secret, reserialise, \
        php-escapes, truncate, foreign-get, outage";
}

impl MessageFault {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Fail { .. } => "fail",
            Self::NotSent { .. } => "not-sent",
        }
    }
}

impl Delay {
    /// The longest that anything takes.
    pub(crate) const MAX: Duration = Duration::from_secs(30 * 86_400);

    /// Reads `2s`, `1s..3s` or `lognormal:800ms:0.6`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let delay = if let Some(rest) = text.strip_prefix("lognormal:") {
            let (median, sigma) = rest.split_once(':')?;
            let sigma: f64 = sigma.parse().ok()?;
            Self::LogNormal {
                median: duration::parse(median)?,
                sigma: (0.0..=5.0).contains(&sigma).then_some(sigma)?,
            }
        } else if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (duration::parse(from)?, duration::parse(to)?);
            (from <= to).then_some(Self::Range(from, to))?
        } else {
            Self::Fixed(duration::parse(text)?)
        };
        (delay.longest() <= Self::MAX).then_some(delay)
    }

    fn longest(self) -> Duration {
        match self {
            Self::Fixed(longest) | Self::Range(_, longest) => longest,
            Self::LogNormal { median, .. } => median,
        }
    }

    /// How long it takes this time.
    pub(crate) fn sample(self, chance: Chance, key: &str) -> Duration {
        let fraction = |part| chance.fraction(&["delay", key, part]);
        let seconds = match self {
            Self::Fixed(fixed) => return fixed,
            Self::Range(from, to) => from.as_secs_f64() + (to - from).as_secs_f64() * fraction("a"),
            Self::LogNormal { median, sigma } => {
                // Box and Muller's normal distribution out of two even ones.
                let radius = (-2.0 * (1.0 - fraction("a")).ln()).sqrt();
                let normal = radius * (std::f64::consts::TAU * fraction("b")).cos();
                median.as_secs_f64() * (sigma * normal).exp()
            }
        };
        let delay = Duration::try_from_secs_f64(seconds).unwrap_or(Self::MAX);
        Duration::from_millis(delay.min(Self::MAX).as_millis() as u64)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = duration::format;
        match self {
            Self::Fixed(fixed) => f.write_str(&text(*fixed)),
            Self::Range(from, to) => write!(f, "{}..{}", text(*from), text(*to)),
            Self::LogNormal { median, sigma } => write!(f, "lognormal:{}:{sigma}", text(*median)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_read_written_and_drawn() {
        let chance = Chance::new(7);
        for (text, least, most) in [
            ("2s", 2_000, 2_000),
            ("1s..3s", 1_000, 3_000),
            ("lognormal:800ms:0.6", 20, 60_000),
        ] {
            let delay = Delay::parse(text).unwrap();
            assert_eq!(delay.to_string(), text);
            let drawn: Vec<u128> = (0..200)
                .map(|n| delay.sample(chance, &n.to_string()).as_millis())
                .collect();
            assert!(
                drawn.iter().all(|ms| (least..=most).contains(ms)),
                "{text}: {drawn:?}"
            );
            assert_eq!(drawn[5], delay.sample(chance, "5").as_millis());
            assert!(least == most || drawn.iter().any(|ms| *ms != drawn[0]));
        }
        let median = Delay::parse("lognormal:800ms:0.6").unwrap();
        let below = (0..1000)
            .filter(|n| median.sample(chance, &n.to_string()).as_millis() < 800)
            .count();
        assert!((420..580).contains(&below), "{below}");
        for text in [
            "",
            "3s..1s",
            "lognormal:1s",
            "lognormal:1s:9",
            "60d",
            "x..1s",
        ] {
            assert_eq!(Delay::parse(text), None, "{text}");
        }
    }
}
