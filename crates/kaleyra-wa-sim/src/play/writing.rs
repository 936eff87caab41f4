//! What a user of a played conversation writes.

use std::sync::Arc;

use super::player::Next;
use super::{Deed, PlayError, Player};
use crate::callback::UserMessage;
use crate::model::accepted_message::AcceptedMessage;
use crate::rules::taps::{Tap, TapAction};

impl Player {
    /// What the user writes.
    pub(super) async fn message(&self, deed: &Deed) -> Result<UserMessage, PlayError> {
        let (business, number) = self.parties();
        let user = self.core.end_user(&business, &number, None);
        let newest = || self.core.newest_to(&business, &number);
        let last = || {
            let last = self.core.last_of_user(&business, &number);
            last.ok_or_else(|| self.impossible("the user wrote nothing yet"))
        };
        Ok(match deed {
            Deed::Says { text, is_reply } => match newest().filter(|_| *is_reply) {
                Some(message) => user.text(text).replying_to(&message),
                None => user.text(text),
            },
            Deed::Taps(label) => {
                let message = self.tappable(|tap| tap.label == *label).await;
                let message = message.ok_or_else(|| {
                    self.impossible(&format!("nothing says `{label}` that could be tapped"))
                })?;
                let tap = self
                    .core
                    .taps(&message)
                    .into_iter()
                    .find(|tap| tap.label == *label);
                let tapped = tap.and_then(|tap| tap.message(&user, &message));
                tapped.ok_or_else(|| {
                    self.impossible(&format!("`{label}` opens something and sends no message"))
                })?
            }
            Deed::Reacts(emoji) => {
                let message =
                    newest().ok_or_else(|| self.impossible("there is nothing to react to"))?;
                let wamid = message.wamid.clone();
                match emoji {
                    Some(emoji) => user.reaction(wamid, emoji).replying_to(&message),
                    None => user.reaction_removed(wamid).replying_to(&message),
                }
            }
            Deed::Sends {
                kind,
                mime_type,
                bytes,
                name,
                caption,
                is_voice,
            } => {
                let mut file = self.core.host(mime_type, bytes.clone().into());
                file.file_name.clone_from(name);
                let message = match is_voice {
                    true => user.voice_note(&file),
                    false => user.file(*kind, &file),
                };
                match caption {
                    Some(caption) => message.caption(caption),
                    None => message,
                }
            }
            Deed::Location {
                latitude,
                longitude,
                name,
            } => {
                let message = user.location(*latitude, *longitude, name.as_deref());
                // A place that was asked for quotes the question.
                match self.now_tappable(|tap| tap.action == TapAction::LocationRequest) {
                    Some(request) => message.replying_to(&request),
                    None => message,
                }
            }
            Deed::Contact { name, phone } => user.contact_card(name, phone),
            Deed::Fills(response) => {
                let is_form = |tap: &Tap| matches!(tap.action, TapAction::Form { .. });
                let message = self.tappable(is_form).await;
                let message =
                    message.ok_or_else(|| self.impossible("there is no form to fill in"))?;
                let forms = self.core.taps(&message).into_iter();
                let name = forms.filter_map(|tap| match tap.action {
                    TapAction::Form { name } => Some(name),
                    _ => None,
                });
                let name = name.take(1).next().unwrap_or("flow");
                user.form_reply(name, "Sent", response)
                    .replying_to(&message)
            }
            Deed::Orders { catalog_id, items } => {
                let items: Vec<_> = items
                    .iter()
                    .map(|(product, count, price, currency)| {
                        (product.as_str(), *count, *price, currency.as_str())
                    })
                    .collect();
                user.order(catalog_id, "", &items)
            }
            Deed::Edits(text) => user.edit(last()?, text),
            Deed::Deletes => user.revoke(last()?),
            Deed::Other(type_name, content) => user.other(type_name, content.clone()),
            // All others are no messages.
            _ => return Err(self.impossible("there is nothing to write")),
        })
    }

    fn now_tappable(&self, is_it: impl Fn(&Tap) -> bool) -> Option<Arc<AcceptedMessage>> {
        let (business, user) = self.parties();
        let newest = self.core.newest_to(&business, &user)?;
        self.core.taps(&newest).iter().any(is_it).then_some(newest)
    }

    /// The newest message on which there is such a thing to tap; waits until there is one.
    async fn tappable(&self, is_it: impl Fn(&Tap) -> bool) -> Option<Arc<AcceptedMessage>> {
        let (business, user) = self.parties();
        let find = || {
            let all = self.core.messages_to(&business, &user);
            let mut newest_first = all.into_iter().rev();
            newest_first.find(|message| self.core.taps(message).iter().any(&is_it))
        };
        let mut patience = self.patience();
        loop {
            if let Some(found) = find() {
                return Some(found);
            }
            if self.go_on(&mut patience, None).await == Next::Nothing {
                return find();
            }
        }
    }
}
