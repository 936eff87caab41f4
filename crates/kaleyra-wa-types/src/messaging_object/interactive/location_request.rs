//! A button that sends where the user is.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::validate::{Check, Validate};
use crate::wire::object::{deserialize_object, wire_object};

interactive_builder! {
    /// The request for a location: a button that sends where the user is. A `location` message comes back.
    ///
    /// Source: *Send Location Request Messages*; Meta's page of that name.
    pub struct LocationRequest(LocationRequestAction) {}
}

wire_object! {
    /// The action of `location_request_message`.
    pub struct LocationRequestAction {
        /// Always `send_location`.
        pub name: Option<ActionName>,
    }
}

deserialize_object!(LocationRequestAction);

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
