//! The one line that an error says: what is wrong, and what to do.

use std::error::Error;
use std::fmt;

use kaleyra_wa_transport::{Phase, TransportErrorKind};
use kaleyra_wa_types::response::{ApiFailure, Code};

use super::{Cause, Delivery, ErrorKind, ReceivedResponse, Subject, advice};

/// Writes the line for what happened to a request.
pub(super) fn write(cause: &Cause, subject: Subject, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        Cause::Mismatches(mismatch) => write!(f, "not sent: {mismatch}"),
        Cause::EmptyReference => f.write_str(
            "not sent: the reference is empty: set a unique one, or set none to have one generated",
        ),
        Cause::Unsendable(_) => {
            f.write_str("not sent: the request could not be built; see the error's source")
        }
        Cause::FailedDownload(fault) => write!(f, "{fault}"),
        Cause::UnsendableFile(fault) => write!(f, "not sent: {fault}"),
        Cause::NoResponse(error) if error.phase() == Phase::Connect => {
            match while_connecting(error.kind()) {
                Some(text) => write!(f, "{text}; {}", error.phase()),
                None => write!(f, "{error}"),
            }
        }
        Cause::NoResponse(error) => write!(f, "{}; {}", error.kind(), subject.after_doubt()),
        Cause::Response(response) => response.write(subject, f),
    }
}

/// The text for kinds that don't mention connecting themselves.
const fn while_connecting(kind: TransportErrorKind) -> Option<&'static str> {
    match kind {
        TransportErrorKind::Timeout => {
            Some("connecting timed out: check the network, the proxy and the firewall")
        }
        TransportErrorKind::Interrupted => {
            Some("the connection broke off while connecting: check the network and the proxy")
        }
        TransportErrorKind::Other => {
            Some("the transport failed before it was connected: see the error's source")
        }
        _ => None,
    }
}

impl ReceivedResponse {
    fn write(&self, subject: Subject, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        let (kind, delivery) = self.verdict();
        if delivery == Delivery::Accepted {
            let fault = match kind {
                ErrorKind::ResponseTooLarge => "is larger than any response of this API",
                _ => "can't be read",
            };
            return f.write_str(&subject.after_success(self, fault));
        }
        match self.code().and_then(presentable) {
            Some(code) if kind == ErrorKind::UnexpectedResponse => {
                write!(f, "HTTP status {status} with code {code}: ")?;
            }
            Some(code) => write!(f, "{code}: ")?,
            None => write!(f, "HTTP status {status}: ")?,
        }
        f.write_str(self.meaning(kind, subject))?;
        f.write_str("; ")?;
        self.write_advice(delivery, subject, f)
    }

    fn meaning(&self, kind: ErrorKind, subject: Subject) -> &'static str {
        if let Some(failure) = self.failure() {
            return meaning_of(failure, subject);
        }
        if let Some(info) = self.code().and_then(Code::info) {
            return info.meaning;
        }
        match self.status.as_u16() {
            300..=499 if kind == ErrorKind::UnexpectedResponse => {
                "a refusal whose body names a success"
            }
            200..=299 if self.names_failure() => "a success whose body names a failure",
            200..=299 => {
                "a success that is not Kaleyra's: a proxy, a firewall or another server responded"
            }
            300..=399 => "a redirect, which is never followed because it would take the key along",
            401 | 403 if self.code().is_none() => "access denied, but not by Kaleyra",
            407 => "the proxy requires a user name and a password",
            408 | 499 => "the server gave up waiting",
            413 => "too large for the server",
            429 => "too many requests",
            _ => match kind {
                ErrorKind::Rejected => subject.refused(),
                ErrorKind::Server if self.is_whole_and_foreign() => {
                    "the server failed, or a gateway in front of it"
                }
                ErrorKind::Server => "the server failed",
                _ => "not a response of this API",
            },
        }
    }

    fn write_advice(
        &self,
        delivery: Delivery,
        subject: Subject,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let is_in_doubt = delivery == Delivery::Indeterminate;
        // No advice may lead to a second copy of a message.
        if is_in_doubt && matches!(subject, Subject::Message(_)) {
            return f.write_str(subject.after_doubt());
        }
        match self.failure() {
            None => {
                if let Some(advice) = self.code().and_then(Code::info).and_then(|it| it.advice) {
                    return f.write_str(advice);
                }
            }
            Some(ApiFailure::Internal) => {}
            Some(ApiFailure::IncorrectPayload) => return f.write_str(subject.check_payload()),
            Some(ApiFailure::AccountType) if subject == Subject::File => {
                let advice =
                    "send the file by a public link, or ask Kaleyra's support about the account";
                return f.write_str(advice);
            }
            Some(failure) => return f.write_str(failure.advice()),
        }
        if self.is_throttled() {
            return self.write_wait(subject, f);
        }
        if self.is_foreign_success() && subject == Subject::Query {
            return f.write_str("check the base URL, and any proxy or firewall on the way");
        }
        // A redirect will still be one the next time.
        if is_in_doubt && !self.status.is_redirection() {
            return f.write_str(subject.after_doubt());
        }
        if self.code().is_some() {
            return f.write_str("the message in the response says why");
        }
        f.write_str(advice::of_status(self.status, self.is_whole_and_foreign()))
    }

    fn write_wait(&self, subject: Subject, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let again = subject.once_more();
        match (self.retry_after, self.code().and_then(Code::class)) {
            (Some(wait), _) => write!(f, "wait {} s before {again}", wait.as_secs()),
            (None, Some(super::error_code::ErrorClass::Wait(wait))) => {
                write!(f, "wait {} minutes before {again}", wait.as_secs() / 60)
            }
            (None, _) => write!(f, "wait before {again}"),
        }
    }

    fn is_throttled(&self) -> bool {
        self.status.as_u16() == 429 || self.code() == Some(&Code::TooManyRequests)
    }

    /// Whether the body came whole, says something, and is not Kaleyra's: a web page, say.
    pub(super) fn is_whole_and_foreign(&self) -> bool {
        self.broken.is_none() && !self.body.is_empty() && self.decoded.is_err()
    }
}

/// The meaning of a failure; for some, uploads differ from messages.
fn meaning_of(failure: ApiFailure, subject: Subject) -> &'static str {
    match (failure, subject) {
        (ApiFailure::AccountType, Subject::File) => {
            "this type of account may not upload files; only postpaid accounts may"
        }
        _ => failure.meaning(),
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

/// The code, if it is safe to show. An unknown one may be any string, so it has to look like a code.
pub(super) fn presentable(code: &Code) -> Option<&str> {
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
