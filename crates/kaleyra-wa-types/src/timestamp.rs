//! A point in time as the wire has it.

use crate::wire::LooseText;
use crate::wire::number::whole_number;
use kaleyra_wa_derive::StringId;

/// A point in time in seconds since 1970-01-01 UTC, as a string or, in some feeds, a number. It keeps what came.
///
/// ```
/// use kaleyra_wa_types::Timestamp;
///
/// assert_eq!(Timestamp::from("1722863329").unix_seconds(), Some(1_722_863_329));
/// assert_eq!(Timestamp::from("17XXXXXXXX").unix_seconds(), None); // masked in the documentation
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct Timestamp(LooseText);

impl Timestamp {
    /// Seconds since 1970-01-01 UTC, also where they are written with a fraction or exponent; `None` where the string is not a
    /// whole number.
    pub fn unix_seconds(&self) -> Option<i64> {
        whole_number(self.as_str())
    }
}

impl From<i64> for Timestamp {
    fn from(unix_seconds: i64) -> Self {
        Self(LooseText::from(unix_seconds.to_string()))
    }
}
