//! A button that shares the user's number.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// The request for the number of a user whose number is hidden: a button that shares it. A `contacts` message comes back, whose
    /// [origin](crate::contacts::Contact::origin) is `contact_request`.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::ContactInfoRequest;
    ///
    /// let question = ContactInfoRequest::new("How can we reach you?");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(question))?,
    ///     serde_json::json!({
    ///         "type": "request_contact_info",
    ///         "body": {"text": "How can we reach you?"},
    ///         "action": {"name": "request_contact_info"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Meta's pages on business-scoped user ids (July 2026).
    pub struct ContactInfoRequest(ContactInfoAction) {}
}

/// The action of `request_contact_info`.
///
/// For an example see [`ContactInfoRequest`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ContactInfoAction {
    /// Always `request_contact_info`.
    pub name: Option<ActionName>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl ContactInfoRequest {
    /// What the message says, 1 to 1024 characters.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: ContactInfoAction {
                name: Some(ActionName::RequestContactInfo),
                unknown: Default::default(),
            },
        }
    }
}

impl Validate for ContactInfoAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "request_contact_info", check);
    }
}
