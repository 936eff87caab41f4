//! A token on its way to the client.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// What [`TokenIssuer::issue`](super::TokenIssuer::issue) hands out. Its `Debug` doesn't show it.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{TokenIssuer, http};
///
/// let issuer = TokenIssuer::new("kaleyra", "a long random text")?.lifetime(Duration::from_secs(600));
/// let (head, ()) = http::Request::post("/token").body(())?.into_parts();
/// let json = br#"{"client_id": "kaleyra", "client_secret": "a long random text"}"#;
/// let token = issuer.issue(&head, json, SystemTime::now())?;
/// assert_eq!(token.expires_in(), Duration::from_secs(600));
///
/// let response = token.to_response();
/// assert_eq!(response.headers()["cache-control"], "no-store");
/// assert!(String::from_utf8_lossy(response.body()).contains(token.expose()));
/// assert!(!format!("{token:?}").contains(token.expose()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AccessToken {
    token: SecretString,
    issued_at: SystemTime,
    expires_in: Duration,
}

impl AccessToken {
    pub(super) const fn new(
        token: SecretString,
        issued_at: SystemTime,
        expires_in: Duration,
    ) -> Self {
        Self {
            token,
            issued_at,
            expires_in,
        }
    }

    /// The token itself, a secret.
    pub fn expose(&self) -> &str {
        self.token.expose_secret()
    }

    /// How long it is good from now on.
    pub const fn expires_in(&self) -> Duration {
        self.expires_in
    }

    /// The whole response, in the shape that Kaleyra's page shows: a JSON object whose times are
    /// strings of whole seconds. It may not be cached.
    ///
    /// ```json
    /// {"access_token": "…", "token_type": "Bearer", "expires_in": "3600", "expires_on": "1722866929", "not_before": "1722863329"}
    /// ```
    pub fn to_response(&self) -> Response<Bytes> {
        let seconds = |moment: SystemTime| {
            let since = moment.duration_since(SystemTime::UNIX_EPOCH);
            since.unwrap_or_default().as_secs()
        };
        let issued_at = seconds(self.issued_at);
        let expires_in = self.expires_in.as_secs();
        let body = json!({
            "access_token": self.expose(),
            "token_type": "Bearer",
            "expires_in": expires_in.to_string(),
            "expires_on": issued_at.saturating_add(expires_in).to_string(),
            "not_before": issued_at.to_string(),
        });
        let mut response = Response::new(Bytes::from(body.to_string()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_has_kaleyras_shape() {
        let issued_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_686_628_970);
        let left = Duration::from_millis(3_599_900);
        let token = AccessToken::new("abc".into(), issued_at, left);
        let response = token.to_response();
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        let expect = json!({
            "access_token": "abc",
            "token_type": "Bearer",
            "expires_in": "3599",
            "expires_on": "1686632569",
            "not_before": "1686628970",
        });
        assert_eq!(body, expect);
        assert!(!format!("{token:?}").contains("abc"));
    }
}
