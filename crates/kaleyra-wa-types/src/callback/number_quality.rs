//! The rating and limit of a business number, as Kaleyra tells them in a query.

use super::field::{MessagingLimit, PhoneNumberQualityEvent};
use crate::wire::object::{deserialize_object, wire_object};

wire_object! {
    /// News about the rating or the limit of a business number. Kaleyra sends it as a `GET` with a query, to the URL for
    /// incoming messages.
    ///
    /// ```
    /// use kaleyra_wa_types::callback::NumberQuality;
    /// use kaleyra_wa_types::callback::field::PhoneNumberQualityEvent;
    ///
    /// let query = "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
    /// let news = NumberQuality::from_query(query).unwrap();
    /// assert_eq!(news.event, Some(PhoneNumberQualityEvent::Flagged));
    /// assert_eq!(news.current_limit.and_then(|limit| limit.users()), Some(10_000));
    /// assert!(NumberQuality::from_query("hub.mode=subscribe").is_none());
    /// ```
    ///
    /// Source: *Receive updates about rating and limits using webhooks*.
    #[derive(Default)]
    pub struct NumberQuality {
        /// The business number as WhatsApp shows it.
        pub display_phone_number: Option<String>,
        /// What happened.
        pub event: Option<PhoneNumberQualityEvent>,
        /// To how many users the number may write unasked within 24 hours.
        pub current_limit: Option<MessagingLimit>,
    }
}

deserialize_object!(NumberQuality);

impl NumberQuality {
    /// Reads the query of a `GET`, with or without its `?`; `None` where it has neither `event` nor `current_limit`, so
    /// that it is something else. Of two parameters with one name the last counts; other parameters go into `unknown`.
    pub fn from_query(query: &str) -> Option<Self> {
        let mut news = Self::default();
        for parameter in query.trim_start_matches('?').split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (unescape(name), unescape(value));
            let filled = Some(value.as_str()).filter(|value| !value.is_empty());
            match name.as_str() {
                "" => {}
                "display_phone_number" => news.display_phone_number = filled.map(str::to_owned),
                "event" => news.event = filled.map(PhoneNumberQualityEvent::from),
                "current_limit" => news.current_limit = filled.map(MessagingLimit::from),
                _ => {
                    news.unknown.insert(name, value);
                }
            }
        }
        (news.event.is_some() || news.current_limit.is_some()).then_some(news)
    }
}

/// Undoes the escapes of a query: `%2B`, and `+` for a blank. A `+` in front stays one: it belongs to a number whose
/// sender forgot to escape it.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => hex(*high)
                .zip(hex(*low))
                .map(|(high, low)| (high * 16 + low, tail)),
            _ => None,
        };
        match escaped {
            Some((byte, tail)) => {
                bytes.push(byte);
                rest = tail;
            }
            None if *first == b'+' && !bytes.is_empty() => bytes.push(b' '),
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
