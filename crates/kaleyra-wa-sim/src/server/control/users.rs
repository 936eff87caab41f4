//! `/sim/users/…`: lets an end user write, tap, and set the phone.

use std::sync::Arc;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::{Value, json};

use super::callbacks::outcome;
use super::members::{BadRequest, Members};
use super::ok;
use crate::callback::{EndUser, UserMessage};
use crate::core::Core;
use crate::model::accepted_message::AcceptedMessage;
use crate::server::query::Query;
use crate::server::response::HttpResponse;
use crate::server::route::Writes;
use crate::state::phones::{Phone, Switch};
use kaleyra_wa_types::MediaKind;

/// The longest file that a user can send.
pub(super) const FILE_MAX: usize = 16 << 20;

/// All users who ever wrote, or whose phones were set.
pub(super) fn list(core: &Core) -> HttpResponse {
    let phones = core.state.phones().all();
    ok(&phones.iter().map(phone).collect())
}

pub(super) fn show(core: &Core, number: &str) -> HttpResponse {
    ok(&phone(&core.state.phones().get(number)))
}

fn phone(phone: &Phone) -> Value {
    let mut json = json!({"number": phone.number, "name": phone.name});
    for (name, is_on) in phone.switches() {
        json[name] = is_on.into();
    }
    json
}

/// `{"airplane_mode": true}`, `{"name": "…"}`, `{"number": "+91…"}` for a change of the number; or several of them.
pub(super) fn set(
    core: &Core,
    query: &Query,
    number: &str,
    body: &[u8],
) -> Result<HttpResponse, BadRequest> {
    let members = Members::parse(body)?;
    let business = business(core, query);
    let mut switches = Vec::new();
    for name in members.0.keys() {
        let is_switch = Switch::NAMES.contains(&name.as_str());
        if !is_switch && name != "name" && name != "number" {
            let names = Switch::NAMES.join(", ");
            return Err(BadRequest(format!(
                "there is no such switch: use {names}, name or number"
            )));
        }
        if is_switch {
            let is_on = members.optional_flag(name)?.unwrap_or_default();
            switches.extend(Switch::of(name, is_on));
        }
    }
    let name = members.optional_text("name")?;
    let new = members.optional_text("number")?;
    if let Some(name) = name {
        core.state
            .phones()
            .change(number, |phone| phone.name = name.to_owned());
    }
    for switch in switches {
        core.switch(&business, number, switch);
    }
    match new {
        None => Ok(show(core, number)),
        Some(new) => {
            core.change_number(&business, number, new);
            Ok(show(core, new))
        }
    }
}

fn business(core: &Core, query: &Query) -> String {
    let named = query.text("business");
    named.map_or_else(|| core.default_business(), str::to_owned)
}

/// Lets a user do something.
///
/// `message` names the message that it is about, by the id of the 202 or by a wamid. Where it is left out, what needs one is
/// about the newest message that the user was sent; a text and a file are about none.
pub(super) async fn act(
    core: &Arc<Core>,
    head: &Parts,
    query: &Query,
    number: &str,
    writes: Writes,
    body: Vec<u8>,
) -> Result<HttpResponse, BadRequest> {
    let user = User {
        core,
        business: business(core, query),
        number,
    };
    let message = match (writes, file_type(&head.headers)) {
        (Writes::Read | Writes::Play, _) => {
            let is_played = matches!(writes, Writes::Play);
            let count = core.user_reads(&user.business, number, is_played);
            return Ok(ok(&json!({"messages": count})));
        }
        (Writes::Media(kind), Some(mime_type)) => user.file(query, kind, mime_type, body)?,
        (Writes::Tap, _) => match user.tap(&Members::parse(&body)?)? {
            Some(message) => message,
            None => return Ok(ok(&json!({"webhook_status": null}))),
        },
        _ => user.members(&Members::parse_or_none(&body)?, writes)?,
    };
    let callback = message.callback();
    let queued = core.user_writes_as(message, callback.clone(), true);
    Ok(outcome(queued, Some(&callback)).await)
}

/// The MIME type of a body that is a file; `None` where it is JSON, or what curl takes JSON for.
pub(super) fn file_type(headers: &HeaderMap) -> Option<&str> {
    let mime_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = mime_type.split(';').next()?.trim().to_ascii_lowercase();
    let is_json = ["application/json", "application/x-www-form-urlencoded"].contains(&&*essence);
    (!is_json).then_some(mime_type)
}

/// The user who does it.
struct User<'a> {
    core: &'a Core,
    business: String,
    number: &'a str,
}

