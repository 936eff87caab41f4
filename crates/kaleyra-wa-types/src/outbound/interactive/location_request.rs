//! A button that sends where the user is.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// The request for a location: a button that sends where the user is. A `location` message comes back.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::LocationRequest;
    ///
    /// let question = LocationRequest::new("Where shall we bring it?");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(question))?,
    ///     serde_json::json!({
    ///         "type": "location_request_message",
    ///         "body": {"text": "Where shall we bring it?"},
    ///         "action": {"name": "send_location"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Location Request Messages*; Meta's page of that name.
    pub struct LocationRequest(LocationRequestAction) {}
}

/// The action of `location_request_message`.
///
/// For an example see [`LocationRequest`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct LocationRequestAction {
    /// Always `send_location`.
    pub name: Option<ActionName>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl LocationRequest {
    /// What the message says, 1 to 1024 characters.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: LocationRequestAction {
                name: Some(ActionName::SendLocation),
                unknown: Default::default(),
            },
        }
    }
}

impl Validate for LocationRequestAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "send_location", check);
    }
}
