//! Kaleyra's regions.

use std::fmt;
use std::str::FromStr;

use super::ConfigError;

/// A Kaleyra region. An account belongs to one of them, and its key works in no other.
///
/// Kaleyra's pages disagree about two of the hosts. Where the one here does not work, give
/// [`Account::new`](crate::Account::new) the other with [`BaseUrl::parse`](crate::BaseUrl::parse) instead of the pod.
///
/// ```
/// use kaleyra_wa_client::{Account, Pod};
///
/// let account = Account::new(Pod::In, "HXIN0000000000IN", "A-your-key", "+918000000001")?;
/// assert_eq!(account.base_url().to_string(), "https://api.in.kaleyra.io");
///
/// // By its name, as a setting has it.
/// assert_eq!("sg".parse::<Pod>()?.as_str(), "sg");
/// # Ok::<(), kaleyra_wa_client::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pod {
    /// India, `in`: `api.in.kaleyra.io`.
    In,
    /// Singapore, `sg`: `api.ap.kaleyra.io`. Newer pages say `https://api.kaleyra.io`.
    Sg,
    /// Europe, `eu`: `api.eu.kaleyra.io`.
    Eu,
    /// North America, `na`: `api.na.kaleyra.ai`. Some pages say `https://api.na.kaleyra.io`.
    Na,
}

impl Pod {
    /// Its name, as [`FromStr`] takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Sg => "sg",
            Self::Eu => "eu",
            Self::Na => "na",
        }
    }
}

impl fmt::Display for Pod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Takes the name in upper or lower case.
///
/// ```
/// use kaleyra_wa_client::Pod;
///
/// assert_eq!("SG".parse(), Ok(Pod::Sg));
/// assert!("us".parse::<Pod>().is_err());
/// ```
impl FromStr for Pod {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::In, Self::Sg, Self::Eu, Self::Na]
            .into_iter()
            .find(|pod| pod.as_str().eq_ignore_ascii_case(name))
            .ok_or(ConfigError::Pod)
    }
}
