//! A place.

use crate::Number;
use crate::UnknownFields;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

/// A place on the map, `location`.
///
/// ```
/// use kaleyra_wa_types::outbound::Location;
///
/// let shop = Location::new(12.9716, 77.5946).name("The corner shop").address("1 Example Road, Bengaluru");
/// assert_eq!(
///     serde_json::to_value(&shop)?,
///     serde_json::json!({
///         "latitude": 12.9716,
///         "longitude": 77.5946,
///         "name": "The corner shop",
///         "address": "1 Example Road, Bengaluru",
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Meta's page shows the coordinates as strings, Kaleyra's page and every recording have numbers: both are read, numbers
/// are sent.
///
/// Source: *Send Location Messages*; Meta's *Location messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Location {
    /// Degrees north of the equator, -90 to 90.
    pub latitude: Number,
    /// Degrees east of Greenwich, -180 to 180.
    pub longitude: Number,
    /// What the place is called.
    pub name: Option<String>,
    /// The address of the place. Apps show it only below a name.
    pub address: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Location {
    /// The place at this latitude and longitude.
    pub fn new(latitude: impl Into<Number>, longitude: impl Into<Number>) -> Self {
        Self {
            latitude: latitude.into(),
            longitude: longitude.into(),
            name: None,
            address: None,
            unknown: Default::default(),
        }
    }

    /// What the place is called.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The address of the place.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }
}

impl Validate for Location {
    fn check(&self, check: &mut Check<'_>) {
        check_degrees(&self.latitude, 90, &mut check.member("latitude"));
        check_degrees(&self.longitude, 180, &mut check.member("longitude"));
    }
}

fn check_degrees(degrees: &Number, max: i64, check: &mut Check<'_>) {
    match degrees.as_f64() {
        // A violation counts whole degrees, away from zero, so that 90.5 is not said to be 90.
        Some(degrees) => check.range((degrees.abs().ceil() * degrees.signum()) as i64, -max, max),
        None => check.report(Rule::Format("a number of degrees")),
    }
}
