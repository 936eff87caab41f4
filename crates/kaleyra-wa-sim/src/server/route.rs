//! Which endpoint a request is for.

use http::{Method, StatusCode};

use super::query::decode;
use crate::callback::MediaKind;

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
    /// `GET /media/{id}`, where `media_url`s lead to
    HostedFile { id: String },
    /// `GET /`
    Page,
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

/// An endpoint for people with curl.
pub(super) enum Control {
    /// `GET /sim/messages`
    Accepted,
    /// `GET /sim/media`
    Uploads,
    /// `GET /sim/media/{id}`
    Upload { id: String },
    /// `POST /sim/faults`
    Fail,
    /// `DELETE /sim/faults`
    Heal,
    /// `POST /sim/callbacks`
    Callback,
    /// `POST /sim/users/{number}/{what}`
    User { number: String, writes: Writes },
}

/// What a user is to write.
#[derive(Clone, Copy)]
pub(super) enum Writes {
    Text,
    Reaction,
    Button,
    Media(MediaKind),
}

/// There is no such endpoint.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misrouted {
    #[error("no endpoint has this path: GET / explains those that there are")]
    NotFound,
    #[error(
        "there is nothing of this kind for a user to write: use one of text, reaction, button, {}",
        media_kinds()
    )]
    NothingToWrite,
    #[error("this endpoint takes {0} only")]
    MethodNotAllowed(&'static str),
}

impl Route {
    pub(super) fn of(method: &Method, path: &str) -> Result<Self, Misrouted> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (allowed, route) = match segments[..] {
            [""] => ("GET", Self::Page),
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
            ["sim", "messages"] => ("GET", Self::Control(Control::Accepted)),
            ["sim", "media"] => ("GET", Self::Control(Control::Uploads)),
            ["sim", "media", id] => ("GET", Self::Control(Control::Upload { id: decode(id) })),
            ["sim", "faults"] if method == Method::DELETE => {
                ("DELETE", Self::Control(Control::Heal))
            }
            ["sim", "faults"] => ("POST, DELETE", Self::Control(Control::Fail)),
            ["sim", "callbacks"] => ("POST", Self::Control(Control::Callback)),
            ["sim", "users", number, what] => (
                "POST",
                Self::Control(Control::User {
                    number: decode(number),
                    writes: Writes::of(what).ok_or(Misrouted::NothingToWrite)?,
                }),
            ),
            _ => return Err(Misrouted::NotFound),
        };
        // The first is the one that the endpoint was found for.
        match allowed.split(", ").next() {
            Some(expected) if expected == method.as_str() => Ok(route),
            _ => Err(Misrouted::MethodNotAllowed(allowed)),
        }
    }

    /// Whether it is for the person at this machine only.
    pub(super) fn is_control(&self) -> bool {
        matches!(self, Self::Page | Self::Control(_))
    }
}

impl Endpoint {
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

impl Writes {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "reaction" => Self::Reaction,
            "button" => Self::Button,
            _ => return MediaKind::of(name).map(Self::Media),
        })
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

fn media_kinds() -> String {
    MediaKind::ALL.map(MediaKind::as_str).join(", ")
}
