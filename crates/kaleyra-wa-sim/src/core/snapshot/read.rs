//! Reads an exported state, all of it before anything is changed.

use std::sync::Arc;

use kaleyra_wa_types::MediaKind;
use kaleyra_wa_types::inbound::StatusName;
use serde_json::Value;

use super::StateError;
use crate::base64;
use crate::callback::UserMessage;
use crate::core::Core;
use crate::fault::FaultSpec;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::model::delivery_error::DeliveryError;
use crate::model::uploaded_media::UploadedMedia;
use crate::state::conversations::Line;
use crate::state::files::File;
use crate::state::messages::MessageStatus;
use crate::state::phones::Switch;
use crate::state::records::{Kind, Records};
use crate::state::templates::{Key, Registered, TemplateBook};
use crate::time::moment;

/// A business number, when users wrote to it, and whom it has blocked.
type ImportedLists = (String, Vec<(String, u64)>, Vec<String>);

/// A state that was read, and is right.
pub(super) struct Imported {
    pub(super) is_one_conversation: bool,
    pub(super) clock: Option<std::time::SystemTime>,
    pub(super) ids: Vec<(String, u64)>,
    pub(super) phones: Vec<(String, String, Vec<Switch>)>,
    pub(super) lists: Vec<ImportedLists>,
    pub(super) messages: Vec<(Arc<AcceptedMessage>, Vec<MessageStatus>)>,
    pub(super) conversations: Vec<(ConversationId, Vec<Line>)>,
    pub(super) uploads: Vec<(Arc<UploadedMedia>, Option<Vec<u8>>)>,
    pub(super) files: Vec<File>,
    pub(super) faults: FaultSpec,
    pub(super) templates: Vec<(Key, Registered)>,
    pub(super) records: Vec<(Kind, String, String, Value)>,
}

impl Imported {
    pub(super) fn read(core: &Core, state: &Value) -> Result<Self, StateError> {
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
        // States that were exported before these were kept have none.
        let optional = |name: &str| state[name].as_array().cloned().unwrap_or_default();
        Ok(Self {
            templates: each("templates", optional("templates"), TemplateBook::of_state)?,
            records: each("records", optional("records"), Records::of_state)?,
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
