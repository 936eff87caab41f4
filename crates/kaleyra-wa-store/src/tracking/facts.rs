//! What a callback says about messages that were sent, and about conversations.

use std::fmt;

use kaleyra_wa_types::Timestamp;
use kaleyra_wa_types::inbound::field::Preference;
use kaleyra_wa_types::inbound::{
    Callback, Decoded, Event, FieldChange, Message, MetaError, MetaObject, OriginType, Stage,
    Status,
};

use crate::Moment;
use crate::outbox::Purpose;

/// What a callback says about messages that were sent, and about conversations: noted in the transaction that keeps it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::Moment;
/// use kaleyra_wa_store::tracking::Facts;
/// use kaleyra_wa_store::types::inbound::{Callback, Stage};
///
/// let callback = Callback::from_slice(br#"{
///     "meta_object": {"field": "messages", "value": {"statuses": [
///         {"id": "wamid.A", "status": "delivered", "timestamp": "1722863329", "recipient_id": "919800000001"}
///     ]}},
///     "extra_info": {"ref": "order-17"}
/// }"#)?;
/// let facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
/// assert_eq!(facts.messages[0].reference, "order-17");
/// assert_eq!(facts.messages[0].stage, Some(Stage::Delivered));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Facts {
    /// About messages that the business sent.
    pub messages: Vec<MessageFact>,
    /// About the 24-hour window.
    pub windows: Vec<WindowFact>,
    /// About what users want.
    pub opt_outs: Vec<OptOutFact>,
}

/// Something happened to a message.
///
/// For an example see [`Facts`].
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct MessageFact {
    /// The message's reference.
    pub reference: String,
    /// How far it came; `None` where all that is known is that it was sent: a user replied to it.
    pub stage: Option<Stage>,
    /// When.
    pub at: Moment,
    /// Why it failed.
    pub code: Option<String>,
    /// The same in human-readable form.
    pub title: Option<String>,
    /// Whom it went to.
    pub recipient: Option<String>,
    /// The ids that were named, and where.
    pub ids: Vec<String>,
}

/// Something happened to a conversation's 24-hour window.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::Moment;
/// use kaleyra_wa_store::tracking::Facts;
/// use kaleyra_wa_store::types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"id": "wamid.A", "from": "919800000001", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}}
/// ]}}}"#)?;
/// let facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
/// assert_eq!(facts.windows[0].conversation, "919800000001");
/// assert_eq!(facts.windows[0].user_wrote_at, Some(Moment::from_millis(1_722_863_329_000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct WindowFact {
    /// The digits of the business number; empty where the callback does not say.
    pub sender: String,
    /// The conversation.
    pub conversation: String,
    /// When the user wrote.
    pub user_wrote_at: Option<Moment>,
    /// When WhatsApp said that the window is closed.
    pub closed_at: Option<Moment>,
    /// Until when nothing is billed.
    pub free_until: Option<Moment>,
}

/// A user wants no more messages of a kind, or wants them again.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::Moment;
/// use kaleyra_wa_store::outbox::Purpose;
/// use kaleyra_wa_store::tracking::Facts;
/// use kaleyra_wa_store::types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "user_preferences", "value": {"user_preferences": [
///     {"wa_id": "919800000001", "category": "marketing_messages", "value": "stop", "timestamp": 1722863329}
/// ]}}}"#)?;
/// let facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
/// assert!(facts.opt_outs[0].is_out);
/// assert_eq!(facts.opt_outs[0].purpose, Purpose::Marketing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct OptOutFact {
    /// The digits of the business number; empty where the callback does not say.
    pub sender: String,
    /// The conversation with the user.
    pub conversation: String,
    /// For what.
    pub purpose: Purpose,
    /// Whether they are not wanted.
    pub is_out: bool,
    /// When that was said.
    pub at: Moment,
    /// Where it comes from.
    pub source: &'static str,
}

