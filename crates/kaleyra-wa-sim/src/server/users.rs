//! `POST /sim/users/{number}/…`: lets an end user write.

use std::sync::Arc;

use serde_json::Value;

use super::control::{BadRequest, Members};
use super::route::Writes;
use crate::AcceptedMessage;
use crate::callback::{EndUser, UserMessage};
use crate::shared::Shared;

/// The callback for what the user is to write.
///
/// `message` names the message that it is about, by the id of the 202 or by a wamid. Where it is left out, a reaction and
/// a button are about the newest message that the user was sent; a text and a file are about none.
pub(super) fn callback(
    shared: &Shared,
    number: &str,
    writes: Writes,
    body: &[u8],
) -> Result<Value, BadRequest> {
    let members = Members::parse(body)?;
    let name = members.optional_text("name")?.unwrap_or("Asha Example");
    let user = EndUser::new(name, number).writing_to(shared.business.clone());
    let named = members.optional_text("message")?;
    let about = About::find(shared, named);
    let newest = || match &about {
        About::Nothing => About::newest(shared, number),
        _ => about.clone(),
    };

    let message = match writes {
        Writes::Text => about.quoted_by(user.text(members.text("body")?)),
        Writes::Media(kind) => about.quoted_by(user.media(kind, members.text("url")?)),
        Writes::Button => newest()
            .quoted_by(user.template_button(members.text("payload")?, members.text("text")?)),
        Writes::Reaction => {
            let about = newest();
            let wamid = about.wamid().ok_or_else(|| {
                BadRequest("message: missing, and this user was sent no message yet".to_owned())
            })?;
            // Without an emoji the user takes the reaction back.
            about.quoted_by(match members.optional_text("emoji")? {
                Some(emoji) => user.reaction(wamid, emoji),
                None => user.reaction_removed(wamid),
            })
        }
    };
    Ok(message.callback())
}

/// What a user's message is about.
#[derive(Clone)]
enum About {
    Accepted(Arc<AcceptedMessage>),
    /// A wamid that is none of the simulator's.
    Foreign(String),
    Nothing,
}

impl About {
    fn find(shared: &Shared, id: Option<&str>) -> Self {
        let Some(id) = id else { return Self::Nothing };
        let is_it =
            |message: &AcceptedMessage| message.id.as_str() == id || message.wamid.as_str() == id;
        match shared.accepted().newest(is_it) {
            Some(message) => Self::Accepted(message),
            None => Self::Foreign(id.to_owned()),
        }
    }

    fn newest(shared: &Shared, number: &str) -> Self {
        let newest = shared.accepted().newest(|message| message.is_to(number));
        newest.map_or(Self::Nothing, Self::Accepted)
    }

    fn wamid(&self) -> Option<&str> {
        match self {
            Self::Accepted(message) => Some(message.wamid.as_str()),
            Self::Foreign(wamid) => Some(wamid),
            Self::Nothing => None,
        }
    }

    fn quoted_by(&self, message: UserMessage) -> UserMessage {
        match self {
            Self::Accepted(accepted) => message.replying_to(accepted),
            Self::Foreign(wamid) => message.quoting(wamid.as_str()),
            Self::Nothing => message,
        }
    }
}
