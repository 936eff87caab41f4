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
/// # async fn run(sim: &kaleyra_wa_sim::Simulator) -> Result<(), Box<dyn std::error::Error>> {
/// let asha = sim.end_user("Asha Example", "919800000001");
/// let status = sim.post_callback(&asha.text("Hi").callback()).await?;
/// assert_eq!(status, 200);
/// # Ok(())
/// # }
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
