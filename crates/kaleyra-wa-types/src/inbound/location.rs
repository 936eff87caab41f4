//! A place that a user sent.

use crate::Number;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A place: where the user is, a spot on the map, or the reply to a location request.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "location",
///     "location": {"latitude": 12.9716, "longitude": "77.5946", "name": "Blue Shoes"}}"#)?;
/// let MessageContent::Location(place) = &message.content else { panic!("something else") };
/// let degrees = place.latitude.as_ref().zip(place.longitude.as_ref());
/// assert_eq!(degrees.and_then(|(north, east)| north.as_f64().zip(east.as_f64())), Some((12.9716, 77.5946)));
/// assert_eq!(place.name.as_deref(), Some("Blue Shoes")); // `None` for a spot that has no name
/// # Ok::<(), serde_json::Error>(())
/// ```
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
