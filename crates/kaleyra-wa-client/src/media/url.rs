//! The URL of a file: parsed, and checked before any request.

use kaleyra_wa_transport::http::Uri;

use crate::{BaseUrl, ConfigError, InvalidBaseUrl};

/// Where to ask for a file.
pub(crate) struct MediaUrl {
    pub(crate) uri: Uri,
    /// The part of it that may be logged.
    pub(crate) server: BaseUrl,
}

impl MediaUrl {
    /// Reads a URL as callbacks write it. The server must be one that a base URL may name: over https, or this machine.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let (text, _fragment) = text.split_once('#').unwrap_or((text, ""));
        let uri: Uri = escaped(text.trim())
            .parse()
            .map_err(|_| InvalidBaseUrl::NotAbsolute)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidBaseUrl::NotAbsolute);
        };
        match BaseUrl::parse(&format!("{scheme}://{authority}")) {
            Ok(server) => Ok(Self { uri, server }),
            Err(ConfigError::BaseUrl(reason)) => Err(reason),
            Err(_) => Err(InvalidBaseUrl::NotAbsolute),
        }
    }
}

/// The names of users' files end up in these URLs, not always escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                escaped.push_str(&format!("%{byte:02X}"));
            }
            0x21..=0x7e => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_as_it_is_and_escaped_where_it_must_be() {
        for (text, expected) in [
            (
                "https://s3.example.com/a/1.jpg?X-Sig=a%2Fb&x=1",
                "https://s3.example.com/a/1.jpg?X-Sig=a%2Fb&x=1",
            ),
            ("https://a.example", "https://a.example/"),
            (
                "https://media.kaleyra.io/v2/1.jpg",
                "https://media.kaleyra.io/v2/1.jpg",
            ),
            (" https://a.example/b#c\n", "https://a.example/b"),
            (
                "https://a.example/my bill {é}.pdf",
                "https://a.example/my%20bill%20%7B%C3%A9%7D.pdf",
            ),
            ("http://127.0.0.1:8090/a", "http://127.0.0.1:8090/a"),
        ] {
            let url = MediaUrl::parse(text).map(|url| url.uri.to_string());
            assert_eq!(url.as_deref(), Ok(expected), "{text}");
        }
        let url = MediaUrl::parse("https://a.example:8443/b?c").map(|url| url.server.to_string());
        assert_eq!(url.as_deref(), Ok("https://a.example:8443"));
    }

    #[test]
    fn other_servers_than_a_base_url_may_name_are_refused() {
        use InvalidBaseUrl::{Credentials, Insecure, NotAbsolute};
        for (text, expected) in [
            ("", NotAbsolute),
            ("/a.jpg", NotAbsolute),
            ("a.example/b.jpg", NotAbsolute),
            ("file:///etc/passwd", NotAbsolute),
            ("ftp://a.example/b", NotAbsolute),
            ("https://user:password@a.example/b", Credentials),
            ("http://a.example/b", Insecure),
            ("http://localhost.a.example/b", Insecure),
        ] {
            assert_eq!(MediaUrl::parse(text).err(), Some(expected), "{text}");
        }
    }
}
