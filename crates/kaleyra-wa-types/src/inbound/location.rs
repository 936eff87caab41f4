//! A place that a user sent.

use crate::Number;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A place: where the user is, a spot on the map, or the reply to a location request.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
///
/// Source: *Current Location Message* and *Address Location Message*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Location {
    /// Degrees north of the equator, -90 to 90. Some feeds write it as a string.
    pub latitude: Option<Number>,
    /// Degrees east of Greenwich, -180 to 180. Some feeds write it as a string.
    pub longitude: Option<Number>,
    /// What the place is called, where the user picked a known one.
    pub name: Option<String>,
    /// The postal address in one string.
    pub address: Option<String>,
    /// A page about the place.
    pub url: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
