//! What became of each user that was to be blocked or unblocked.

use std::collections::HashMap;
use std::fmt;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_types::Recipient;
use kaleyra_wa_types::inbound::MetaError;
use kaleyra_wa_types::response::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::Error;
use crate::decoded_response::{DecodedResponse, find};

/// What became of each user that was to be blocked or unblocked.
///
/// Meta decides for each user; if some are refused, it responds with a 400 although the others are done. That is not an
/// [`Error`], but a failed [`outcome`](Self::outcomes).
///
/// The pages show no response. It is assumed to be Meta's, inside Kaleyra's envelope; [`response`](Self::response) has
/// all of it. `Debug` shows counts.
///
/// ```
/// use kaleyra_wa_client::UserOutcome;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA400", "error": {"block_users": {
///     "added_users": [{"input": "+14155550123", "wa_id": "14155550123"}],
///     "failed_users": [{"input": "+14155550124", "errors": [{"code": 131047}]}]
/// }}}"#;
/// # let kaleyra = Scripted::new().respond(400, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let update = client.block(["+14155550123", "+14155550124"]).await?;
/// assert!(!update.is_complete());
/// assert_eq!(update.status(), 400);
/// let refused: Vec<String> = update
///     .outcomes()
///     .filter(|(_, outcome)| !outcome.is_done())
///     .map(|(_, outcome)| outcome.to_string())
///     .collect();
/// assert_eq!(refused, ["failed: more than 24 hours since the user's last message: send a template"]);
/// assert_eq!(update.response().code.as_ref().unwrap().as_str(), "WA400");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BlocklistUpdate {
    outcomes: Vec<(Recipient, UserOutcome)>,
    status: StatusCode,
    response: Response,
}

/// What became of one user. `Display` is one line.
///
/// For an example see [`BlocklistUpdate`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum UserOutcome {
    /// The user is blocked, or no longer blocked.
    Done,
    /// Nothing changed for this user, for these reasons. [`MetaError::info`] says what each code means; 131047 means that
    /// the user did not write in the last 24 hours.
    Failed(Vec<MetaError>),
    /// The response does not mention the user. Check [`blocked_users`](crate::Client::blocked_users).
    Unknown,
}

impl BlocklistUpdate {
    /// From a response that lists users, whatever its status.
    pub(super) fn read(users: Vec<Recipient>, reply: DecodedResponse) -> Result<Self, Error> {
        let status = reply.status();
        let told = reply.envelope().map(Told::of).unwrap_or_default();
        let response = match reply.envelope() {
            Some(response) if !told.0.is_empty() && !status.is_server_error() => response.clone(),
            _ => reply.into_success()?,
        };
        let outcomes = users.into_iter().map(|user| {
            let outcome = told.0.get(&key(user.as_str())).cloned();
            (user, outcome.unwrap_or(UserOutcome::Unknown))
        });
        Ok(Self {
            outcomes: outcomes.collect(),
            status,
            response,
        })
    }

    /// The given users in their order, and the outcome for each.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = (&Recipient, &UserOutcome)> {
        self.outcomes.iter().map(|(user, outcome)| (user, outcome))
    }

    /// Whether it is done for every user.
    pub fn is_complete(&self) -> bool {
        self.outcomes().all(|(_, outcome)| outcome.is_done())
    }

    /// The response's HTTP status: 200, or 400 where some users failed.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl UserOutcome {
    /// Whether it is done for this user.
    pub fn is_done(&self) -> bool {
        *self == Self::Done
    }
}

impl fmt::Display for UserOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = match self {
            Self::Done => return f.write_str("done"),
            Self::Unknown => return f.write_str("the response does not say"),
            Self::Failed(errors) => errors,
        };
        f.write_str("failed")?;
        for (index, info) in errors.iter().filter_map(MetaError::info).enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(f, "{separator}{}", info.meaning)?;
        }
        Ok(())
    }
}

impl fmt::Debug for BlocklistUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.outcomes().filter(|(_, outcome)| outcome.is_done());
        f.debug_struct("BlocklistUpdate")
            .field("users", &self.outcomes.len())
            .field("done", &done.count())
            .field("status", &self.status.as_u16())
            .finish_non_exhaustive()
    }
}

/// What a response says about users, by their digits or ids.
#[derive(Default)]
struct Told(HashMap<String, UserOutcome>);

impl Told {
    fn of(response: &Response) -> Self {
        let mut told = Self::default();
        for name in ["added_users", "removed_users"] {
            for user in &list(response, name) {
                told.note(user, &UserOutcome::Done);
            }
        }
        // Last, so that who is in both lists has failed.
        for user in &list(response, "failed_users") {
            let errors = user.get("errors").and_then(Value::as_array);
            let errors = errors.into_iter().flatten();
            let errors = errors.filter_map(|error| MetaError::deserialize(error).ok());
            told.note(user, &UserOutcome::Failed(errors.collect()));
        }
        told
    }

    /// Under each name that the user has: what was given, and WhatsApp's own, which may be another number.
    fn note(&mut self, user: &Value, outcome: &UserOutcome) {
        let names = ["input", "user", "wa_id", "user_id"];
        let names = names.iter().filter_map(|name| user.get(name)?.as_str());
        for name in names.chain(user.as_str()) {
            self.0.insert(key(name), outcome.clone());
        }
    }
}

/// A list in the response, wherever it is.
fn list(response: &Response, name: &str) -> Vec<Value> {
    let inside = response.data.iter().chain(&response.error).cloned();
    let beside = response
        .unknown
        .iter()
        .filter_map(|(_, json)| json.to_value());
    let found = inside
        .chain(beside)
        .find_map(|value| find(&value, name).cloned());
    match found {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// The digits of a number, however it is written; an id as it is.
fn key(user: &str) -> String {
    let is_number = user.bytes().all(|sign| !sign.is_ascii_alphabetic());
    if is_number {
        user.chars().filter(char::is_ascii_digit).collect()
    } else {
        user.to_owned()
    }
}
