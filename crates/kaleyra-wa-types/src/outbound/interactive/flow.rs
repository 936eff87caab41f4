//! Flows: forms of the business's own.

use serde_json::{Map, Value};

use super::ActionName;
use super::action::{check_name, require_parameters};
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use crate::wire::LooseText;
use crate::{FlowId, TextOrObject};
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// The version of the flow message, `3`.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::FlowParameters;
///
/// let flow: FlowParameters = serde_json::from_str(r#"{"flow_message_version": "3", "flow_name": "visit"}"#)?;
/// assert_eq!(flow.flow_message_version, Some("3".into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct FlowMessageVersion(LooseText);

interactive_builder! {
    /// A message with a button that opens a flow, a form of the business's own.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::FlowMessage;
    ///
    /// let booking = FlowMessage::by_id("When may we come?", "100000000000002", "Pick a time")
    ///     .token("visit-17")
    ///     .navigate("TIMES")
    ///     .data("day", "Monday");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(booking))?["action"],
    ///     serde_json::json!({
    ///         "name": "flow",
    ///         "parameters": {
    ///             "flow_message_version": "3",
    ///             "flow_id": "100000000000002",
    ///             "flow_cta": "Pick a time",
    ///             "flow_token": "visit-17",
    ///             "flow_action": "navigate",
    ///             "flow_action_payload": {"screen": "TIMES", "data": {"day": "Monday"}},
    ///         },
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// The reply is an [`nfm_reply`](crate::inbound::NfmReply) with the name `flow`.
    ///
    /// Source: *Send Flow Messages*; Meta's *Sending a flow*.
    pub struct FlowMessage(FlowAction) { header, footer }
}

/// The action of `flow`.
///
/// For an example see [`FlowMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct FlowAction {
    /// Always `flow`.
    pub name: Option<ActionName>,
    /// Which flow, and how it opens.
    pub parameters: Option<FlowParameters>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which flow, and how it opens.
///
/// For an example see [`FlowMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct FlowParameters {
    /// Always `3`.
    pub flow_message_version: Option<FlowMessageVersion>,
    /// The flow's id. Either this or `flow_name`.
    pub flow_id: Option<FlowId>,
    /// The flow's name, which stays when the flow is replaced. Either this or `flow_id`.
    pub flow_name: Option<String>,
    /// The button's label. Meta advises at most 30 characters without emoji, several providers refuse more than
    /// 20: neither is checked, but that it is not empty.
    pub flow_cta: Option<String>,
    /// Whether a draft is opened; `published` where it is missing.
    pub mode: Option<FlowMode>,
    /// The business's own name for this use of the flow; comes back as `flow_token` in what the reply's
    /// [`response`](crate::inbound::NfmReply::response) gives.
    pub flow_token: Option<String>,
    /// How the flow opens; `navigate` where it is missing.
    pub flow_action: Option<FlowOpening>,
    /// What `navigate` needs.
    pub flow_action_payload: Option<FlowActionPayload>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The first screen, and its data.
///
/// For an example see [`FlowMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct FlowActionPayload {
    /// The id of the first screen.
    pub screen: Option<String>,
    /// The data for the screen: an object that is not empty. Meta's own sample has its JSON in a string; both are read, an
    /// object is sent.
    pub data: Option<TextOrObject<String, Map<String, Value>>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which state of a flow is opened, `mode`.
///
/// For an example see [`FlowMessage`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum FlowMode {
    /// `draft`. Only for tests.
    Draft,
    /// `published`. The published flow.
    Published,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// How a flow opens, `flow_action`.
