//! Meta's first request to a new URL.

use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use super::InvalidSecret;
use super::secrets::Secrets;

/// Responds to the GET by which Meta verifies a callback URL: the `hub.challenge` if
/// the `hub.verify_token` is right, else 403.
///
/// Kaleyra has nothing of the kind: this is for callbacks that come directly from Meta, beside a
/// [`Verifier`](super::Verifier) such as `HmacSha256` for the callbacks themselves.
/// [`WebhookService::meta_challenge`](crate::WebhookService::meta_challenge) puts it in its place.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{MetaChallenge, http};
///
/// let challenge = MetaChallenge::new("a token of mine")?.or("the one before")?;
/// let uri = "/?hub.mode=subscribe&hub.verify_token=a+token+of+mine&hub.challenge=1158201444";
/// let (head, ()) = http::Request::get(uri).body(())?.into_parts();
/// let answer = challenge.answer(&head).ok_or("it is another request")?;
/// assert_eq!(answer.status(), 200);
/// assert_eq!(answer.body(), "1158201444");
///
/// let (callback, ()) = http::Request::post("/").body(())?.into_parts();
/// assert!(challenge.answer(&callback).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Webhooks, getting started: verification requests*.
pub struct MetaChallenge {
    tokens: Secrets,
}

impl MetaChallenge {
    /// Expects the verify token that Meta's configuration has.
    ///
    /// # Errors
    ///
    /// When the token is too short.
    ///
    /// For an example see [`MetaChallenge`].
    pub fn new(verify_token: &str) -> Result<Self, InvalidSecret> {
        let tokens = Secrets::new(verify_token.as_bytes())?;
        Ok(Self { tokens })
    }

    /// Takes this token as well.
    ///
    /// # Errors
    ///
    /// When the token is too short.
    pub fn or(mut self, verify_token: &str) -> Result<Self, InvalidSecret> {
        self.tokens.push(verify_token.as_bytes())?;
        Ok(self)
    }

    /// The response; `None` if the request is not such a verification, that is, not a GET with a
    /// `hub.mode`.
    pub fn answer(&self, head: &Parts) -> Option<Response<Bytes>> {
        if head.method != Method::GET {
            return None;
        }
        let query = head.uri.query()?;
        let parameter = |wanted| {
            let mut parameters = form_urlencoded::parse(query.as_bytes());
            parameters.find(|(name, _)| name == wanted)
        };
        let (_, mode) = parameter("hub.mode")?;
        let token = parameter("hub.verify_token");
        let is_known = token.is_some_and(|(_, token)| self.tokens.contain(token.as_bytes()).into());
        let challenge = parameter("hub.challenge");
        let challenge = challenge.filter(|_| is_known && mode == "subscribe");
        let (status, body) = match challenge {
            Some((_, challenge)) => (StatusCode::OK, Bytes::from(challenge.into_owned())),
            None => (StatusCode::FORBIDDEN, Bytes::from_static(b"forbidden\n")),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(CONTENT_TYPE, text);
        // It repeats what was sent: nobody may take it for a page.
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Some(response)
    }
}

impl fmt::Debug for MetaChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaChallenge")
            .field("tokens", &self.tokens.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn ask(method: Method, query: &str) -> Option<(u16, String)> {
        let challenge = MetaChallenge::new("old-one")
            .unwrap()
            .or("new-one")
            .unwrap();
        let request = Request::builder().method(method).uri(format!("/{query}"));
        let (head, ()) = request.body(()).unwrap().into_parts();
        let answer = challenge.answer(&head)?;
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        Some((answer.status().as_u16(), body))
    }

    #[test]
    fn only_the_right_token_gets_its_challenge_back() {
        let yes = |text: &str| Some((200, text.to_owned()));
        let no = || Some((403, "forbidden\n".to_owned()));
        for (query, expect) in [
            (
                "?hub.mode=subscribe&hub.verify_token=old-one&hub.challenge=17",
                yes("17"),
            ),
            (
                "?hub.challenge=a%20b&hub.verify_token=new-one&hub.mode=subscribe",
                yes("a b"),
            ),
            (
                "?hub.mode=subscribe&hub.verify_token=older&hub.challenge=17",
                no(),
            ),
            (
                "?hub.mode=subscribe&hub.verify_token=&hub.challenge=17",
                no(),
            ),
            ("?hub.mode=subscribe&hub.challenge=17", no()),
            ("?hub.mode=subscribe&hub.verify_token=old-one", no()),
            (
                "?hub.mode=unsubscribe&hub.verify_token=old-one&hub.challenge=17",
                no(),
            ),
            ("?event=FLAGGED", None),
            ("", None),
        ] {
            assert_eq!(ask(Method::GET, query), expect, "{query}");
        }
        let query = "?hub.mode=subscribe&hub.verify_token=old-one&hub.challenge=17";
        assert_eq!(ask(Method::POST, query), None);
    }
}
