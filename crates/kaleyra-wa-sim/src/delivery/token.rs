//! The token that a webhook with "advanced authentication" wants.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use http_body_util::Full;
use serde_json::Value;
use tokio::time::Instant;

use super::webhook::{CallbackError, Target};

/// Asks for tokens, and keeps the newest until it expires.
pub(super) struct Tokens {
    pub(super) target: Target,
    pub(super) id: String,
    pub(super) secret: String,
    newest: Mutex<Option<(String, Instant)>>,
}

impl Tokens {
    /// How long a token is used whose response does not say it.
    const LIFETIME: Duration = Duration::from_secs(300);

    pub(super) fn new(target: Target, id: &str, secret: &str) -> Self {
        Self {
            target,
            id: id.to_owned(),
            secret: secret.to_owned(),
            newest: Mutex::new(None),
        }
    }

    /// Forgets the token: the webhook did not take it.
    pub(super) fn forget(&self) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A token that is good now.
    pub(super) async fn token(&self) -> Result<String, CallbackError> {
        let known = self
            .newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((token, _)) = known.filter(|(_, until)| Instant::now() < *until) {
            return Ok(token);
        }
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            percent_encoded(&self.id),
            percent_encoded(&self.secret)
        );
        let mut request = Request::new(Full::new(Bytes::from(form)));
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let (status, body) = self.target.exchange(request).await?;
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        let Some(token) = json["access_token"].as_str().filter(|_| status == 200) else {
            return Err(CallbackError::Token(status));
        };
        let seconds = match &json["expires_in"] {
            // The page's sample has it as a text.
            Value::String(digits) => digits.parse().ok(),
            number => number.as_u64(),
        };
        let lifetime = seconds.map_or(Self::LIFETIME, |seconds: u64| {
            Duration::from_secs(seconds.min(365 * 86_400))
        });
        let newest = Some((token.to_owned(), Instant::now() + lifetime));
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = newest;
        Ok(token.to_owned())
    }
}

/// A value of a form.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
