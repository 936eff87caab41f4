//! Which statuses a message gets, and when.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kaleyra_wa_types::inbound::StatusName;

use crate::time::duration;

/// When each status of a message comes, counted from the response to the send.
///
/// ```
/// use kaleyra_wa_sim::StatusLadder;
///
/// let ladder: StatusLadder = "sent:0,delivered:800ms,read:manual".parse().unwrap();
/// assert_eq!(ladder.to_string(), "sent:0s,delivered:800ms,read:manual");
///
/// assert_eq!(StatusLadder::default(), StatusLadder::sent());
/// assert!(StatusLadder::phone().to_string().contains("read:manual"));
/// assert_eq!("none".parse(), Ok(StatusLadder::none()));
/// ```
///
/// A status that is `manual` comes when the user does it: [`User::reads`](crate::User::reads). One that is not named never comes.
/// `failed` and `not sent` need no step: they come instead of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLadder {
    steps: Vec<(StatusName, Step)>,
}

/// When a status comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    After(Duration),
    Manual,
}

/// A string that is not a ladder of statuses.
///
/// ```
/// use kaleyra_wa_sim::StatusLadder;
///
/// let error = "sent:soon".parse::<StatusLadder>().unwrap_err();
/// println!("{error}"); // what to write instead
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write the statuses and when they come, such as sent:0,delivered:800ms,read:manual; there are submit, sent, \
     delivered, read and played"
)]
pub struct InvalidLadder;

const NAMES: [(&str, StatusName); 5] = [
    ("submit", StatusName::Accepted),
    ("sent", StatusName::Sent),
    ("delivered", StatusName::Delivered),
    ("read", StatusName::Read),
    ("played", StatusName::Played),
];

impl StatusLadder {
    /// `sent:0`: what the simulator does by default.
    pub fn sent() -> Self {
        Self {
            steps: vec![(StatusName::Sent, Step::After(Duration::ZERO))],
        }
    }

    /// `sent:0,delivered:400ms,read:manual,played:manual`: a phone that is on.
    pub fn phone() -> Self {
        let delivered = Step::After(Duration::from_millis(400));
        Self {
            steps: vec![
                (StatusName::Sent, Step::After(Duration::ZERO)),
                (StatusName::Delivered, delivered),
                (StatusName::Read, Step::Manual),
                (StatusName::Played, Step::Manual),
            ],
        }
    }

    /// No status at all.
    pub fn none() -> Self {
        Self { steps: Vec::new() }
    }

    /// Whether it has this status, whenever that comes.
    pub(crate) fn has(&self, status: &StatusName) -> bool {
        self.steps.iter().any(|(step, _)| step == status)
    }

    pub(crate) fn steps(&self) -> &[(StatusName, Step)] {
        &self.steps
    }
}

impl Default for StatusLadder {
    fn default() -> Self {
        Self::sent()
    }
}

impl FromStr for StatusLadder {
    type Err = InvalidLadder;

    fn from_str(text: &str) -> Result<Self, InvalidLadder> {
        if text == "none" {
            return Ok(Self::none());
        }
        let mut steps: Vec<(StatusName, Step)> = Vec::new();
        for step in text.split(',') {
            let (name, when) = step.trim().split_once(':').ok_or(InvalidLadder)?;
            let (_, name) = NAMES
                .iter()
                .find(|(known, _)| *known == name)
                .ok_or(InvalidLadder)?;
            let when = match when {
                "manual" => Step::Manual,
                after => Step::After(duration::parse(after).ok_or(InvalidLadder)?),
            };
            if steps.iter().any(|(known, _)| known == name) {
                return Err(InvalidLadder);
            }
            steps.push((name.clone(), when));
        }
        Ok(Self { steps })
    }
}

impl fmt::Display for StatusLadder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("none");
        }
        for (index, (status, step)) in self.steps.iter().enumerate() {
            let name = NAMES.iter().find(|(_, known)| known == status);
            let name = name.map_or("", |(name, _)| name);
            let comma = if index == 0 { "" } else { "," };
            match step {
                Step::Manual => write!(f, "{comma}{name}:manual")?,
                Step::After(after) => write!(f, "{comma}{name}:{}", duration::format(*after))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ladders_are_read_and_written() {
        for text in [
            "sent:0s",
            "submit:0s,sent:1s,delivered:2s,read:manual,played:manual",
            "none",
        ] {
            let ladder: StatusLadder = text.parse().unwrap();
            assert_eq!(ladder.to_string(), text);
        }
        assert_eq!("sent:0".parse(), Ok(StatusLadder::sent()));
        for text in [
            "",
            "sent",
            "sent:soon",
            "lost:0",
            "sent:0,sent:1s",
            "failed:0",
        ] {
            assert_eq!(text.parse::<StatusLadder>(), Err(InvalidLadder), "{text}");
        }
    }
}
