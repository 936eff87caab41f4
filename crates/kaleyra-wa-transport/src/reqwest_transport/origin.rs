//! Which hosts a request may go to, and over what.

use ::reqwest::Url;

use crate::{Phase, TransportError, TransportErrorKind, is_loopback};

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// This machine, over http or https.
    Local,
    /// Another machine, over https.
    Remote,
}

impl Origin {
    /// Refuses, before any I/O, what would send the key in clear text.
    pub(super) fn of(url: &Url) -> Result<Self, TransportError> {
        let refused = |kind| Err(TransportError::new(Phase::Connect, kind));
        match url.scheme() {
            "http" | "https" if url.host_str().is_some_and(is_loopback) => Ok(Self::Local),
            "http" => refused(TransportErrorKind::InsecureUrl),
            "https" => Ok(Self::Remote),
            _ => refused(TransportErrorKind::InvalidRequest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<Origin, TransportErrorKind> {
        Origin::of(&url.parse().unwrap()).map_err(|error| {
            assert_eq!(error.phase(), Phase::Connect);
            error.kind()
        })
    }

    #[test]
    fn this_machine_is_known_by_each_of_its_names() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.255.0.9",
            "2130706433",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
        ] {
            assert_eq!(
                origin(&format!("http://{host}:8080/v2")),
                Ok(Origin::Local),
                "{host}"
            );
            assert_eq!(
                origin(&format!("https://{host}:8080/v2")),
                Ok(Origin::Local),
                "{host}"
            );
        }
    }

    #[test]
    fn another_machine_needs_https_also_when_it_looks_like_this_one() {
        for host in [
            "api.in.kaleyra.io",
            "0.0.0.0",
            "10.0.0.1",
            "127.0.0.1.example.com",
            "128.0.0.1",
            "[::]",
            "[::ffff:192.0.2.1]",
            "localhost.example.com",
            "localhost@192.0.2.1",
        ] {
            assert_eq!(
                origin(&format!("http://{host}/v2")),
                Err(TransportErrorKind::InsecureUrl),
                "{host}"
            );
            assert_eq!(
                origin(&format!("https://{host}/v2")),
                Ok(Origin::Remote),
                "{host}"
            );
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        assert_eq!(
            origin("ftp://localhost/"),
            Err(TransportErrorKind::InvalidRequest)
        );
        assert_eq!(
            origin("file:///etc/hosts"),
            Err(TransportErrorKind::InvalidRequest)
        );
    }
}
