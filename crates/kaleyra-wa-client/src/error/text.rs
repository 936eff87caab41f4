//! The one line that an error says: what is wrong, and what to do.

use std::error::Error;
use std::fmt;

use kaleyra_wa_types::response::{Code, Failure};

use super::{Answer, Cause, Delivery, ErrorKind};

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipient(reason) => write!(f, "not sent: {reason}"),
            Self::Violations(violations) => {
                f.write_str("not sent: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{violation}")?;
                }
                Ok(())
            }
            Self::Unsendable(_) => f.write_str("not sent: no request can be made of the message"),
            Self::NoAnswer(error) => error.fmt(f),
            Self::Answer(answer) => answer.fmt(f),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        let (kind, delivery) = self.verdict();
        if kind == ErrorKind::UnreadableAnswer {
            return write!(
                f,
                "accepted with HTTP status {status}, but its id is unknown, as the answer can't be read: \
                 don't send it again"
            );
        }
        match self.code().and_then(presentable) {
            Some(code) if kind == ErrorKind::UnexpectedAnswer => {
                write!(f, "HTTP status {status} with code {code}: ")?;
            }
            Some(code) => write!(f, "{code}: ")?,
            None => write!(f, "HTTP status {status}: ")?,
        }
        f.write_str(self.meaning(kind))?;
        f.write_str("; ")?;
        self.write_advice(delivery, f)
    }
}

impl Answer {
    fn meaning(&self, kind: ErrorKind) -> &'static str {
        match (self.failure(), self.status.as_u16()) {
            (Some(failure), _) => failure.meaning(),
            (None, 408) => "the server gave up waiting",
            (None, 429) => "too many requests",
            (None, 200..=299) => "a success whose body names a failure",
            (None, 300..=399) => "a redirect, which is never followed as the key would go along",
            (None, _) => match kind {
                ErrorKind::Rejected => "the server refused the message",
                ErrorKind::Server => "the server failed",
                _ => "not an answer that this API gives",
            },
        }
    }

    fn write_advice(&self, delivery: Delivery, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (delivery, self.failure(), self.status.as_u16()) {
            (Delivery::Indeterminate, ..) => f.write_str(Failure::Internal.advice()),
            (_, Some(failure), _) if failure != Failure::Internal => f.write_str(failure.advice()),
            (_, _, 429) => match self.retry_after {
                Some(wait) => write!(f, "wait {} s before sending again", wait.as_secs()),
                None => f.write_str("wait before sending again"),
            },
            _ if self.code().is_some() => f.write_str("the message in its answer says why"),
            _ => f.write_str("check the base URL"),
        }
    }
}

/// An error and what is below it, in one line.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(": ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}

/// The code, if it can be shown. One that nobody has heard of may be any text, so it has to look like a code.
fn presentable(code: &Code) -> Option<&str> {
    let text = code.as_str();
    let looks_like_code = text.len() <= 12
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .bytes()
            .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == b'-');
    looks_like_code.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_are_shown() {
        for text in ["WA400", "WA-401", "E13001", "WAV2101", "RBC001"] {
            assert_eq!(presentable(&Code::from(text)), Some(text));
        }
        for text in [
            "",
            "919800000001",
            "two\nlines",
            "Call Asha",
            "ABCDEFGHIJKLM",
        ] {
            assert_eq!(presentable(&Code::from(text)), None);
        }
    }
}