impl User<'_> {
    fn named(&self, name: Option<&str>) -> EndUser {
        self.core.end_user(&self.business, self.number, name)
    }

    /// The user sends the body, as the file that it is.
    fn file(
        &self,
        query: &Query,
        kind: MediaKind,
        mime_type: &str,
        body: Vec<u8>,
    ) -> Result<UserMessage, BadRequest> {
        if mime_type.starts_with("multipart/") {
            let why = "Content-Type: must be the file's: send it with curl's --data-binary and -H, not with -F";
            return Err(BadRequest(why.to_owned()));
        }
        let user = self.named(query.text("name"));
        let mut file = self.core.host(mime_type, body.into());
        file.file_name = query.text("filename").map(str::to_owned);
        let message = match query.text("voice") {
            Some(_) if kind == MediaKind::Audio => user.voice_note(&file),
            _ => user.file(kind, &file),
        };
        let message = match query.text("caption") {
            Some(caption) => message.caption(caption),
            None => message,
        };
        Ok(self.about(query.text("message")).quoted_by(message))
    }

    /// The user taps what a label names, on the newest message that has it.
    fn tap(&self, members: &Members) -> Result<Option<UserMessage>, BadRequest> {
        let label = members.text("label")?;
        let message = match self.about(members.optional_text("message")?) {
            About::Accepted(message) => Some(message),
            _ => self
                .core
                .newest_with_tap(&self.business, self.number, label),
        };
        let user = self.named(members.optional_text("name")?);
        let found = message.and_then(|message| {
            let taps = self.core.taps(&message);
            let tap = taps.into_iter().find(|tap| tap.label == label)?;
            Some(tap.message(&user, &message))
        });
        found.ok_or_else(|| {
            BadRequest(
                "label: nothing that this user was sent says so, or can be tapped".to_owned(),
            )
        })
    }

    /// The user writes what the fields of the body say.
    fn members(&self, members: &Members, writes: Writes) -> Result<UserMessage, BadRequest> {
        let user = self.named(members.optional_text("name")?);
        let about = self.about(members.optional_text("message")?);
        let newest = || match &about {
            About::Nothing => self.newest(),
            _ => about.clone(),
        };
        let of_user = |name: &str| -> Result<String, BadRequest> {
            let named = members.optional_text(name)?.map(str::to_owned);
            let last = || self.core.last_of_user(&self.business, self.number);
            named.or_else(last).ok_or_else(|| {
                BadRequest(format!("{name}: missing, and this user wrote nothing yet"))
            })
        };

        let message = match writes {
            Writes::Text => about.quoted_by(user.text(members.text("body")?)),
            Writes::Media(kind) => {
                let message = user.media(kind, members.text("url")?);
                about.quoted_by(match members.optional_text("caption")? {
                    Some(caption) => message.caption(caption),
                    None => message,
                })
            }
            Writes::Button => newest()
                .quoted_by(user.template_button(members.text("payload")?, members.text("text")?)),
            Writes::Reply => {
                newest().quoted_by(user.button_reply(members.text("id")?, members.text("title")?))
            }
            Writes::Row => newest().quoted_by(user.list_reply(
                members.text("id")?,
                members.text("title")?,
                members.optional_text("description")?,
            )),
            Writes::Form => newest().quoted_by(user.form_reply(
                members.optional_text("form")?.unwrap_or("flow"),
                members.optional_text("body")?.unwrap_or("Sent"),
                &members.value("response"),
            )),
            Writes::CallPermission => {
                let is_accepted = members.optional_flag("accept")?.unwrap_or(true);
                newest().quoted_by(user.call_permission_reply(is_accepted))
            }
            Writes::OwnContact => newest().quoted_by(user.own_contact()),
            Writes::Order => {
                let items = members.value("product_items");
                let content = json!({
                    "catalog_id": members.text("catalog_id")?,
                    "text": members.optional_text("text")?.unwrap_or_default(),
                    "product_items": items,
                });
                about.quoted_by(user.other("order", content))
            }
            Writes::Location => about.quoted_by(user.location(
                members.number("latitude")?,
                members.number("longitude")?,
                members.optional_text("place")?,
            )),
            Writes::Contact => {
                about.quoted_by(user.contact_card(members.text("contact")?, members.text("phone")?))
            }
            Writes::Edit => user.edit(of_user("original")?, members.text("body")?),
            Writes::Delete => user.revoke(of_user("original")?),
            Writes::Unsupported => {
                user.unsupported(members.optional_text("kind")?.unwrap_or("poll_creation"))
            }
            Writes::Other => user.other(members.text("type")?, members.value("content")),
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
            // Answered before it came here.
            Writes::Tap | Writes::Read | Writes::Play => {
                return Err(BadRequest("there is nothing to write".to_owned()));
            }
        };
        Ok(message)
    }

    fn about(&self, id: Option<&str>) -> About {
        let Some(id) = id else { return About::Nothing };
        match self.core.state.messages().find(id) {
            Some(message) => About::Accepted(message),
            None => About::Foreign(id.to_owned()),
        }
    }

    fn newest(&self) -> About {
        let newest = self.core.newest_to(&self.business, self.number);
        newest.map_or(About::Nothing, About::Accepted)
    }
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
