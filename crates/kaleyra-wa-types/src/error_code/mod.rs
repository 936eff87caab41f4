//! What Meta's and Kaleyra's error codes mean, and when the same request may work.
//!
//! ```
//! use kaleyra_wa_types::inbound::ErrorCode;
//! use kaleyra_wa_types::error_code::{self, ErrorClass};
//!
//! let info = error_code::lookup(&ErrorCode::from("131047")).unwrap();
//! assert_eq!(info.class, ErrorClass::Never);
//! println!("131047: {}", info.meaning);
//! ```
//!
//! Codes appear without notice: one that is not in the table has no class, and nothing can be assumed about it.
//!
//! Source: Meta's *Error codes* (with those of calls, groups, flows and payments), Kaleyra's *WhatsApp V2 Error Codes*.

mod details;
pub(crate) mod kaleyra;
mod meta;

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::inbound::{ErrorCode, MetaError};
use crate::response::Code;

/// When the same request may work.
///
/// It says nothing about whether a *repeated* send is safe: only a send that provably did not arrive may be sent again
/// without asking the callbacks first. A `failed` status and a rejection are proof; an internal error is not.
///
/// ```
/// use kaleyra_wa_types::error_code::ErrorClass;
/// use kaleyra_wa_types::inbound::MetaError;
///
/// let next = match MetaError::new(131049).class() {
///     Some(ErrorClass::Transient) => "again, soon",
///     Some(ErrorClass::Wait(_)) => "again, and not before that long",
///     Some(ErrorClass::FixFirst) => "tell whoever can mend it",
///     Some(ErrorClass::Never) => "give up",
///     _ => "a person decides",
/// };
/// assert_eq!(next, "again, and not before that long");
/// assert!(ErrorClass::Transient.is_temporary() && !ErrorClass::FixFirst.is_temporary());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Soon: wait longer each time, and not more than a few times.
    Transient,
    /// Not before this long. Meta penalises those who do not wait (131049, since April 2026).
    Wait(Duration),
    /// Not until something was changed: a permission, a setting, a payment, a template.
    FixFirst,
    /// Not as it is: change the request, or give up.
    Never,
    /// The code means several things of different classes, and the error's details don't say which: the
    /// [`meaning`](CodeInfo::meaning) names them. Have a person look at it.
    Unclear,
}

/// What is known about an error code.
///
/// ```
/// use kaleyra_wa_types::error_code::ErrorClass;
/// use kaleyra_wa_types::response::Code;
///
/// let info = Code::LowBalance.info().ok_or("not in the table")?;
/// assert_eq!(info.meaning, "the account's balance is too low");
/// assert_eq!(info.advice, Some("top up the account"));
/// assert_eq!(info.class, ErrorClass::FixFirst);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CodeInfo {
    /// What went wrong, in a line without a full stop.
    pub meaning: &'static str,
    /// When the same request may work.
    pub class: ErrorClass,
    /// What to do about it, in a line without a full stop, where more is known than the class says.
    pub advice: Option<&'static str>,
}

impl ErrorClass {
    /// Whether the same request may work without anybody doing anything.
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::Transient | Self::Wait(_))
    }
}

/// What is known about one of Meta's codes by itself; `None` for one that no page named when this version was made.
///
/// Some codes mean several things; [`judge`] decides by the details.
///
/// ```
/// use kaleyra_wa_types::error_code::{ErrorClass, lookup};
/// use kaleyra_wa_types::inbound::ErrorCode;
///
/// assert_eq!(lookup(&ErrorCode::from("131047")).map(|info| info.class), Some(ErrorClass::Never));
/// assert_eq!(lookup(&ErrorCode::from("999999")), None); // nothing can be assumed about it
/// ```
pub fn lookup(code: &ErrorCode) -> Option<&'static CodeInfo> {
    meta::lookup(code.as_str().trim().parse().ok()?)
}

