//! Removes personal data and secrets from recordings.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use serde_json::{Map, Value};

use super::cassette::{Exchange, RecordedBody};

/// The replacement for what was removed.
const SCRUBBED: &str = "[scrubbed]";

/// Headers whose values are kept. Any other may hold a secret.
const HEADERS: &[&str] = &[
    "accept",
    "cache-control",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "user-agent",
];

/// JSON fields whose strings are kept, except numbers in them: they are words of the protocol.
const MEMBERS: &[&str] = &[
    "action",
    "messaging_product",
    "mime_type",
    "policy",
    "recipient_type",
    "status",
    "sub_type",
    "type",
    "wa_source",
];

/// The same, in responses only.
const RESPONSE_FIELDS: &[&str] = &["code", "id", "media_id", "message", "message_id"];

/// Decides what of an exchange gets into a cassette.
///
/// Only what is listed is kept:
///
/// | Part | Kept | Otherwise |
/// |---|---|---|
/// | headers | the values of those that hold no secret, such as `content-type` and `retry-after` | `[scrubbed]`, `api-key` and `authorization` among them |
/// | URL | path and query | the account's SID becomes `SID` |
/// | JSON | the strings of fields that are words of the protocol, such as `type` and, in responses, `code` and `message_id` | `[scrubbed]`: messages, names, links, references |
/// | numbers of 7 to 15 digits, wherever they are | | a made-up number of as many digits; always the same for the same number |
/// | ids of WhatsApp (`wamid.…`), which contain a number | | a made-up id |
/// | fractions in JSON, such as coordinates | | 0 |
/// | bodies that are not JSON | their size | |
///
/// Give the [`Replay`](super::Replay) the same scrubber as the [`Recording`](super::Recording), so that the two agree.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{Body, RecordedBody, Recording, Scripted, Scrubber, Transport, http, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let scrubber = Scrubber::new()
///     .keep_field("caption")
///     .keep_header("x-request-id")
///     .then(|exchange| exchange.target = exchange.target.replace("/private", ""));
/// let recording = Recording::new(Scripted::new().respond(200, "{}")).scrubber(scrubber);
///
/// let request = http::Request::post("https://api.example/private/messages")
///     .header("x-request-id", "r-17")
///     .body(Body::from(r#"{"caption":"Size 9","link":"https://example.com/shoe.png"}"#.to_owned()))?;
/// read_whole(recording.execute(request).await?, 64).await?;
///
/// let exchange = recording.cassette().exchanges.remove(0);
/// assert_eq!(exchange.target, "/messages");
/// assert_eq!(exchange.headers, [("x-request-id".to_owned(), "r-17".to_owned())]);
/// let RecordedBody::Json(json) = exchange.body else { panic!("it was JSON") };
/// assert_eq!((json["caption"].as_str(), json["link"].as_str()), (Some("Size 9"), Some("[scrubbed]")));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Scrubber {
    members: Vec<String>,
    headers: Vec<String>,
    rules: Vec<Arc<Rule>>,
}

type Rule = dyn Fn(&mut Exchange) + Send + Sync;

impl Scrubber {
    /// The rules above.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the strings of this JSON field, except numbers in them.
    #[must_use]
    pub fn keep_field(mut self, name: impl Into<String>) -> Self {
        self.members.push(name.into());
        self
    }

    /// Keeps the values of this header, which is named in lower case.
    #[must_use]
    pub fn keep_header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    /// Applies this to each exchange, after all other rules. In a replay the exchange has no outcome yet.
    #[must_use]
    pub fn then(mut self, rule: impl Fn(&mut Exchange) + Send + Sync + 'static) -> Self {
        self.rules.push(Arc::new(rule));
        self
    }

    /// Applies what the user added.
    pub(super) fn finish(&self, exchange: &mut Exchange) {
        for rule in &self.rules {
            rule(exchange);
        }
    }

