//! Why a setting can't be used.

use std::convert::Infallible;

use kaleyra_wa_types::InvalidPhoneNumber;

use super::InvalidBaseUrl;

/// A setting can't be used. The error says which one, why and what to do; it never repeats the value.
///
/// ```
/// use kaleyra_wa_client::{Account, ConfigError, Pod};
///
/// let error = Account::new(Pod::In, "", "A-your-key", "+918000000001").unwrap_err();
/// assert_eq!(error, ConfigError::EmptySid);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The API key can't be put into a header.
    #[error(
        "API key: it contains characters that no key has, such as spaces or line breaks; copy it from Kaleyra's console"
    )]
    ApiKey,
    /// The base URL can't be used.
    #[error("base URL: {0}")]
    BaseUrl(InvalidBaseUrl),
    /// The API key is empty.
    #[error("API key: it is empty; copy it from Kaleyra's console")]
    EmptyApiKey,
    /// The SID is empty.
    #[error("SID: it is empty; copy it from Kaleyra's console")]
    EmptySid,
    /// This environment variable is not set, or empty.
    #[error("{name}: this environment variable is not set, or empty; {advice}", name = .0, advice = where_from(.0))]
    MissingVariable(&'static str),
    /// This environment variable is not UTF-8.
    #[error("{0}: this environment variable is not UTF-8; set it again")]
    UnreadableVariable(&'static str),
    /// No pod has this name.
    #[error("pod: it must be in, sg, eu or na; for another server give its base URL")]
    Pod,
    /// The sender is not a phone number.
    #[error("sender: {}", sender(*.0))]
    Sender(InvalidPhoneNumber),
    /// The SID can't be part of a path.
    #[error("SID: only letters, digits, - and _ are allowed; copy it from Kaleyra's console")]
    Sid,
}

/// What to set a variable to.
fn where_from(variable: &str) -> &'static str {
    match variable {
        "KALEYRA_POD" => "set it to in, sg, eu or na, or KALEYRA_BASE_URL to another server",
        "KALEYRA_SENDER" => "set it to the sender's number, with + and country code",
        _ => "copy its value from Kaleyra's console",
    }
}

/// What is wrong with a sender, where the advice for a recipient would mislead.
fn sender(reason: InvalidPhoneNumber) -> String {
    match reason {
        InvalidPhoneNumber::List => {
            "several phone numbers in one: give only the sender's".to_owned()
        }
        other => other.to_string(),
    }
}

impl From<InvalidBaseUrl> for ConfigError {
    fn from(error: InvalidBaseUrl) -> Self {
        Self::BaseUrl(error)
    }
}

impl From<InvalidPhoneNumber> for ConfigError {
    fn from(error: InvalidPhoneNumber) -> Self {
        Self::Sender(error)
    }
}

// A setting of the right type needs no check; `Account::new` takes it all the same.
impl From<Infallible> for ConfigError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
