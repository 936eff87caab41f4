//! A cache of the parsed URL: requests go to the same one over and over, and parsing takes a tenth of a send's time.

use std::sync::{Mutex, PoisonError};

use ::reqwest::Url;
use http::Uri;

use super::origin::Origin;
use crate::{Phase, TransportError, TransportErrorKind};

/// The URL of the previous request, as reqwest parses it.
#[derive(Default)]
pub(super) struct UrlCache(Mutex<Option<(Uri, Url, Origin)>>);

impl UrlCache {
    /// The URL as reqwest reads it, and where it leads.
    pub(super) fn read(&self, uri: &Uri) -> Result<(Url, Origin), TransportError> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, url, origin)) = &*last
            && known == uri
        {
            return Ok((url.clone(), *origin));
        }
        let url = Url::parse(&uri.to_string()).map_err(|error| {
            TransportError::new(Phase::Connect, TransportErrorKind::InvalidRequest)
                .with_source(error)
        })?;
        // Judged on the URL that reqwest will use, not on the text it was parsed from: the two may read a host
        // differently.
        let origin = Origin::of(&url)?;
        *last = Some((uri.clone(), url.clone(), origin));
        Ok((url, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_url_is_read_anew() {
        let last = UrlCache::default();
        for text in [
            "https://a.example/1",
            "https://a.example/1",
            "https://a.example/2",
            "http://localhost/2",
            "https://a.example/1",
        ] {
            let (url, _) = last.read(&text.parse().unwrap()).unwrap();
            assert_eq!(url.as_str(), text);
        }
        let error = last.read(&Uri::from_static("/1")).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
    }
}
