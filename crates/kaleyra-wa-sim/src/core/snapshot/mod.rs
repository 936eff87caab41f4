//! Everything that a simulator knows as one JSON, and back. Keys and secrets are not in it.

mod read;

use std::sync::Arc;

use serde_json::{Value, json};

use self::read::Imported;
use super::Core;
use crate::base64;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::model::delivery_error::DeliveryError;
use crate::model::uploaded_media::UploadedMedia;
use crate::state::conversations::Line;
use crate::state::files::File;
use crate::time::moment;

/// The version of the format. Another one is refused.
const VERSION: u64 = 1;

/// JSON that is not the state of a simulator.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, StateError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let error = sim.import(&serde_json::json!({"version": 2})).unwrap_err();
/// assert_eq!(error, StateError::Version);
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is of another version, or not a state at all.
    #[error("this is no state that this version reads: its `version` must be 1")]
    Version,
    /// A part of it is invalid.
    #[error("{0}: is not as an exported state has it")]
    Part(String),
}

impl Core {
    /// All of it, always in the same order; or one conversation, with what belongs to it.
    pub(crate) fn export(&self, only: Option<&ConversationId>) -> Value {
        let is_wanted = |id: &ConversationId| only.is_none_or(|only| only == id);
        let ids: Vec<_> = self.state.conversations().ids();
        let ids: Vec<_> = ids.into_iter().filter(|id| is_wanted(id)).collect();
        let conversations: Vec<Value> = ids.iter().map(|id| self.export_lines(id)).collect();
        let messages = self.state.messages().all();
        let messages: Vec<_> = messages
            .iter()
            .filter(|it| {
                it.conversation()
                    .map_or(only.is_none(), |id| is_wanted(&id))
            })
            .collect();
        let uploads = self.state.uploads().all();
        let uploads: Vec<Value> = uploads
            .iter()
            .filter(|media| {
                let is_named = |it: &&Arc<AcceptedMessage>| {
                    it.media.as_ref().is_some_and(|named| named.id == media.id)
                };
                only.is_none() || messages.iter().any(is_named)
            })
            .map(|media| self.export_upload(media))
            .collect();
        let lines = ids
            .iter()
            .flat_map(|id| self.state.conversations().lines(id));
        let urls: Vec<String> = lines
            .filter_map(|line| match line {
                Line::User { message, .. } => Some(message.media_url().to_owned()),
                Line::Business { .. } => None,
            })
            .collect();
        let hosted: Vec<Value> = {
            let hosted = self.state.hosted();
            let hosted = hosted.all().filter(|file| {
                let is_named = |url: &String| url.ends_with(&format!("/media/{}", file.id));
                only.is_none() || urls.iter().any(is_named)
            });
            hosted.map(export_file).collect()
        };
        let phones = self.state.phones().all();
        let phones = phones
            .iter()
            .filter(|it| only.is_none_or(|only| only.user == it.number));
        let phones: Vec<Value> = phones
            .map(|phone| {
                let mut json = json!({"number": phone.number, "name": phone.name});
                for (name, is_on) in phone.switches() {
                    json[name] = is_on.into();
                }
                json
            })
            .collect();
        let lists: Vec<Value> = self
            .accounts
            .numbers()
            .map(|number| ConversationId::new(&number.sender, "").business)
            .map(|business| {
                let (mut wrote, mut blocked) = self
                    .state
                    .with_lists(&business, |lists| (lists.wrote.all(), lists.blocked.all()));
                if let Some(only) = only {
                    let is_of = only.business == business;
                    wrote.retain(|(user, _)| is_of && *user == only.user);
                    blocked.retain(|user| is_of && *user == only.user);
                }
                json!({"business": business, "wrote": wrote, "blocked": blocked})
            })
            .collect();
        let faults = self.faults().list();
        let faults: Vec<String> = match only {
            Some(_) => Vec::new(),
            None => faults.into_iter().map(|(_, rule, ..)| rule).collect(),
        };
        json!({
            "version": VERSION,
            "is_one_conversation": only.is_some(),
            "base_url": self.base_url,
            "seed": self.chance.seed(),
            "clock": moment::format(self.clock().now()),
            "speed": self.clock().speed(),
            "ids": self.sources.ids.counts(),
            "phones": phones,
            "lists": lists,
            "messages": messages.into_iter().map(|it| self.export_message(it)).collect::<Vec<_>>(),
            "conversations": conversations,
            "uploads": uploads,
            "files": hosted,
            "faults": faults,
            "templates": match only {
                Some(_) => json!([]),
                None => self.state.templates().to_state(),
            },
            "records": match only {
                Some(_) => json!([]),
                None => self.state.records().to_state(),
            },
        })
    }

