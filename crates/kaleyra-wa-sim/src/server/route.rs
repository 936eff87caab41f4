//! Which endpoint a request is for.

use std::borrow::Cow;

use http::{Method, StatusCode};

use super::management::Managed;
use super::query::decode;
use kaleyra_wa_types::MediaKind;

/// An endpoint, with what its path says.
pub(super) enum Route {
    /// `POST /v2/{sid}/whatsapp/{sender}/media`
    Media { sid: String, sender: String },
    /// What else is Kaleyra's: `/v2/{sid}/whatsapp/{sender}/…`
    Kaleyra {
        sid: String,
        sender: String,
        endpoint: Endpoint,
    },
    /// What is Kaleyra's and about the account: templates, samples, numbers, flows, profiles, permissions.
    Managed(Managed),
    /// `GET /media/{id}`, where `media_url`s lead to
    HostedFile { id: String },
    /// `GET /`
    Page,
    /// `GET /page/{path}`, what the page is made of
    #[cfg(feature = "page")]
    Asset { path: String },
    /// `GET /healthz`
    Health,
    /// What is not Kaleyra's but the simulator's own.
    Control(Control),
}

/// An endpoint of Kaleyra's whose requests are small.
#[derive(Clone, Copy)]
pub(super) enum Endpoint {
    /// `POST …/messages`
    Messages,
    /// `POST …/block_users`
    Block,
    /// `DELETE …/block_users`
    Unblock,
    /// `GET …/block_users`
    Blocked,
    /// `GET …/phone_number_details`
    PhoneNumberDetails,
}

/// An endpoint of the simulator's own.
pub(super) enum Control {
    /// `GET /sim/messages`
    Accepted,
    /// `GET /sim/messages/{id}`
    Message { id: String },
    /// `GET /sim/media`
    Uploads,
    /// `GET /sim/media/{id}`
    Upload { id: String },
    /// `GET /sim/files/{id}`
    File { id: String },
    /// `GET /sim/faults`
    Faults,
    /// `POST /sim/faults`
    Fail,
    /// `DELETE /sim/faults`, `DELETE /sim/faults/{number}`
    Heal { number: Option<String> },
    /// `POST /sim/callbacks`
    Callback,
    /// `POST /sim/callbacks/{number}/redeliver`
    Redeliver { number: String },
    /// `GET /sim/users`
    Users,
    /// `GET /sim/users/{number}`
    Phone { number: String },
    /// `PATCH /sim/users/{number}`
    SetPhone { number: String },
    /// `POST /sim/users/{number}/{what}`
    User { number: String, writes: Writes },
    /// `GET /sim/conversations`
    Conversations,
    /// `GET /sim/conversations/{number}`
    Conversation { number: String },
    /// `GET /sim/clock`
    Clock,
    /// `POST /sim/clock`
    SetClock,
    /// `GET /sim/settings`
    Settings,
    /// `PATCH /sim/settings`
    SetSettings,
    /// `GET /sim/templates`
    Templates,
    /// `GET /sim/templates/{name}`
    Template { name: String },
    /// `PATCH /sim/templates/{name}`
    ChangeTemplate { name: String },
    /// `GET /sim/log`
    Log,
    /// `GET /sim/log/{number}`
    Entry { number: String },
    /// `POST /sim/requests/{number}/repeat`
    Repeat { number: String },
    /// `GET /sim/why/{id}`
    Why { id: String },
    /// `GET /sim/state`
    Export,
    /// `PUT /sim/state`
    Import,
    /// `DELETE /sim/state`
    Reset,
}

/// What a user is to write or do.
#[derive(Clone, Copy)]
pub(super) enum Writes {
    Text,
    Reaction,
    Button,
    Media(MediaKind),
    Reply,
    Row,
    Tap,
    Form,
    Order,
    Location,
    Contact,
    OwnContact,
    CallPermission,
    Edit,
    Delete,
    Unsupported,
    Other,
    Read,
    Play,
    Pay,
}

/// There is no such endpoint.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misrouted {
    #[error("no endpoint has this path: GET / explains those that there are")]
    NotFound,
    #[error(
        "there is nothing of this kind for a user to write: use one of {}",
        kinds()
    )]
    NothingToWrite,
    #[error("this endpoint takes {0} only")]
    MethodNotAllowed(Cow<'static, str>),
}

impl Route {
    pub(super) fn of(method: &Method, path: &str) -> Result<Self, Misrouted> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        if let Some(managed) = Managed::of(method, &segments) {
            return match managed {
                Ok(managed) => Ok(Self::Managed(managed)),
                Err(allowed) => Err(Misrouted::MethodNotAllowed(allowed.into())),
            };
        }
        let (allowed, route) = match segments[..] {
            [""] => ("GET", Self::Page),
            #[cfg(feature = "page")]
            ["page", ref rest @ ..] => {
                let path = rest.join("/");
                ("GET", Self::Asset { path })
            }
            ["healthz"] => ("GET", Self::Health),
            ["v2", sid, "whatsapp", sender, name] => {
                let (sid, sender) = (decode(sid), decode(sender));
                if name == "media" {
                    ("POST", Self::Media { sid, sender })
                } else {
                    let (allowed, endpoint) =
                        Endpoint::of(method, name).ok_or(Misrouted::NotFound)?;
                    let route = Self::Kaleyra {
                        sid,
                        sender,
                        endpoint,
                    };
                    (allowed, route)
                }
            }
            ["media", id] => ("GET", Self::HostedFile { id: decode(id) }),
            ["sim", ref rest @ ..] => {
                let (allowed, control) = Control::of(method, rest)?;
                (allowed, Self::Control(control))
            }
            _ => return Err(Misrouted::NotFound),
        };
        // The first is the one that the endpoint was found for.
        match allowed.split(", ").next() {
            Some(expected) if expected == method.as_str() => Ok(route),
            _ => Err(Misrouted::MethodNotAllowed(allowed.into())),
        }
    }

    /// Whether a bot makes it, of Kaleyra.
    pub(super) fn is_kaleyras(&self) -> bool {
        matches!(
            self,
            Self::Media { .. } | Self::Kaleyra { .. } | Self::Managed(_) | Self::HostedFile { .. }
        )
    }

    /// Whether it is for the person at this machine only.
    pub(super) fn is_control(&self) -> bool {
        match self {
            Self::Page | Self::Control(_) => true,
            #[cfg(feature = "page")]
            Self::Asset { .. } => true,
            Self::Media { .. }
            | Self::Kaleyra { .. }
            | Self::Managed(_)
            | Self::HostedFile { .. }
            | Self::Health => false,
        }
    }
}

