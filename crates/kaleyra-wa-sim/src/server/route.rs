//! Which endpoint a request is for.

use http::{Method, StatusCode};

use crate::callback::MediaKind;

/// An endpoint, with what its path says.
pub(super) enum Route {
    /// `POST /v2/{sid}/whatsapp/{sender}/messages`
    Messages { sid: String, sender: String },
    /// `GET /`
    Page,
    /// What is not Kaleyra's but the simulator's own.
    Control(Control),
}

/// An endpoint for people with curl.
pub(super) enum Control {
    /// `GET /sim/messages`
    Accepted,
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
            ["v2", sid, "whatsapp", sender, "messages"] => (
                "POST",
                Self::Messages {
                    sid: decode(sid),
                    sender: decode(sender),
                },
            ),
            ["sim", "messages"] => ("GET", Self::Control(Control::Accepted)),
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
        !matches!(self, Self::Messages { .. })
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

/// Undoes percent-encoding (`%2B` for `+`). What is no UTF-8 then can't equal any account's texts.
fn decode(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded() {
        assert_eq!(decode("%2B91XX"), "+91XX");
        assert_eq!(decode("%2b91"), "+91");
        assert_eq!(decode("+91"), "+91");
        assert_eq!(decode("%zz%4"), "%zz%4");
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%C3%A9"), "é");
    }
}
