//! The one line that an error says: what is wrong, and what to do.

use std::error::Error;
use std::fmt;

use kaleyra_wa_transport::{Class, Phase};
use kaleyra_wa_types::response::{Code, Failure};

use super::{Answer, Cause, Delivery, ErrorKind};

/// Writes the line for something that happened to an operation of this class.
pub(super) fn write(cause: &Cause, class: Class, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match cause {
        Cause::NoRecipient(reason) => write!(f, "not sent: {reason}"),
        Cause::Violations(violations) => {
            f.write_str("not sent: ")?;
            for (index, violation) in violations.iter().enumerate() {
                let separator = if index == 0 { "" } else { "; " };
                write!(f, "{separator}{violation}")?;
            }
            Ok(())
        }
        Cause::Unsendable(_) => f.write_str("not sent: no request can be made of it"),
        Cause::FailedDownload(fault) => write!(f, "{fault}"),
        Cause::UnsendableFile(fault) => write!(f, "not sent: {fault}"),
        Cause::NoAnswer(error) if error.phase() == Phase::Connect => write!(f, "{error}"),
        Cause::NoAnswer(error) => write!(f, "{}; {}", error.kind(), after_doubt(class)),
        Cause::Answer(answer) => answer.write(class, f),
    }
}

/// What to do where it is not known what became of it.
fn after_doubt(class: Class) -> &'static str {
    match class {
        Class::Read => "try again later",
        Class::Upload => {
            "it may have been stored: upload it again, a copy that is not used does no harm"
        }
        _ => Failure::Internal.advice(),
    }
}

impl Answer {
    fn write(&self, class: Class, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        let (kind, delivery) = self.verdict();
        if delivery == Delivery::Accepted {
            let fault = match kind {
                ErrorKind::AnswerTooLarge => "is larger than any answer of this API",
                _ => "can't be read",
            };
            return match class {
                Class::Read => write!(
                    f,
                    "HTTP status {status}, but the answer {fault}; try again later"
                ),
                Class::Upload => write!(
                    f,
                    "stored with HTTP status {status}, but its id is unknown, as the answer {fault}: upload it again"
                ),
                _ => write!(
                    f,
                    "accepted with HTTP status {status}, but its id is unknown, as the answer {fault}: don't send it again"
                ),
            };
        }
        match self.code().and_then(presentable) {
            Some(code) if kind == ErrorKind::UnexpectedAnswer => {
                write!(f, "HTTP status {status} with code {code}: ")?;
            }
            Some(code) => write!(f, "{code}: ")?,
            None => write!(f, "HTTP status {status}: ")?,
        }
        f.write_str(self.meaning(kind, class))?;
        f.write_str("; ")?;
        self.write_advice(delivery, class, f)
    }

    fn meaning(&self, kind: ErrorKind, class: Class) -> &'static str {
        match (self.failure(), self.status.as_u16()) {
            (Some(failure), _) => meaning_of(failure, class),
            (None, 408) => "the server gave up waiting",
            (None, 429) => "too many requests",
            (None, 200..=299) => "a success whose body names a failure",
            (None, 300..=399) => "a redirect, which is never followed as the key would go along",
            (None, _) => match (kind, class) {
                (ErrorKind::Rejected, Class::Send) => "the server refused the message",
                (ErrorKind::Rejected, Class::Upload) => "the server refused the file",
                (ErrorKind::Rejected, _) => "the server refused the request",
                (ErrorKind::Server, _) => "the server failed",
                _ => "not an answer that this API gives",
            },
        }
    }

    fn write_advice(
        &self,
        delivery: Delivery,
        class: Class,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        match (delivery, self.failure(), self.status.as_u16()) {
            (Delivery::Indeterminate, ..) => f.write_str(after_doubt(class)),
            (_, Some(failure), _) if failure != Failure::Internal => {
                f.write_str(advice_for(failure, class))
            }
            (_, _, 429) => match self.retry_after {
                Some(wait) => write!(f, "wait {} s before sending again", wait.as_secs()),
                None => f.write_str("wait before sending again"),
            },
            (_, _, 413) if class == Class::Upload => f.write_str("make it smaller"),
            _ if self.code().is_some() => f.write_str("the message in its answer says why"),
            _ => f.write_str("check the base URL"),
        }
    }
}

/// What a failure means, where an upload is refused for another reason than a message.
fn meaning_of(failure: Failure, class: Class) -> &'static str {
    match (failure, class) {
        (Failure::AccountType, Class::Upload) => {
            "this type of account may not upload files, only a postpaid one may"
        }
        _ => failure.meaning(),
    }
}

fn advice_for(failure: Failure, class: Class) -> &'static str {
    match (failure, class) {
        (Failure::AccountType, Class::Upload) => {
            "send the file by a public link, or ask Kaleyra's support about the account"
        }
        (Failure::IncorrectPayload, Class::Upload) => "check the file, its name and its type",
        _ => failure.advice(),
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
