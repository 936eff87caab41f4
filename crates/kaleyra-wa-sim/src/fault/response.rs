//! What can go wrong with the response to a request.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kaleyra_wa_types::response::ApiFailure;

/// How a request to Kaleyra's endpoints fails that would have been accepted: a send, an upload, a look at the details of the
/// number, or anything about blocked users. What is said of messages and the 202 holds for them and their responses, too.
///
/// ```
/// use kaleyra_wa_sim::Fault;
/// use kaleyra_wa_types::response::ApiFailure;
///
/// assert_eq!("low-balance".parse(), Ok(Fault::Documented(ApiFailure::LowBalance)));
/// assert_eq!("E110".parse(), Ok(Fault::Documented(ApiFailure::LowBalance)));
/// assert_eq!(Fault::CutBody.name(), "cut-body");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// One of the documented responses. The message is not accepted.
    Documented(ApiFailure),
    /// `cut-body`: the message **is accepted**, but the connection closes in the middle of the 202's body.
    CutBody,
    /// `documented-body`: the message **is accepted**, but the 202's body is the one that Kaleyra's pages print: two
    /// commas are missing, so it is not JSON. Other responses lack the same two.
    DocumentedBody,
    /// `hang`: the request is read and gets no response. The message is not accepted.
    Hang,
    /// `close`: the request is read and the connection closed without a response. The message is not accepted.
    Close,
    /// `too-many-requests`: HTTP 429 `WA429` with `Retry-After`. The message is not accepted.
    TooManyRequests,
    /// `bad-gateway`: HTTP 502 with HTML, as from a gateway in between. The message is not accepted.
    BadGateway,
    /// `foreign-page`: HTTP 200 with a page of a firewall in between, in HTML. The message is not accepted.
    ForeignPage,
    /// `foreign-json`: HTTP 200 with `{"success":false,…}`, JSON that is not Kaleyra's. The message is not accepted.
    ForeignJson,
    /// `lost-response`: the message **is accepted**, but the connection closes without a response.
    LostResponse,
    /// `half-close`: the message **is accepted** and the response whole, but the server then closes its side of the connection
    /// without having said so. What is sent on it afterwards is read and done, and never gets a response.
    HalfClose,
    /// `reset`: the request is read and the connection reset (RST). The message is not accepted.
    Reset,
    /// `slow`: the message **is accepted**; the response begins only after this time.
    Slow(Duration),
    /// `trickle`: the message **is accepted**; each byte of the response's body comes only after this time.
    Trickle(Duration),
}

/// A string that names no [`Fault`].
///
/// ```
/// use kaleyra_wa_sim::{Fault, UnknownFault};
///
/// assert_eq!("WA-401".parse::<Fault>(), Err(UnknownFault::Ambiguous));
/// let error = "explode".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("low-balance")); // names all that there are
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownFault {
    /// `WA-401` stands for two of them.
    #[error("`WA-401` stands for two faults: use `account-type` or `api-version`")]
    Ambiguous,
    /// No fault has this name.
    #[error(
        "there is no such fault: use one of {}; or a documented code, such as E110",
        names()
    )]
    Unknown,
}

impl Fault {
    /// All of them: the documented failures first, in the order of the pages. Slow ones take half a second for a response, and
    /// a millisecond for a byte.
    pub const ALL: [Self; 20] = [
        Self::Documented(ApiFailure::IncorrectCredentials),
        Self::Documented(ApiFailure::SenderNotInAccount),
        Self::Documented(ApiFailure::IncorrectPayload),
        Self::Documented(ApiFailure::Internal),
        Self::Documented(ApiFailure::LowBalance),
        Self::Documented(ApiFailure::AccountType),
        Self::Documented(ApiFailure::ApiVersion),
        Self::CutBody,
        Self::DocumentedBody,
        Self::Hang,
        Self::Close,
        Self::TooManyRequests,
        Self::BadGateway,
        Self::ForeignPage,
        Self::ForeignJson,
        Self::LostResponse,
        Self::HalfClose,
        Self::Reset,
        Self::Slow(Duration::from_millis(500)),
        Self::Trickle(Duration::from_millis(1)),
    ];

    /// Its name, as it is written in a rule: `low-balance`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented(failure) => failure_name(failure),
            Self::CutBody => "cut-body",
            Self::DocumentedBody => "documented-body",
            Self::Hang => "hang",
            Self::Close => "close",
            Self::TooManyRequests => "too-many-requests",
            Self::BadGateway => "bad-gateway",
            Self::ForeignPage => "foreign-page",
            Self::ForeignJson => "foreign-json",
            Self::LostResponse => "lost-response",
            Self::HalfClose => "half-close",
            Self::Reset => "reset",
            Self::Slow(_) => "slow",
            Self::Trickle(_) => "trickle",
        }
    }

    fn code(self) -> Option<String> {
        match self {
            Self::Documented(failure) => Some(failure.code().as_str().to_owned()),
            Self::TooManyRequests => Some("WA429".to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a name, or the documented code where it stands for one fault only.
impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(fault) = Self::ALL.into_iter().find(|fault| fault.name() == text) {
            return Ok(fault);
        }
        let has_code = |fault: &Self| {
            fault
                .code()
                .is_some_and(|code| code.eq_ignore_ascii_case(text))
        };
        let mut with_code = Self::ALL.into_iter().filter(has_code);
        match (with_code.next(), with_code.next()) {
            (Some(fault), None) => Ok(fault),
            (Some(_), Some(_)) => Err(UnknownFault::Ambiguous),
            (None, _) => Err(UnknownFault::Unknown),
        }
    }
}

fn failure_name(failure: ApiFailure) -> &'static str {
    match failure {
        ApiFailure::IncorrectCredentials => "incorrect-credentials",
        ApiFailure::SenderNotInAccount => "sender-not-in-account",
        ApiFailure::IncorrectPayload => "incorrect-payload",
        ApiFailure::LowBalance => "low-balance",
        ApiFailure::AccountType => "account-type",
        ApiFailure::ApiVersion => "api-version",
        ApiFailure::Internal => "internal",
        // One that is newer than this version; a unit test finds the first of them.
        _ => "undocumented",
    }
}

fn names() -> String {
    Fault::ALL.map(Fault::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn every_documented_failure_has_a_fault() {
        for failure in ApiFailure::ALL {
            assert!(Fault::ALL.contains(&Fault::Documented(failure)));
        }
    }

    #[test]
    fn codes_lead_to_faults_where_they_can() {
        fn check(code: &str, expected: Result<Fault, UnknownFault>) {
            assert_eq!(code.parse::<Fault>(), expected, "{code}");
        }
        check(
            "RBC001",
            Ok(Fault::Documented(ApiFailure::IncorrectCredentials)),
        );
        check(
            "WA401",
            Ok(Fault::Documented(ApiFailure::SenderNotInAccount)),
        );
        check("wa400", Ok(Fault::Documented(ApiFailure::IncorrectPayload)));
        check("WA500", Ok(Fault::Documented(ApiFailure::Internal)));
        check("E110", Ok(Fault::Documented(ApiFailure::LowBalance)));
        check("WA429", Ok(Fault::TooManyRequests));
        check("WA-401", Err(UnknownFault::Ambiguous));
        check("WA404", Err(UnknownFault::Unknown));
    }

    #[test]
    fn an_unknown_name_is_told_all_names() {
        let text = UnknownFault::Unknown.to_string();
        for fault in Fault::ALL {
            assert!(text.contains(fault.name()), "{text}");
        }
    }
}
