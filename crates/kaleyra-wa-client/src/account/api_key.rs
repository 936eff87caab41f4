//! The API key, which is never shown.

use std::fmt;
use std::str::FromStr;

use kaleyra_wa_transport::http::HeaderValue;
use kaleyra_wa_transport::http::header::InvalidHeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// The key that authorises requests, sent in the header `api-key`.
///
/// `Debug` prints `ApiKey(…)`; there is no `Display` and no way to read it back. It is wiped from memory when dropped.
///
/// ```
/// use kaleyra_wa_client::ApiKey;
///
/// let key: ApiKey = "A-key".parse()?;
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// # Ok::<(), kaleyra_wa_client::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// The header's value, marked so that no `Debug` of a request shows it.
    pub(crate) fn to_header(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(self.0.expose_secret())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl TryFrom<String> for ApiKey {
    type Error = ConfigError;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        // Wrapped first, so that a refused key is wiped as well.
        let key = SecretString::from(key);
        let text = key.expose_secret();
        if text.is_empty() {
            return Err(ConfigError::EmptyApiKey);
        }
        if !text.bytes().all(|sign| sign.is_ascii_graphic()) {
            return Err(ConfigError::ApiKey);
        }
        Ok(Self(key))
    }
}

impl TryFrom<&str> for ApiKey {
    type Error = ConfigError;

    fn try_from(key: &str) -> Result<Self, Self::Error> {
        key.to_owned().try_into()
    }
}

impl FromStr for ApiKey {
    type Err = ConfigError;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        key.try_into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}
