//! What identifies a duplicate event.

use super::{
    ErrorCode, Event, EventKind, KaleyraStatus, Payment, Refund, Status, StatusName, StatusType,
    TransactionId, TransactionStatus, UserAction, UserActionType,
};
use crate::wire::write::to_json;
use crate::wire::{LooseText, Wire};
use kaleyra_wa_derive::StringId;

/// What is the same whenever one event is delivered again, and different for any two events.
///
/// It holds message ids and numbers.
///
/// It is personal data: `Debug` shows its last two characters only.
///
/// ```
/// use std::collections::HashSet;
///
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}
/// ]}}}"#)?;
/// let mut seen = HashSet::new();
/// let keys = || callback.events().filter_map(|event| event.key());
/// assert!(keys().all(|key| seen.insert(key))); // new
/// assert!(keys().all(|key| !seen.insert(key))); // the same callback, posted again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct EventKey(LooseText);

impl Event<'_> {
    /// What identifies a duplicate of it; `None` where nothing in it does, so that only the whole body can be compared.
    ///
    /// Two events with one key are taken for one, and the second is left out: so everything is in it that differs between
    /// two events, and nothing that differs between two deliveries of one.
    ///
    /// | event | made of |
    /// | --- | --- |
    /// | message | its id and type, even of a malformed one |
    /// | status | id, status, recipient, and the codes of its errors |
    /// | status of a payment or a call | also the type, the time, the attempt to pay, and each refund with its status and amount |
    /// | Kaleyra's status | id, status, code, reason |
    /// | user action | its click, action and time |
    ///
    /// A `/` or `%` within one of them is escaped, so that no two sequences of parts look the same.
    ///
    /// For an example see [`EventKey`].
    pub fn key(&self) -> Option<EventKey> {
        match self {
            Self::Message(message) => {
                let kind = message.content.type_name();
                Key::new("message", message.id.as_str())?.part(kind).done()
            }
            Self::Malformed(part) if part.kind == EventKind::Message => {
                Key::new("message", part.text("id"))?
                    .part(part.text("type"))
                    .done()
            }
            Self::Status(status) => status_key(status),
            Self::KaleyraStatus(status) => kaleyra_status_key(status),
            Self::UserAction(action) => user_action_key(action),
            Self::Error(_)
            | Self::Field(_)
            | Self::Unknown(_)
            | Self::Malformed(_)
            | Self::Other(_) => None,
        }
    }
}

fn status_key(status: &Status) -> Option<EventKey> {
    let id = status.id.as_ref()?.as_str();
    let name = status.status.as_ref()?.meaning();
    let party = status.party();
    let group = party.and_then(|party| party.group_id).unwrap_or_default();
    let user = party.and_then(|party| party.user()).unwrap_or_default();
    let mut key = Key::new("status", id)?;
    key.part(name.as_str()).part(group).part(user);
    match &status.kind {
        None | Some(StatusType::Message) => {}
        Some(kind) => {
            let time = status.timestamp.as_ref().map(|time| time.as_str());
            key.part(kind.as_str()).part(time.unwrap_or_default());
        }
    }
    for error in &status.errors {
        key.part("error").part(code(error.code.as_ref()));
    }
    if let Some(payment) = &status.payment {
        payment_key(&mut key, payment);
    }
    key.done()
}

/// A refund comes as one more `captured` of the same message, and two of them can come within one second.
fn payment_key(key: &mut Key, payment: &Payment) {
    refunds_key(key, &payment.refunds);
    if let Some(error) = &payment.error {
        key.part("error").part(code(error.code.as_ref()));
    }
    let Some(transaction) = &payment.transaction else {
        return;
    };
    let id = transaction.id.as_ref().map(TransactionId::as_str);
    let status = transaction.status.as_ref().map(TransactionStatus::as_str);
    key.part("try").part(id.unwrap_or_default());
    key.part(status.unwrap_or_default());
    refunds_key(key, &transaction.refunds);
    if let Some(error) = &transaction.error {
        key.part("error").part(code(error.code.as_ref()));
    }
}

fn refunds_key(key: &mut Key, refunds: &[Refund]) {
    for refund in refunds {
        let id = refund.id.as_ref().map(TransactionId::as_str);
        let amount = refund
            .amount
            .as_ref()
            .map(|amount| to_json(amount.view(), 64));
        key.part("refund").part(id.unwrap_or_default());
        key.part(refund.status.as_deref().unwrap_or_default());
        key.part(amount.as_deref().unwrap_or_default());
    }
}

fn code(code: Option<&ErrorCode>) -> &str {
    code.map_or("", |code| code.as_str())
}

fn kaleyra_status_key(status: &KaleyraStatus<'_>) -> Option<EventKey> {
    let name = status.status.map(StatusName::meaning);
    let name = name.as_ref().map_or("", StatusName::as_str);
    let code = status.code.map_or("", |code| code.as_str());
    let mut key = Key::new("kaleyra", status.message_id?.as_str())?;
    key.part(name).part(code);
    key.part(status.reason.unwrap_or_default()).done()
}

fn user_action_key(action: &UserAction) -> Option<EventKey> {
    let click = action.marketing_messages_link_click_data.as_ref()?;
    let click = click.click_id.as_ref().or(click.tracking_token.as_ref())?;
    let name = action.kind.as_ref().map_or("", UserActionType::as_str);
    let time = action.timestamp.as_ref().map_or("", |time| time.as_str());
    Key::new("user_action", click.as_str())?
        .part(name)
        .part(time)
        .done()
}

/// A key in the making.
struct Key(String);

impl Key {
    /// The id must not be empty.
    fn new(kind: &str, id: &str) -> Option<Self> {
        if id.is_empty() {
            return None;
        }
        let mut key = String::with_capacity(kind.len() + id.len() + 32);
        key.push_str(kind);
        let mut key = Self(key);
        key.part(id);
        Some(key)
    }

    /// Each part is told from the next, whatever is in them.
    fn part(&mut self, part: &str) -> &mut Self {
        self.0.push('/');
        for c in part.chars() {
            match c {
                '/' => self.0.push_str("%2F"),
                '%' => self.0.push_str("%25"),
                c => self.0.push(c),
            }
        }
        self
    }

    fn done(&mut self) -> Option<EventKey> {
        Some(std::mem::take(&mut self.0).into())
    }
}
