//! What is compared: the models, and what a user would pick instead.

use std::error::Error;

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::inbound::Callback;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::measure::Way;
use crate::payloads::{Payload, callbacks, template_send};

/// All payloads.
pub fn payloads() -> Vec<Payload> {
    let mut all = callbacks();
    all.push(template_send());
    all
}

/// The ways of parsing a payload: checking that it is JSON and no more, plain JSON, the models.
///
/// # Errors
///
/// When the models can't read the payload: then there is nothing to compare.
pub fn parses(payload: &Payload) -> Result<[Way<'_>; 3], Box<dyn Error>> {
    Model::read(payload)?;
    let bytes = &payload.bytes;
    let ours = if is_send(payload) {
        Way::new("ours", || SendRequest::from_slice(bytes))
    } else {
        Way::new("ours", || Callback::from_slice(bytes))
    };
    Ok([
        Way::new("IgnoredAny", || serde_json::from_slice::<IgnoredAny>(bytes)),
        Way::new("Value", || serde_json::from_slice::<Value>(bytes)),
        ours,
    ])
}

/// The ways of parsing a callback that others offer, beside ours and ours as any serde type; those that can't read it are
/// left out.
pub fn peers(payload: &Payload) -> Vec<Way<'_>> {
    /// A callback with the models of the crate `whatsapp`, which has none for Kaleyra's fields around.
    #[derive(serde::Deserialize)]
    struct Peer {
        #[expect(dead_code, reason = "it is read, and that is timed")]
        meta_object: whatsapp::models::webhooks::Change,
    }

    let bytes = &payload.bytes;
    let mut ways = vec![Way::new("Value", || serde_json::from_slice::<Value>(bytes))];
    if is_send(payload) {
        ways.push(Way::new("ours", || SendRequest::from_slice(bytes)));
        ways.push(Way::new("by serde", || {
            serde_json::from_slice::<SendRequest>(bytes)
        }));
    } else {
        ways.push(Way::new("ours", || Callback::from_slice(bytes)));
        ways.push(Way::new("by serde", || {
            serde_json::from_slice::<Callback>(bytes)
        }));
        if serde_json::from_slice::<Peer>(bytes).is_ok() {
            ways.push(Way::new("whatsapp", || {
                serde_json::from_slice::<Peer>(bytes)
            }));
        }
    }
    ways.push(Way::new("sonic-rs", || {
        sonic_rs::from_slice::<sonic_rs::Value>(bytes)
    }));
    ways
}

/// A payload in the models.
pub enum Model {
    /// A callback.
    Callback(Box<Callback>),
    /// The body of a send.
    Send(Box<SendRequest>),
}

impl Model {
    /// Reads a payload.
    ///
    /// # Errors
    ///
    /// When it is not what its name says.
    pub fn read(payload: &Payload) -> Result<Self, Box<dyn Error>> {
        Ok(if is_send(payload) {
            Self::Send(Box::new(SendRequest::from_slice(&payload.bytes)?))
        } else {
            Self::Callback(Box::new(Callback::from_slice(&payload.bytes)?))
        })
    }

    /// The ways of writing it: plain JSON, the models by themselves, and as any other serde type.
    pub fn writes<'a>(&'a self, value: &'a Value) -> [Way<'a>; 3] {
        let value = Way::new("Value", || serde_json::to_vec(value));
        match self {
            Self::Callback(ours) => [
                value,
                Way::new("ours", || ours.to_vec()),
                Way::new("by serde", || serde_json::to_vec(&**ours)),
            ],
            Self::Send(ours) => [
                value,
                Way::new("ours", || ours.to_vec()),
                Way::new("by serde", || serde_json::to_vec(&**ours)),
            ],
        }
    }
}

fn is_send(payload: &Payload) -> bool {
    payload.name.ends_with("send")
}