    fn export_lines(&self, id: &ConversationId) -> Value {
        let lines = self.state.conversations().lines(id);
        let lines: Vec<Value> = lines
            .iter()
            .map(|line| match line {
                Line::User { message, .. } => json!({"user": message.to_state()}),
                Line::Business {
                    message, answers, ..
                } => json!({"business": message.wamid, "answers": answers}),
            })
            .collect();
        json!({"business": id.business, "user": id.user, "lines": lines})
    }

    fn export_message(&self, message: &AcceptedMessage) -> Value {
        let statuses = self.state.messages().statuses(message.wamid.as_str());
        let statuses: Vec<Value> = statuses
            .iter()
            .map(|step| {
                json!({
                    "status": step.status,
                    "at": moment::format(step.at),
                    "error": step.error.as_ref().map(DeliveryError::to_json),
                })
            })
            .collect();
        json!({
            "message_id": message.id,
            "wamid": message.wamid,
            "reply_to": message.reply_to,
            "sender": message.sender,
            "at": moment::format(message.received_at),
            "request": message.request,
            "media": message.media.as_ref().map(|media| media.id.clone()),
            "statuses": statuses,
        })
    }

    fn export_upload(&self, media: &UploadedMedia) -> Value {
        let file = self.state.uploads().file(media.id.as_str());
        json!({
            "id": media.id,
            "mime_type": media.mime_type,
            "size": media.size,
            "sha256": media.sha256,
            "file_name": media.file_name,
            "at": moment::format(media.received_at),
            "bytes": file.map(|file| base64::encode(&file.bytes)),
        })
    }

    /// Takes the place of what is known, or of one conversation. What still waits to be posted is dropped. Gives how many
    /// messages of the business there were.
    pub(crate) fn import(&self, state: &Value) -> Result<usize, StateError> {
        if state["version"] != VERSION {
            return Err(StateError::Version);
        }
        // All is read before anything is changed.
        let read = Imported::read(self, state)?;
        let count = read.messages.len();
        if !read.is_one_conversation {
            self.reset();
            self.faults().clear();
            if let Some(clock) = read.clock {
                self.clock().set(clock);
            }
        }
        let now = self.clock().now();
        read.faults.rules.into_iter().for_each(|rule| {
            self.faults().add(rule, now);
        });
        self.sources.ids.resume(read.ids);
        for (media, bytes) in read.uploads {
            self.state.uploads().push(media, bytes.map(Into::into));
        }
        for file in read.files {
            self.state.hosted().push(file);
        }
        for (number, name, switches) in read.phones {
            self.state.phones().change(&number, |phone| {
                phone.name = name;
                switches.into_iter().for_each(|switch| phone.set(switch));
            });
        }
        for (business, wrote, blocked) in read.lists {
            self.state.with_lists(&business, |lists| {
                for (user, at) in wrote {
                    lists.wrote.wrote(&user, at, at);
                }
                blocked.iter().for_each(|user| lists.blocked.add_once(user));
            });
        }
        for (key, template) in read.templates {
            self.state.templates().put(key, template);
        }
        for (kind, owner, id, value) in read.records {
            if self.state.records().put(kind, &owner, &id, value).is_err() {
                tracing::warn!("a record was left out: there are too many");
            }
        }
        for (message, statuses) in read.messages {
            let wamid = message.wamid.to_string();
            let mut messages = self.state.messages();
            messages.push(message);
            statuses
                .into_iter()
                .for_each(|step| messages.came(&wamid, step));
        }
        self.changed("state: imported".to_owned());
        let entry = self.journal.newest();
        for (id, lines) in read.conversations {
            self.state.conversations().remove(&id);
            self.state.conversations().seen(&id, entry);
            for line in lines {
                self.state.conversations().push(id.clone(), line.at(entry));
            }
        }
        self.total.send_modify(|total| *total += count);
        Ok(count)
    }

    /// Forgets everything but accounts, settings and the journal. What still waits to be posted is dropped.
    pub(crate) fn reset(&self) {
        self.schedule.take(|_| true);
        self.state.reset();
        self.changed("state: reset".to_owned());
    }
}

fn export_file(file: &File) -> Value {
    json!({
        "id": file.id,
        "mime_type": file.mime_type,
        "at": moment::format(file.kept_at),
        "bytes": base64::encode(&file.bytes),
    })
}
