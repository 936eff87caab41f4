//! A WhatsApp user: whom messages are from.

use std::fmt;

use serde_json::{Value, json};

use super::{Business, merge};
use crate::ids::Sources;
use crate::model::account::without_plus;

/// A WhatsApp user who writes to the business. `Debug` shows neither name nor number.
///
/// Its messages are made by [`text`](Self::text) and its siblings.
///
/// ```
/// use kaleyra_wa_sim::callback::{Business, EndUser};
///
/// let asha = EndUser::new("Asha Example", "+919800000001").writing_to(Business::new("+918000000001"));
/// assert_eq!(asha.wa_id(), "919800000001");
/// let callback = asha.text("Hi").callback(); // what `Simulator::post_callback` posts
/// let value = &callback["meta_object"]["value"];
/// assert_eq!(value["messages"][0]["text"]["body"], "Hi");
/// assert_eq!(value["contacts"][0]["profile"]["name"], "Asha Example");
///
/// let stop = asha.marketing_preference(false);
/// assert_eq!(stop["meta_object"]["value"]["user_preferences"][0]["value"], "stop");
/// ```
///
/// Whatever a user can write:
///
/// ```
/// use kaleyra_wa_sim::callback::{EndUser, MediaKind};
/// use serde_json::json;
///
/// let asha = EndUser::new("Asha Example", "919800000001");
/// for (message, type_name) in [
///     (asha.media(MediaKind::Image, "https://example.com/photo.jpg"), "image"),
///     (asha.reaction("wamid.A", "👍"), "reaction"),
///     (asha.reaction_removed("wamid.A"), "reaction"),
///     (asha.template_button("book", "Book a table"), "button"),
///     (asha.button_reply("size-42", "42"), "interactive"),
///     (asha.list_reply("row-1", "Blue", Some("The last pair")), "interactive"),
///     (asha.form_reply("flow", "Sent", &json!({"size": "42"})), "interactive"),
///     (asha.call_permission_reply(true), "interactive"),
///     (asha.order("catalog-1", "Please", &[("SKU-7", 2, 100.0, "INR")]), "order"),
///     (asha.location(12.97, 77.59, Some("The shop")), "location"),
///     (asha.contact_card("Ravi Example", "+919800000002"), "contacts"),
///     (asha.own_contact(), "contacts"),
///     (asha.number_change("+919800000003"), "system"),
///     (asha.edit("wamid.A", "Hello"), "edit"),
///     (asha.revoke("wamid.A"), "revoke"),
///     (asha.unsupported("poll_creation"), "unsupported"),
///     (asha.other("hologram", json!({"depth": 3})), "hologram"),
/// ] {
///     assert_eq!(message.callback()["meta_object"]["value"]["messages"][0]["type"], type_name);
/// }
/// ```
#[derive(Clone)]
pub struct EndUser {
    pub(super) name: String,
    pub(super) wa_id: String,
    pub(super) business: Business,
    pub(super) sources: Sources,
}

impl EndUser {
    /// A user with a profile name and a number; a `+` before it is dropped, as WhatsApp does.
    ///
    /// The user writes to an invented business until [`writing_to`](Self::writing_to) names one;
    /// [`Simulator::end_user`](crate::Simulator::end_user) makes one who writes to the simulator's business, and uses its clock.
    pub fn new(name: impl Into<String>, wa_id: &str) -> Self {
        Self {
            name: name.into(),
            wa_id: without_plus(wa_id).to_owned(),
            business: Business::new("918000000001"),
            sources: Sources::of_nobody(),
        }
    }

    /// Sets the business that the user writes to.
    #[must_use]
    pub fn writing_to(mut self, business: Business) -> Self {
        self.business = business;
        self
    }

    /// Takes ids and times from the simulator.
    pub(crate) fn with_sources(mut self, sources: &Sources) -> Self {
        self.sources = sources.clone();
        self
    }

    /// The user's number, without `+`.
    pub fn wa_id(&self) -> &str {
        &self.wa_id
    }

    /// The callback for what the user decides about marketing messages: `stop` or `resume`.
    ///
    /// Source: Meta's `user_preferences` webhook; that Kaleyra passes it on is inferred.
    pub fn marketing_preference(&self, wants_marketing: bool) -> Value {
        let (value, detail) = match wants_marketing {
            true => ("resume", "User requested to resume marketing messages"),
            false => ("stop", "User requested to stop marketing messages"),
        };
        let mut meta_object = self.business.meta_object(json!({
            "contacts": [self.contact()],
            "user_preferences": [{
                "wa_id": self.wa_id,
                "detail": detail,
                "category": "marketing_messages",
                "value": value,
                "timestamp": self.sources.clock.unix_seconds(),
            }],
        }));
        merge(&mut meta_object, json!({"field": "user_preferences"}));
        json!({
            "meta_object": meta_object,
            "extra_info": {
                "trace_id": self.sources.ids.uuid(&self.wa_id),
                "waba_id": self.business.waba_id,
            },
        })
    }

    /// As `contacts[]` has it.
    pub(super) fn contact(&self) -> Value {
        json!({"profile": {"name": self.name}, "wa_id": self.wa_id})
    }
}

impl fmt::Debug for EndUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndUser").finish_non_exhaustive()
    }
}