impl Endpoint {
    /// Its name, as faults have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Block | Self::Unblock | Self::Blocked => "block_users",
            Self::PhoneNumberDetails => "phone_number_details",
        }
    }

    /// The endpoint, and the methods that its path takes, the endpoint's first.
    fn of(method: &Method, name: &str) -> Option<(&'static str, Self)> {
        Some(match name {
            "messages" => ("POST", Self::Messages),
            "block_users" if method == Method::GET => ("GET", Self::Blocked),
            "block_users" if method == Method::DELETE => ("DELETE", Self::Unblock),
            "block_users" => ("POST, GET, DELETE", Self::Block),
            "phone_number_details" => ("GET", Self::PhoneNumberDetails),
            _ => return None,
        })
    }
}

impl Control {
    /// The endpoint, and the methods that its path takes, the endpoint's first.
    fn of(method: &Method, path: &[&str]) -> Result<(&'static str, Self), Misrouted> {
        Ok(match *path {
            ["messages"] => ("GET", Self::Accepted),
            ["messages", id] => ("GET", Self::Message { id: decode(id) }),
            ["media"] => ("GET", Self::Uploads),
            ["media", id] => ("GET", Self::Upload { id: decode(id) }),
            ["files", id] => ("GET", Self::File { id: decode(id) }),
            ["faults"] if method == Method::DELETE => ("DELETE", Self::Heal { number: None }),
            ["faults"] if method == Method::GET => ("GET", Self::Faults),
            ["faults"] => ("POST, GET, DELETE", Self::Fail),
            ["faults", number] => {
                let number = Some(number.to_owned());
                ("DELETE", Self::Heal { number })
            }
            ["callbacks"] => ("POST", Self::Callback),
            ["callbacks", number, "redeliver"] => {
                let number = number.to_owned();
                ("POST", Self::Redeliver { number })
            }
            ["users"] => ("GET", Self::Users),
            ["users", number] => {
                let number = decode(number);
                match *method == Method::PATCH {
                    true => ("PATCH", Self::SetPhone { number }),
                    false => ("GET, PATCH", Self::Phone { number }),
                }
            }
            ["users", number, what] => {
                let writes = Writes::of(what).ok_or(Misrouted::NothingToWrite)?;
                let number = decode(number);
                ("POST", Self::User { number, writes })
            }
            ["conversations"] => ("GET", Self::Conversations),
            ["conversations", number] => {
                let number = decode(number);
                ("GET", Self::Conversation { number })
            }
            ["clock"] if method == Method::POST => ("POST", Self::SetClock),
            ["clock"] => ("GET, POST", Self::Clock),
            ["settings"] if method == Method::PATCH => ("PATCH", Self::SetSettings),
            ["settings"] => ("GET, PATCH", Self::Settings),
            ["templates"] => ("GET", Self::Templates),
            ["templates", name] => {
                let name = decode(name);
                match *method == Method::PATCH {
                    true => ("PATCH", Self::ChangeTemplate { name }),
                    false => ("GET, PATCH", Self::Template { name }),
                }
            }
            ["log"] => ("GET", Self::Log),
            ["log", number] => {
                let number = number.to_owned();
                ("GET", Self::Entry { number })
            }
            ["requests", number, "repeat"] => {
                let number = number.to_owned();
                ("POST", Self::Repeat { number })
            }
            ["why", id] => ("GET", Self::Why { id: decode(id) }),
            ["state"] if method == Method::PUT => ("PUT", Self::Import),
            ["state"] if method == Method::DELETE => ("DELETE", Self::Reset),
            ["state"] => ("GET, PUT, DELETE", Self::Export),
            _ => return Err(Misrouted::NotFound),
        })
    }
}

impl Writes {
    /// All but files, by name.
    const NAMED: [(&str, Self); 19] = [
        ("text", Self::Text),
        ("reaction", Self::Reaction),
        ("button", Self::Button),
        ("reply", Self::Reply),
        ("row", Self::Row),
        ("tap", Self::Tap),
        ("form", Self::Form),
        ("order", Self::Order),
        ("location", Self::Location),
        ("contact", Self::Contact),
        ("own-contact", Self::OwnContact),
        ("call-permission", Self::CallPermission),
        ("edit", Self::Edit),
        ("delete", Self::Delete),
        ("unsupported", Self::Unsupported),
        ("other", Self::Other),
        ("read", Self::Read),
        ("play", Self::Play),
        ("pay", Self::Pay),
    ];

    fn of(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter().find(|(known, _)| *known == name);
        let file = || MediaKind::of_type(name).map(Self::Media);
        named.map(|(_, writes)| *writes).or_else(file)
    }
}

impl Misrouted {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NothingToWrite => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

fn kinds() -> String {
    let named = Writes::NAMED.map(|(name, _)| name).join(", ");
    format!(
        "{named}, {}",
        MediaKind::ALL.map(MediaKind::as_str).join(", ")
    )
}