/// What is known about one of Meta's errors by its code and, where the code means several things, by its `details`: Meta's
/// own advice is to decide on these two.
///
/// ```
/// use kaleyra_wa_types::inbound::ErrorCode;
/// use kaleyra_wa_types::error_code::{ErrorClass, judge, lookup};
///
/// let code = ErrorCode::from("131053");
/// let class = |details| judge(&code, details).map(|info| info.class);
/// let unreachable = "Downloading media from weblink failed with http code 503, status message Service Unavailable";
/// assert_eq!(class(Some(unreachable)), Some(ErrorClass::Transient));
/// assert_eq!(class(Some("Image file is of type text/html, which is not supported")), Some(ErrorClass::Never));
/// assert_eq!(class(None), Some(ErrorClass::Unclear));
/// # assert_eq!(lookup(&code).map(|info| info.class), Some(ErrorClass::Unclear));
/// ```
pub fn judge(code: &ErrorCode, details: Option<&str>) -> Option<&'static CodeInfo> {
    let by_code = lookup(code)?;
    let number = code.as_str().trim().parse().ok()?;
    Some(
        details
            .and_then(|details| details::decide(number, details))
            .unwrap_or(by_code),
    )
}

/// All codes of Meta's in the table, from low to high. As a rule a range is one code.
///
/// ```
/// use kaleyra_wa_types::error_code::{ErrorClass, meta_codes};
///
/// // What a dashboard should call a person for:
/// let to_mend: Vec<u32> = meta_codes()
///     .filter(|(_, info)| info.class == ErrorClass::FixFirst)
///     .map(|(codes, _)| *codes.start())
///     .collect();
/// assert!(to_mend.contains(&131042)); // no valid payment method
/// ```
pub fn meta_codes() -> impl Iterator<Item = (RangeInclusive<u32>, &'static CodeInfo)> {
    meta::rows().map(|row| (row.first..=row.last, &row.info))
}

/// All codes of Kaleyra's in the table that name a failure, in order.
///
/// ```
/// use kaleyra_wa_types::error_code::kaleyra_codes;
///
/// for (code, info) in kaleyra_codes() {
///     println!("{code:<8} {}", info.meaning);
/// }
/// assert!(kaleyra_codes().any(|(code, _)| code == "E110"));
/// ```
pub fn kaleyra_codes() -> impl Iterator<Item = (&'static str, &'static CodeInfo)> {
    kaleyra::codes()
}

impl MetaError {
    /// What is known about its code and details.
    ///
    /// ```
    /// use kaleyra_wa_types::error_code::ErrorClass;
    /// use kaleyra_wa_types::inbound::MetaError;
    ///
    /// let error: MetaError = serde_json::from_str(r#"{"code": 131047, "title": "Re-engagement message"}"#)?;
    /// let info = error.info().ok_or("a new code")?;
    /// println!("{}: {}", info.meaning, info.advice.unwrap_or_default());
    /// assert_eq!(error.class(), Some(ErrorClass::Never)); // it takes a template
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn info(&self) -> Option<&'static CodeInfo> {
        judge(self.code.as_ref()?, self.details())
    }

    /// When the same request may work, by its code and details; `None` where the code says nothing.
    pub fn class(&self) -> Option<ErrorClass> {
        Some(self.info()?.class)
    }
}

impl Code {
    /// What is known about it; `None` for success, and for a code that is not in the table.
    ///
    /// For an example see [`CodeInfo`].
    pub fn info(&self) -> Option<&'static CodeInfo> {
        kaleyra::lookup(self.as_str())
    }

    /// When the same request may work; `None` for success, and for a code that is not in the table.
    ///
    /// ```
    /// use kaleyra_wa_types::error_code::ErrorClass;
    /// use kaleyra_wa_types::response::Code;
    ///
    /// assert_eq!(Code::IncorrectPayload.class(), Some(ErrorClass::Never));
    /// assert!(Code::TooManyRequests.class().is_some_and(|class| class.is_temporary()));
    /// assert_eq!(Code::Accepted.class(), None); // a success
    /// assert!(Code::Accepted.is_success());
    /// assert_eq!(Code::Accepted.meaning(), Some("accepted for sending"));
    /// ```
    pub fn class(&self) -> Option<ErrorClass> {
        Some(self.info()?.class)
    }

    /// What it says, in a line without a full stop; `None` for a code that is not in the table.
    pub fn meaning(&self) -> Option<&'static str> {
        match self {
            Self::Accepted => Some("accepted for sending"),
            Self::Processed => Some("processed"),
            _ => Some(self.info()?.meaning),
        }
    }

    /// Whether it says that the request was accepted.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Accepted | Self::Processed)
    }
}

// The tables' vocabulary.

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

const fn wait(seconds: u64) -> ErrorClass {
    ErrorClass::Wait(Duration::from_secs(seconds))
}

const fn info(class: ErrorClass, meaning: &'static str) -> CodeInfo {
    CodeInfo {
        meaning,
        class,
        advice: None,
    }
}