    pub(super) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let kept = |name: &str| HEADERS.contains(&name) || self.headers.iter().any(|n| n == name);
        headers
            .iter()
            .map(|(name, value)| {
                let shown = value.to_str().ok().filter(|_| kept(name.as_str()));
                (
                    name.as_str().to_owned(),
                    shown.unwrap_or(SCRUBBED).to_owned(),
                )
            })
            .collect()
    }

    pub(super) fn target(&self, numbers: &mut Numbers, uri: &http::Uri) -> String {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let mut segments: Vec<&str> = target.split('/').collect();
        let version = segments
            .iter()
            .position(|part| matches!(*part, "v1" | "v2"));
        if let Some(sid) = version.and_then(|version| segments.get_mut(version + 1)) {
            *sid = "SID";
        }
        numbers.in_text(&segments.join("/"))
    }

    /// A body, if it is in memory; else its size.
    pub(super) fn body(
        &self,
        numbers: &mut Numbers,
        body: Option<&[u8]>,
        len: u64,
        is_response: bool,
    ) -> RecordedBody {
        match body.and_then(|body| serde_json::from_slice(body).ok()) {
            Some(json) => RecordedBody::Json(self.value(numbers, json, None, is_response)),
            None => RecordedBody::Bytes(len),
        }
    }

    fn value(
        &self,
        numbers: &mut Numbers,
        value: Value,
        member: Option<&str>,
        is_response: bool,
    ) -> Value {
        match value {
            Value::String(text) => {
                let is_kept = member.is_some_and(|member| self.keeps(member, is_response));
                let scrubbed = numbers.in_text(&text);
                // A string that is only a number becomes a made-up number, which says enough.
                if is_kept || is_number(&text) || text.is_empty() {
                    Value::String(scrubbed)
                } else {
                    Value::String(SCRUBBED.to_owned())
                }
            }
            Value::Number(number) if number.is_f64() => Value::from(0),
            Value::Number(number) => {
                let made_up = numbers.in_text(&number.to_string());
                made_up
                    .parse()
                    .map_or_else(|_| Value::from(0), Value::Number)
            }
            Value::Array(elements) => elements
                .into_iter()
                .map(|element| self.value(numbers, element, member, is_response))
                .collect(),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| {
                    let value = self.value(numbers, value, Some(&name), is_response);
                    (numbers.in_text(&name), value)
                });
                Value::Object(members.collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) => value,
        }
    }

    fn keeps(&self, member: &str, is_response: bool) -> bool {
        MEMBERS.contains(&member)
            || is_response && RESPONSE_FIELDS.contains(&member)
            || self.members.iter().any(|name| name == member)
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber")
            .field("members", &self.members)
            .field("headers", &self.headers)
            .field("rules", &self.rules.len())
            .finish()
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers of one exchange, and what each became.
#[derive(Default)]
pub(super) struct Numbers(HashMap<String, usize>);

impl Numbers {
    /// Replaces the numbers in a string, and the ids that contain one.
    fn in_text(&mut self, text: &str) -> String {
        let mut scrubbed = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = rest
                .find(|c: char| !is_of_word(c))
                .map_or(rest, |end| &rest[..end]);
            if word.is_empty() {
                scrubbed.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            rest = &rest[word.len()..];
            // Of `%2B91…`, the plus of a number in a URL, the word begins with `2B`.
            let is_plus = scrubbed.ends_with('%') && word.starts_with("2B");
            let (plus, word) = word.split_at(if is_plus { 2 } else { 0 });
            scrubbed.push_str(plus);
            if let (Some(id), false) = (word.strip_prefix("wamid"), plus == "2B")
                && id.is_empty()
                && rest.starts_with('.')
            {
                let end = rest[1..].find(|c: char| !is_of_id(c));
                let id = end.map_or(rest, |end| &rest[..=end]);
                rest = &rest[id.len()..];
                scrubbed.push_str(&format!("wamid.SCRUBBED{}", self.index(id)));
            } else if is_number(word) {
                let width = word.len() - 1;
                scrubbed.push_str(&format!("9{:0width$}", self.index(word)));
            } else {
                scrubbed.push_str(word);
            }
        }
        scrubbed
    }

    /// Which of the different ones this is, counted from 1.
    fn index(&mut self, number: &str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(number.to_owned()).or_insert(next)
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(Numbers::default().in_text(text), expect, "{text}");
    }

    #[test]
    fn numbers_become_made_up_ones_of_the_same_length() {
        check("+919800000001", "+900000000001");
        check(
            "919800000001 and 919800000002, 919800000001",
            "900000000001 and 900000000002, 900000000001",
        );
        check(
            "/whatsapp/%2B919800000001/messages",
            "/whatsapp/%2B900000000001/messages",
        );
        check("call 9800001.", "call 9000001.");
    }

    #[test]
    fn what_is_no_number_stays() {
        for text in [
            "",
            "123456",
            "1234567890123456",
            "HX1234567890",
            "ä1234567",
            "WA202",
            "%2Bx",
            "1.25",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn ids_that_contain_a_number_become_made_up_ones() {
        check("wamid.HBgMOTE5ODAwMDAwMDAxFQIA==", "wamid.SCRUBBED1");
        check(
            "\"wamid.A/b-c_d\" wamid.B",
            "\"wamid.SCRUBBED1\" wamid.SCRUBBED2",
        );
    }

    fn scrubbed(text: &str, is_response: bool) -> String {
        let scrubber = Scrubber::new().keep_field("caption");
        let body = Some(text.as_bytes());
        match scrubber.body(&mut Numbers::default(), body, 9, is_response) {
            RecordedBody::Json(json) => json.to_string(),
            RecordedBody::Text(text) => text,
            RecordedBody::Bytes(count) => count.to_string(),
        }
    }

    #[test]
    fn of_json_only_words_of_the_protocol_are_kept() {
        let sent = r#"{"to":"+919800000001","type":"text","text":{"body":"Hi Ann"},"image":{"caption":"By 919800000001","link":"https://a.example/ann"},"location":{"latitude":12.5},"extra_info":{"ref":"ann-1"},"n":1722863329,"list":["Ann",1],"b":true,"z":null}"#;
        let kept = scrubbed(sent, false);
        for gone in ["91980", "Ann", "ann", "12.5", "1722863329"] {
            assert!(!kept.contains(gone), "{kept}");
        }
        for there in [
            r#""to":"+900000000001""#,
            r#""type":"text""#,
            r#""caption":"By 900000000001""#,
            r#""latitude":0"#,
            r#""ref":"[scrubbed]""#,
            r#""b":true"#,
        ] {
            assert!(kept.contains(there), "{kept}");
        }

        let response = r#"{"code":"WA202","data":{"message_id":"A1"},"error":{"phone_number":"919800000001 is not yours"}}"#;
        assert_eq!(
            scrubbed(response, true),
            r#"{"code":"WA202","data":{"message_id":"A1"},"error":{"phone_number":"[scrubbed]"}}"#
        );
        assert_eq!(scrubbed("Hi Ann", true), "9");
    }

    #[test]
    fn headers_are_kept_if_they_are_known_to_hold_no_secret() {
        let mut headers = HeaderMap::new();
        for name in [
            "api-key",
            "authorization",
            "x-signature",
            "content-type",
            "set-cookie",
        ] {
            headers.insert(name, http::HeaderValue::from_static("value"));
        }
        let kept = Scrubber::new().headers(&headers);
        let open: Vec<_> = kept.iter().filter(|(_, value)| value == "value").collect();
        assert_eq!(open, [&("content-type".to_owned(), "value".to_owned())]);
        assert_eq!(kept.len(), 5);
    }
}
