//! Why a setting can't be used.

use std::convert::Infallible;

use kaleyra_wa_types::InvalidPhoneNumber;

use super::InvalidBaseUrl;

/// A setting can't be used. The text says which, why and what to do; it never repeats the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The API key is empty or can't be put into a header.
    #[error(
        "API key: it is empty or has signs that no key has, such as blanks or line ends; \
         copy it from Kaleyra's console"
    )]
    ApiKey,
    /// The base URL can't be used.
    #[error("base URL: {0}")]
    BaseUrl(InvalidBaseUrl),
    /// No pod has this name.
    #[error("pod: it must be in, sg, eu or na; for another server give its base URL")]
    Pod,
    /// The sender is not a phone number.
    #[error("sender: {}", sender(*.0))]
    Sender(InvalidPhoneNumber),
    /// The SID is empty or can't be part of a path.
    #[error("SID: only letters, digits, - and _ are allowed; copy it from Kaleyra's console")]
    Sid,
}

/// What is wrong with a sender, where the advice for a recipient would mislead.
fn sender(reason: InvalidPhoneNumber) -> String {
    match reason {
        InvalidPhoneNumber::List => {
            "several phone numbers in one: give the one that sends".to_owned()
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