///
/// For an example see [`FlowMessage`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum FlowOpening {
    /// `data_exchange`. The business's server is asked for the first screen.
    DataExchange,
    /// `navigate`. The message names the first screen.
    Navigate,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl FlowMessage {
    /// What the message says (1 to 1024 characters), the flow, and the button's label.
    ///
    /// For an example see [`FlowMessage`].
    pub fn by_id(
        body: impl Into<String>,
        flow_id: impl Into<FlowId>,
        flow_cta: impl Into<String>,
    ) -> Self {
        let mut message = Self::new(body, flow_cta);
        message.parameters().flow_id = Some(flow_id.into());
        message
    }

    /// As [`by_id`](Self::by_id), with the name of the flow.
    ///
    /// For an example see [`draft`](Self::draft).
    pub fn by_name(
        body: impl Into<String>,
        flow_name: impl Into<String>,
        flow_cta: impl Into<String>,
    ) -> Self {
        let mut message = Self::new(body, flow_cta);
        message.parameters().flow_name = Some(flow_name.into());
        message
    }

    fn new(body: impl Into<String>, flow_cta: impl Into<String>) -> Self {
        let mut message = Self {
            frame: Frame::with_body(body),
            action: FlowAction {
                name: Some(ActionName::Flow),
                parameters: None,
                unknown: Default::default(),
            },
        };
        message.parameters().flow_cta = Some(flow_cta.into());
        message
    }

    /// The business's own name for this use of the flow; comes back as `flow_token` in what the reply's
    /// [`response`](crate::inbound::NfmReply::response) gives.
    ///
    /// For an example see [`FlowMessage`].
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.parameters().flow_token = Some(token.into());
        self
    }

    /// Opens the draft of the flow, for tests.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::FlowMessage;
    ///
    /// let trial = FlowMessage::by_name("When may we come?", "visit", "Pick a time").navigate("TIMES").draft();
    /// let parameters = &serde_json::to_value(Interactive::from(trial))?["action"]["parameters"];
    /// assert_eq!((&parameters["flow_name"], &parameters["mode"]), (&"visit".into(), &"draft".into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn draft(mut self) -> Self {
        self.parameters().mode = Some(FlowMode::Draft);
        self
    }

    /// Opens the flow at this screen.
    ///
    /// For an example see [`FlowMessage`].
    pub fn navigate(mut self, screen: impl Into<String>) -> Self {
        self.parameters().flow_action = Some(FlowOpening::Navigate);
        self.payload().screen = Some(screen.into());
        self
    }

    /// Gives the first screen a value; only with [`navigate`](Self::navigate), which names that screen.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::MessagingObject;
    /// use kaleyra_wa_types::outbound::interactive::FlowMessage;
    ///
    /// let booking = FlowMessage::by_id("When may we come?", "100000000000002", "Pick a time").data("day", "Monday");
    /// let booking = MessagingObject::new(Recipient::try_from("+919800000001")?, booking);
    /// let path = "interactive.action.parameters.flow_action_payload.screen";
    /// assert_eq!(booking.violations()[0].path, path); // data for which screen?
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
    pub fn data(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let data = &mut self.payload().data;
        match data {
            Some(TextOrObject::Object(members)) => {
                members.insert(name.into(), value.into());
            }
            _ => {
                let members = Map::from_iter([(name.into(), value.into())]);
                *data = Some(TextOrObject::Object(members));
            }
        }
        self
    }

    /// Lets the business's server say which screen comes first; its data come from there, and not by [`data`](Self::data).
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::FlowMessage;
    ///
    /// let booking = FlowMessage::by_id("When may we come?", "100000000000002", "Pick a time").data_exchange();
    /// let message = serde_json::to_value(Interactive::from(booking))?;
    /// assert_eq!(message["action"]["parameters"]["flow_action"], "data_exchange");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn data_exchange(mut self) -> Self {
        self.parameters().flow_action = Some(FlowOpening::DataExchange);
        self
    }

    fn parameters(&mut self) -> &mut FlowParameters {
        self.action
            .parameters
            .get_or_insert_with(|| FlowParameters {
                flow_message_version: Some("3".into()),
                flow_id: None,
                flow_name: None,
                flow_cta: None,
                mode: None,
                flow_token: None,
                flow_action: None,
                flow_action_payload: None,
                unknown: Default::default(),
            })
    }

    fn payload(&mut self) -> &mut FlowActionPayload {
        self.parameters()
            .flow_action_payload
            .get_or_insert_with(|| FlowActionPayload {
                screen: None,
                data: None,
                unknown: Default::default(),
            })
    }
}

impl Validate for FlowAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "flow", check);
        match &self.parameters {
            Some(parameters) => parameters.check(&mut check.member("parameters")),
            None => require_parameters(check),
        }
    }
}

impl Validate for FlowParameters {
    fn check(&self, check: &mut Check<'_>) {
        match &self.flow_message_version {
            None => check
                .member("flow_message_version")
                .report(Rule::Required("a flow message has a version")),
            Some(version) if version.as_str() != "3" => {
                check
                    .member("flow_message_version")
                    .report(Rule::Format("3"));
            }
            Some(_) => {}
        }
        match (&self.flow_id, &self.flow_name) {
            (None, None) => check.member("flow_id").report(Rule::Required(
                "either `flow_id` or `flow_name` names the flow",
            )),
            (Some(_), Some(_)) => check
                .member("flow_name")
                .report(Rule::OneOf("`flow_id` or `flow_name`")),
            _ => {}
        }
        if self.flow_cta.as_deref().is_none_or(str::is_empty) {
            check
                .member("flow_cta")
                .report(Rule::Required("the button has a text"));
        }
        // Meta's *Sending a flow*: `published` or `draft`, `navigate` or `data_exchange`, and a payload for `navigate` only;
        // anything else is answered by 131009.
        if let Some(FlowMode::Unknown(_)) = self.mode {
            check
                .member("mode")
                .report(Rule::Format("`published` or `draft`"));
        }
        match (&self.flow_action, &self.flow_action_payload) {
            (Some(FlowOpening::Unknown(_)), _) => check
                .member("flow_action")
                .report(Rule::Format("`navigate` or `data_exchange`")),
            (Some(FlowOpening::DataExchange), Some(_)) => {
                check.member("flow_action_payload").report(Rule::Forbidden(
                    "with `data_exchange` the business's server says which screen comes first",
                ));
                return;
            }
            _ => {}
        }
        if let Some(payload) = &self.flow_action_payload {
            payload.check(&mut check.member("flow_action_payload"));
        }
    }
}

impl Validate for FlowActionPayload {
    fn check(&self, check: &mut Check<'_>) {
        if self.screen.as_deref().is_none_or(str::is_empty) {
            check
                .member("screen")
                .report(Rule::Required("a payload names the first screen"));
        }
        if let Some(data) = &self.data {
            let mut check = check.member("data");
            match data.parsed() {
                Some(members) => check.count(members.len(), 1, usize::MAX),
                None => check.report(Rule::Format("an object")),
            }
        }
    }
}
