//! Everything that a simulator knows as one JSON, and back. Keys and secrets are not in it.

use std::sync::Arc;

use kaleyra_wa_types::inbound::StatusName;
use serde_json::{Value, json};

use super::Core;
use crate::base64;
use crate::callback::UserMessage;
use crate::fault::FaultSpec;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::model::delivery_error::DeliveryError;
use crate::model::uploaded_media::UploadedMedia;
use crate::state::conversations::Line;
use crate::state::files::File;
use crate::state::messages::MessageStatus;
use crate::state::phones::Switch;
use crate::time::moment;
use kaleyra_wa_types::MediaKind;

/// The version of the format. Another one is refused.
const VERSION: u64 = 1;

/// A JSON that is no state of a simulator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is of another version, or no state at all.
    #[error("this is no state that this version reads: its `version` must be 1")]
    Version,
    /// A part of it is not as it should be.
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

/// A business number, when users wrote to it, and whom it has blocked.
type ImportedLists = (String, Vec<(String, u64)>, Vec<String>);

/// A state that was read, and is right.
struct Imported {
    is_one_conversation: bool,
    clock: Option<std::time::SystemTime>,
    ids: Vec<(String, u64)>,
    phones: Vec<(String, String, Vec<Switch>)>,
    lists: Vec<ImportedLists>,
    messages: Vec<(Arc<AcceptedMessage>, Vec<MessageStatus>)>,
    conversations: Vec<(ConversationId, Vec<Line>)>,
    uploads: Vec<(Arc<UploadedMedia>, Option<Vec<u8>>)>,
    files: Vec<File>,
    faults: FaultSpec,
}

impl Imported {
    fn read(core: &Core, state: &Value) -> Result<Self, StateError> {
        let part = |name: &str| StateError::Part(name.to_owned());
        let all = |name: &str| state[name].as_array().cloned().ok_or_else(|| part(name));
        fn each<T>(
            name: &str,
            values: Vec<Value>,
            read: impl Fn(&Value) -> Option<T>,
        ) -> Result<Vec<T>, StateError> {
            let read = values.iter().enumerate().map(|(index, value)| {
                read(value).ok_or_else(|| StateError::Part(format!("{name}[{index}]")))
            });
            read.collect()
        }

        let uploads = each("uploads", all("uploads")?, upload)?;
        let find_media = |id: &str| {
            let mut known = uploads.iter().map(|(media, _)| media);
            let found = known.find(|media| media.id.as_str() == id).cloned();
            found.or_else(|| core.state.uploads().find(id))
        };
        let messages = each("messages", all("messages")?, |it| {
            let media = it["media"].as_str().and_then(find_media);
            let message = AcceptedMessage::from_state(it, media, &core.sources)?;
            let steps = it["statuses"].as_array()?.iter().map(step);
            Some((Arc::new(message), steps.collect::<Option<Vec<_>>>()?))
        })?;
        let phones = each("phones", all("phones")?, |it| {
            let switches = Switch::NAMES
                .iter()
                .filter_map(|name| Switch::of(name, it[*name].as_bool()?));
            let (number, name) = (it["number"].as_str()?, it["name"].as_str()?);
            Some((number.to_owned(), name.to_owned(), switches.collect()))
        })?;
        let base_url = state["base_url"].as_str().unwrap_or_default();
        let conversations = each("conversations", all("conversations")?, |it| {
            let id = ConversationId::new(it["business"].as_str()?, it["user"].as_str()?);
            let phone = phones.iter().find(|(number, ..)| *number == id.user);
            let name = phone.map_or("Asha Example", |(_, name, _)| name);
            let user = crate::callback::EndUser::new(name, &id.user)
                .writing_to(core.number(&id.business).business.clone())
                .with_sources(&core.sources);
            let lines = it["lines"].as_array()?.iter().map(|line| {
                let user_state = line.get("user");
                if let Some(state) = user_state {
                    let mut state = state.clone();
                    // The files are here now.
                    let url = state["media_url"].as_str().unwrap_or_default();
                    if let Some(path) = url.strip_prefix(base_url).filter(|_| !base_url.is_empty())
                    {
                        state["media_url"] = format!("{}{path}", core.base_url).into();
                    }
                    let message = UserMessage::from_state(user.clone(), &state)?;
                    return Some(Line::User {
                        message: Arc::new(message),
                        entry: 0,
                    });
                }
                let wamid = line["business"].as_str()?;
                let known = messages.iter().find(|(it, _)| it.wamid.as_str() == wamid);
                Some(Line::Business {
                    message: known?.0.clone(),
                    entry: 0,
                    answers: line["answers"].as_str().map(str::to_owned),
                })
            });
            Some((id, lines.collect::<Option<Vec<_>>>()?))
        })?;
        Ok(Self {
            is_one_conversation: state["is_one_conversation"] == true,
            clock: state["clock"].as_str().and_then(moment::parse),
            ids: each("ids", all("ids")?, |it| {
                Some((it[0].as_str()?.to_owned(), it[1].as_u64()?))
            })?,
            lists: each("lists", all("lists")?, |it| {
                let wrote = it["wrote"].as_array()?.iter();
                let wrote = wrote.map(|it| Some((it[0].as_str()?.to_owned(), it[1].as_u64()?)));
                let blocked = it["blocked"].as_array()?.iter();
                let blocked = blocked.map(|it| it.as_str().map(str::to_owned));
                let business = it["business"].as_str()?.to_owned();
                Some((
                    business,
                    wrote.collect::<Option<_>>()?,
                    blocked.collect::<Option<_>>()?,
                ))
            })?,
            files: each("files", all("files")?, |it| {
                Some(File {
                    id: it["id"].as_str()?.to_owned(),
                    mime_type: it["mime_type"].as_str()?.to_owned(),
                    bytes: base64::decode(it["bytes"].as_str()?)?.into(),
                    kept_at: moment::parse(it["at"].as_str()?)?,
                })
            })?,
            faults: {
                let rules = all("faults")?;
                let rules: Vec<&str> = rules.iter().filter_map(Value::as_str).collect();
                rules.join(";").parse().map_err(|_| part("faults"))?
            },
            phones,
            messages,
            conversations,
            uploads,
        })
    }
}

fn upload(it: &Value) -> Option<(Arc<UploadedMedia>, Option<Vec<u8>>)> {
    let mime_type = it["mime_type"].as_str()?.to_owned();
    let media = UploadedMedia {
        id: it["id"].as_str()?.into(),
        kind: MediaKind::of_mime_type(&mime_type)?,
        mime_type,
        size: it["size"].as_u64()?,
        sha256: it["sha256"].as_str()?.to_owned(),
        file_name: it["file_name"].as_str().map(str::to_owned),
        received_at: moment::parse(it["at"].as_str()?)?,
    };
    let bytes = it["bytes"].as_str();
    let bytes = match bytes {
        Some(bytes) => Some(base64::decode(bytes)?),
        None => None,
    };
    Some((Arc::new(media), bytes))
}

fn step(it: &Value) -> Option<MessageStatus> {
    let error = &it["error"];
    let error = error["code"].as_str().map(|code| {
        // Titles are fixed texts; which one it was is not needed any more.
        DeliveryError::new(
            code,
            "Message undeliverable",
            error["details"].as_str().unwrap_or_default(),
        )
    });
    Some(MessageStatus {
        status: StatusName::from(it["status"].as_str()?),
        at: moment::parse(it["at"].as_str()?)?,
        error,
        category: None,
    })
}
