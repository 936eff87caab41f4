//! A client id and secret, in each form in which they may be sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::authorization::credentials;

/// An id and its secret.
pub(super) type Pair = (SecretString, SecretString);

/// All pairs that a request presents. More than one is no fault: the `Authorization` header can be
/// read in two ways, and a body may repeat it.
pub(super) fn presented(head: &Parts, body: &[u8]) -> Vec<Pair> {
    let mut pairs: Vec<_> = credentials(head, "Basic").flat_map(from_basic).collect();
    // The content type is often wrong, so the body decides.
    match serde_json::from_slice(body) {
        Ok(object) => pairs.extend(from_json(&object)),
        Err(_) if !is_json(head) => pairs.extend(from_form(body)),
        Err(_) => {}
    }
    pairs
}

/// Plain, and with the escapes of a form, as OAuth has it.
fn from_basic(base64: &[u8]) -> Vec<Pair> {
    let decoded = STANDARD.decode(base64).ok();
    let Some(text) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return Vec::new();
    };
    let Some((id, secret)) = text.split_once(':') else {
        return Vec::new();
    };
    vec![
        (id.into(), secret.into()),
        (unescape(id).into(), unescape(secret).into()),
    ]
}

fn from_json(object: &Map<String, Value>) -> Option<Pair> {
    let text = |wanted| {
        let mut members = object.iter().filter(|(name, _)| is_called(name, wanted));
        members.find_map(|(_, value)| value.as_str())
    };
    Some((text("clientid")?.into(), text("clientsecret")?.into()))
}

fn from_form(body: &[u8]) -> Option<Pair> {
    let text = |wanted| {
        let mut parameters = form_urlencoded::parse(body);
        parameters.find(|(name, _)| is_called(name, wanted))
    };
    let (id, secret) = (text("clientid")?.1, text("clientsecret")?.1);
    Some((id.into_owned().into(), secret.into_owned().into()))
}

/// `client_id`, `clientId`, `Client-ID`: people write it as they like.
fn is_called(name: &str, wanted: &str) -> bool {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
    letters.map(|c| c.to_ascii_lowercase()).eq(wanted.chars())
}

fn unescape(text: &str) -> String {
    // A name without a value: nothing in it is taken for the end of it but `&` and `=`, which
    // a value with escapes doesn't have.
    let mut parameters = form_urlencoded::parse(text.as_bytes());
    parameters
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

fn is_json(head: &Parts) -> bool {
    let value = head.headers.get(CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok());
    text.is_some_and(|text| text.to_ascii_lowercase().contains("json"))
}

#[cfg(test)]
mod tests {
    use http::Request;
    use secrecy::ExposeSecret;

    use super::*;

    fn found(headers: &[(&str, &str)], body: &str) -> Vec<(String, String)> {
        let mut request = Request::post("/token");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let pairs = presented(&head, body.as_bytes()).into_iter();
        pairs
            .map(|(id, secret)| {
                (
                    id.expose_secret().to_owned(),
                    secret.expose_secret().to_owned(),
                )
            })
            .collect()
    }

    fn pair(id: &str, secret: &str) -> (String, String) {
        (id.to_owned(), secret.to_owned())
    }

    #[test]
    fn each_form_is_read() {
        let expect = pair("an id", "a+s/é");
        let form = "grant_type=client_credentials&client_id=an%20id&client_secret=a%2Bs%2F%C3%A9";
        for (headers, body) in [
            (&[][..], form),
            (
                &[("content-type", "application/x-www-form-urlencoded")][..],
                form,
            ),
            (&[][..], r#"{"client_id":"an id","client_secret":"a+s/é"}"#),
            (
                &[("content-type", "application/x-www-form-urlencoded")][..],
                r#"{"clientId":"an id","ClientSecret":"a+s\/\u00e9","scope":null}"#,
            ),
            // an id:a+s/é
            (&[("authorization", "Basic YW4gaWQ6YStzL8Op")][..], ""),
            // an%20id:a%2Bs%2F%C3%A9
            (
                &[("authorization", "basic YW4lMjBpZDphJTJCcyUyRiVDMyVBOQ==")][..],
                "grant_type=client_credentials",
            ),
        ] {
            let found = found(headers, body);
            assert!(found.contains(&expect), "{headers:?} {body} {found:?}");
        }
    }

    #[test]
    fn half_of_it_and_anything_else_is_nothing() {
        for (headers, body) in [
            (&[][..], ""),
            (&[][..], "client_id=a"),
            (&[][..], "client_secret=a"),
            (&[][..], r#"{"client_id":"a"}"#),
            (&[][..], r#"{"client_id":1,"client_secret":2}"#),
            (&[][..], r#"["client_id","client_secret"]"#),
            (
                &[("content-type", "application/json")][..],
                "client_id=a&client_secret=b",
            ),
            (&[("authorization", "Basic YQ==")][..], ""),
            (&[("authorization", "Basic %%%")][..], ""),
            (&[("authorization", "Basic /w==")][..], ""),
            (&[("authorization", "Bearer YTpi")][..], ""),
        ] {
            assert_eq!(found(headers, body), [], "{headers:?} {body}");
        }
    }
}