impl Facts {
    /// Reads them from a callback.
    ///
    /// For an example see [`Facts`].
    pub fn of(callback: &Callback, received_at: Moment) -> Self {
        let extra = callback.extra_info.as_ref();
        let reference = extra.and_then(|extra| extra.reference.as_deref());
        let mut reading = Reading {
            facts: Self::default(),
            reference: reference.filter(|it| !it.is_empty()),
            sender: sender_of(callback),
            received_at,
        };
        let wamid = extra.and_then(|extra| extra.message_id.as_ref());
        for event in callback.events() {
            let before = reading.facts.messages.len();
            reading.event(&event);
            if let (Some(wamid), Some(fact)) = (wamid, reading.facts.messages.get_mut(before)) {
                fact.ids
                    .push(format!("extra_info.message_id {}", wamid.as_str()));
            }
        }
        reading.facts
    }

    /// Whether it has none of these facts.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::Moment;
    /// use kaleyra_wa_store::tracking::Facts;
    /// use kaleyra_wa_store::types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "account_update", "value": {}}}"#)?;
    /// assert!(Facts::of(&callback, Moment::from_millis(1_722_863_330_000)).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.windows.is_empty() && self.opt_outs.is_empty()
    }
}

/// The digits of the business number that a callback belongs to.
fn sender_of(callback: &Callback) -> String {
    let value = callback
        .meta_object
        .as_ref()
        .and_then(|it| it.value.as_ref());
    let metadata = value.and_then(|value| value.metadata.as_ref());
    let number = metadata.and_then(|it| it.display_phone_number.as_ref());
    let number = number.map_or("", |number| number.as_str());
    number.chars().filter(char::is_ascii_digit).collect()
}

struct Reading<'a> {
    facts: Facts,
    reference: Option<&'a str>,
    sender: String,
    received_at: Moment,
}

