//! Calls: the question whether the business may call, and a button that calls the business.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::Number;
use crate::UnknownFields;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// The question whether the business may call the user: at most one in 24 hours and two in 7 days to one user.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::CallPermissionRequest;
    ///
    /// let question = CallPermissionRequest::new().body("May we call you about the repair?");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(question))?,
    ///     serde_json::json!({
    ///         "type": "call_permission_request",
    ///         "body": {"text": "May we call you about the repair?"},
    ///         "action": {"name": "call_permission_request"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// A user who gave a lasting permission is not asked again: the send fails with the code 138017.
    ///
    /// Source: Meta's *User call permissions*.
    pub struct CallPermissionRequest(CallPermissionAction) { body }
}

interactive_builder! {
    /// A message with a button that calls the business on WhatsApp.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::VoiceCall;
    ///
    /// let offer = VoiceCall::new("Questions about the repair?")
    ///     .display_text("Call us")
    ///     .ttl_minutes(60)
    ///     .payload("repair-17");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(offer))?["action"],
    ///     serde_json::json!({
    ///         "name": "voice_call",
    ///         "parameters": {"display_text": "Call us", "ttl_minutes": 60, "payload": "repair-17"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Meta's *Call button messages*.
    pub struct VoiceCall(VoiceCallAction) {}
}

/// The action of `call_permission_request`.
///
/// For an example see [`CallPermissionRequest`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallPermissionAction {
    /// Always `call_permission_request`.
    pub name: Option<ActionName>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The action of `voice_call`.
///
/// For an example see [`VoiceCall`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct VoiceCallAction {
    /// Always `voice_call`.
    pub name: Option<ActionName>,
    /// The button, where it differs from the default.
    pub parameters: Option<VoiceCallParameters>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A button that calls the business.
///
/// For an example see [`VoiceCall`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct VoiceCallParameters {
    /// The button's label, 1 to 20 characters; `Call Now` where it is missing.
    pub display_text: Option<String>,
    /// How long the button works, in minutes: 1 to 43200 (30 days); 10080 (7 days) where it is missing.
    pub ttl_minutes: Option<Number>,
    /// What comes back with the call, at most 512 characters.
    pub payload: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl CallPermissionRequest {
    /// The question.
    pub fn new() -> Self {
        Self {
            frame: Frame::default(),
            action: CallPermissionAction {
                name: Some(ActionName::CallPermissionRequest),
                unknown: Default::default(),
            },
        }
    }
}

impl Default for CallPermissionRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl VoiceCall {
    /// What the message says, 1 to 1024 characters.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: VoiceCallAction {
                name: Some(ActionName::VoiceCall),
                parameters: None,
                unknown: Default::default(),
            },
        }
    }

    /// The button's label, 1 to 20 characters.
    ///
    /// For an example see [`VoiceCall`].
    pub fn display_text(self, display_text: impl Into<String>) -> Self {
        self.with(|parameters| parameters.display_text(display_text))
    }

    /// How long the button works, in minutes: 1 to 43200.
    ///
    /// For an example see [`VoiceCall`].
    pub fn ttl_minutes(self, ttl_minutes: u32) -> Self {
        self.with(|parameters| parameters.ttl_minutes(i64::from(ttl_minutes)))
    }

    /// What comes back with the call, at most 512 characters.
    ///
    /// For an example see [`VoiceCall`].
    pub fn payload(self, payload: impl Into<String>) -> Self {
        self.with(|parameters| parameters.payload(payload))
    }

    fn with(mut self, set: impl FnOnce(VoiceCallParameters) -> VoiceCallParameters) -> Self {
        let parameters = self.action.parameters.take();
        self.action.parameters = Some(set(parameters.unwrap_or_else(VoiceCallParameters::empty)));
        self
    }
}

impl VoiceCallParameters {
    /// The maximum number of characters on the button.
    pub const DISPLAY_TEXT_MAX: usize = 20;
    /// The maximum number of characters in a payload.
    pub const PAYLOAD_MAX: usize = 512;
    /// The longest time that a button may work, in minutes.
    pub const TTL_MINUTES_MAX: i64 = 43_200;

    fn empty() -> Self {
        Self {
            display_text: None,
            ttl_minutes: None,
            payload: None,
            unknown: Default::default(),
        }
    }
}

setters!(VoiceCallParameters {
    /// The button's label, 1 to 20 characters.
    display_text: String,
    /// How long the button works, in minutes.
    ttl_minutes: Number,
    /// What comes back with the call, at most 512 characters.
    payload: String,
});

impl Validate for CallPermissionAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "call_permission_request", check);
    }
}

impl Validate for VoiceCallAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "voice_call", check);
        if let Some(parameters) = &self.parameters {
            parameters.check(&mut check.member("parameters"));
        }
    }
}

impl Validate for VoiceCallParameters {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(text) = &self.display_text {
            check
                .member("display_text")
                .length(text, 1, Self::DISPLAY_TEXT_MAX);
        }
        if let Some(ttl) = &self.ttl_minutes {
            let mut check = check.member("ttl_minutes");
            match ttl.as_i64() {
                Some(ttl) => check.range(ttl, 1, Self::TTL_MINUTES_MAX),
                None => check.report(Rule::Format("a whole number of minutes")),
            }
        }
        if let Some(payload) = &self.payload {
            check
                .member("payload")
                .length(payload, 0, Self::PAYLOAD_MAX);
        }
    }
}
