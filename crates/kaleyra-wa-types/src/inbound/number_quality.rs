//! The rating and limit of a business number, as Kaleyra tells them in a query.

use super::field::{MessagingLimit, PhoneNumberQualityEvent};
use super::query::{Parameters, Subject};
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// News about the rating or the limit of a business number. Kaleyra sends it as a `GET` with a query, to the URL for
/// incoming messages.
///
/// ```
/// use kaleyra_wa_types::inbound::NumberQuality;
/// use kaleyra_wa_types::inbound::field::PhoneNumberQualityEvent;
///
/// let query = "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
/// let update = NumberQuality::from_query(query).unwrap();
/// assert_eq!(update.event, Some(PhoneNumberQualityEvent::Flagged));
/// assert_eq!(update.current_limit.and_then(|limit| limit.users()), Some(10_000));
/// assert!(NumberQuality::from_query("hub.mode=subscribe").is_none());
/// ```
///
/// Source: *Receive updates about rating and limits using webhooks*.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct NumberQuality {
    /// The business number as WhatsApp shows it.
    pub display_phone_number: Option<String>,
    /// What happened.
    pub event: Option<PhoneNumberQualityEvent>,
    /// To how many users the number may write unasked within 24 hours.
    pub current_limit: Option<MessagingLimit>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl NumberQuality {
    /// Reads the query of a `GET`, with or without its `?`; `None` where it is about something else than a number, or has
    /// neither `event` nor `current_limit`: see [`Callback::from_query`](super::Callback::from_query), which reads what is
    /// about something else, too. Of two parameters with one name the last counts; other parameters go into `unknown`.
    pub fn from_query(query: &str) -> Option<Self> {
        let parameters = Parameters::of(query);
        (parameters.subject() == Some(Subject::Number)).then(|| Self::of(parameters))
    }

    pub(super) fn of(mut parameters: Parameters) -> Self {
        let mut update = Self {
            display_phone_number: parameters.take("display_phone_number"),
            event: parameters.take("event").map(PhoneNumberQualityEvent::from),
            current_limit: parameters.take("current_limit").map(MessagingLimit::from),
            ..Self::default()
        };
        for (name, value) in parameters.0 {
            update.unknown.insert(name, value);
        }
        update
    }
}