impl Reading<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Message(message) => self.message(message),
            Event::Status(status) => self.status(status),
            Event::KaleyraStatus(status) => {
                let code = status.code.map(|code| code.as_str().to_owned());
                let id = status
                    .message_id
                    .map(|id| format!("message_id {}", id.as_str()));
                // What Kaleyra says with its own code and no status is the result of handing the message over.
                let fact = MessageFact {
                    reference: String::new(),
                    stage: status.stage(),
                    at: self.received_at,
                    code: code.filter(|_| status.stage().is_some_and(Stage::is_failure)),
                    title: status.reason.map(str::to_owned),
                    recipient: None,
                    ids: id.into_iter().collect(),
                };
                self.push(fact);
            }
            Event::Field(change) => self.field(change),
            _ => {}
        }
    }

    fn push(&mut self, mut fact: MessageFact) {
        if let Some(reference) = self.reference {
            reference.clone_into(&mut fact.reference);
            self.facts.messages.push(fact);
        }
    }

    fn message(&mut self, message: &Message) {
        // A user's reply has the reference of the message that it replies to.
        self.push(MessageFact {
            reference: String::new(),
            stage: None,
            at: self.received_at,
            code: None,
            title: None,
            recipient: None,
            ids: Vec::new(),
        });
        // What the business wrote in its app opens nothing, and neither does what WhatsApp says by itself.
        if message.addressee().is_some() || message.content.type_name() == "system" {
            return;
        }
        let Some(party) = message.party() else {
            return;
        };
        let wrote = self.at(message.timestamp.as_ref());
        let names = [
            Some(party.key()),
            party
                .user_id
                .map(|id| id.as_str())
                .filter(|_| party.group_id.is_none()),
        ];
        let mut names: Vec<&str> = names.into_iter().flatten().collect();
        names.dedup();
        for name in names {
            self.facts.windows.push(WindowFact {
                sender: self.sender.clone(),
                conversation: name.to_owned(),
                user_wrote_at: Some(wrote),
                closed_at: None,
                free_until: None,
            });
        }
    }

    fn status(&mut self, status: &Status) {
        let Some(stage) = status.stage() else {
            return;
        };
        let at = self.at(status.timestamp.as_ref());
        let party = status.party();
        let error = status.errors.first();
        let code = error.and_then(code_of);
        let ids = status
            .id
            .as_ref()
            .map(|id| format!("status.id {}", id.as_str()));
        self.push(MessageFact {
            reference: String::new(),
            stage: Some(stage),
            at,
            code: code.clone(),
            title: error.and_then(title_of),
            recipient: party.map(|party| party.key().to_owned()),
            ids: ids.into_iter().collect(),
        });
        let Some(party) = party else {
            return;
        };
        let conversation = party.key().to_owned();
        match code.as_deref() {
            Some("131047" | "470" | "130470") => self.facts.windows.push(WindowFact {
                sender: self.sender.clone(),
                conversation,
                user_wrote_at: None,
                closed_at: Some(at),
                free_until: None,
            }),
            Some("131050") => self.opt_out(conversation, true, at, "131050"),
            _ => {
                let Some(billed) = &status.conversation else {
                    return;
                };
                let origin = billed
                    .origin
                    .as_ref()
                    .and_then(|origin| origin.kind.as_ref());
                let until = billed.expiration_timestamp.as_ref();
                if let (Some(OriginType::ReferralConversion), Some(until)) =
                    (origin, until.and_then(Timestamp::unix_seconds))
                {
                    self.facts.windows.push(WindowFact {
                        sender: self.sender.clone(),
                        conversation,
                        user_wrote_at: None,
                        closed_at: None,
                        free_until: Some(seconds(until)),
                    });
                }
            }
        }
    }

    fn field(&mut self, change: &MetaObject) {
        let FieldChange::UserPreferences(preferences) = change.change() else {
            return;
        };
        for preference in preferences
            .user_preferences
            .iter()
            .filter_map(Decoded::typed)
        {
            let is_marketing = preference
                .category
                .as_deref()
                .is_none_or(|category| category == "marketing_messages");
            let is_out = match &preference.value {
                Some(Preference::Stop) => true,
                Some(Preference::Resume | Preference::Signup) => false,
                _ => continue,
            };
            if !is_marketing {
                continue;
            }
            let at = self.at(preference.timestamp.as_ref());
            let number = preference.wa_id.as_ref().map(|id| id.as_str());
            let user_id = preference.user_id.as_ref().map(|id| id.as_str());
            for name in [number, user_id].into_iter().flatten() {
                self.opt_out(name.to_owned(), is_out, at, "user_preferences");
            }
        }
    }

    fn opt_out(&mut self, conversation: String, is_out: bool, at: Moment, source: &'static str) {
        self.facts.opt_outs.push(OptOutFact {
            sender: self.sender.clone(),
            conversation,
            purpose: Purpose::Marketing,
            is_out,
            at,
            source,
        });
    }

    /// When it says that it was; never after it came.
    fn at(&self, timestamp: Option<&Timestamp>) -> Moment {
        let said = timestamp.and_then(Timestamp::unix_seconds);
        said.map_or(self.received_at, |said| seconds(said).min(self.received_at))
    }
}

const fn seconds(unix: i64) -> Moment {
    Moment::from_millis(unix.saturating_mul(1_000))
}

fn code_of(error: &MetaError) -> Option<String> {
    Some(error.code.as_ref()?.as_str().to_owned())
}

fn title_of(error: &MetaError) -> Option<String> {
    let details = error.details();
    details.or(error.title.as_deref()).map(str::to_owned)
}

impl MessageFact {
    /// Whether Kaleyra says that it did not send this because the user wants no messages.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::Moment;
    /// use kaleyra_wa_store::tracking::Facts;
    /// use kaleyra_wa_store::types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(br#"{
    ///     "meta_object": {"field": "messages", "value": {"statuses": [{"id": "wamid.A", "status": "delivered"}]}},
    ///     "extra_info": {"ref": "order-17"}
    /// }"#)?;
    /// let facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
    /// assert!(!facts.messages[0].says_opted_out());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn says_opted_out(&self) -> bool {
        // The page of this callback is known by its title only, so the words are all that there is to go by.
        let words = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.contains("opted out") || text.contains("opted-out") || text.contains("opt-out")
        };
        self.stage == Some(Stage::NotSent) && self.title.as_deref().is_some_and(words)
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts")
            .field("messages", &self.messages)
            .field("windows", &self.windows.len())
            .field("opt_outs", &self.opt_outs.len())
            .finish()
    }
}

impl fmt::Debug for MessageFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageFact")
            .field("stage", &self.stage)
            .field("at", &self.at)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}
