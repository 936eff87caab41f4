//! What was recorded, and how it is written.

use std::error::Error;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Phase, TransportErrorKind};

/// The version of the format that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Recorded exchanges, in the order of their requests.
///
/// Its JSON is meant to be stored beside the tests that use it, and to be read and edited by hand:
///
/// ```json
/// {
///   "version": 1,
///   "exchanges": [
///     {
///       "method": "POST",
///       "target": "/v2/SID/whatsapp/900000000001/messages",
///       "operation": "send",
///       "headers": [["api-key", "[scrubbed]"], ["content-type", "application/json"]],
///       "body": {"json": {"messaging_object": {"to": "+900000000002", "type": "text", "text": {"body": "[scrubbed]"}}}},
///       "outcome": {
///         "response": {
///           "status": 202,
///           "headers": [["content-type", "application/json"]],
///           "body": {"json": {"code": "WA202", "data": {"message_id": "A1"}}}
///         }
///       }
///     },
///     {
///       "method": "GET",
///       "target": "/v2/SID/whatsapp/900000000001/phone_number_details",
///       "operation": "phone_number",
///       "headers": [],
///       "body": {"bytes": 0},
///       "outcome": {"failure": {"phase": "connect", "kind": "Timeout"}}
///     }
///   ]
/// }
/// ```
///
/// The `target` is path and query; the host is left out, so that a cassette serves any base URL. A body is `json`,
/// `text`, or the number of its `bytes` where the contents are not kept. A response whose body broke off has a `broken`
/// with the kind of the failure.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{Cassette, RecordedOutcome};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cassette = Cassette::from_json(r#"{"version": 1, "exchanges": [
///     {"method": "GET", "target": "/v2/SID", "body": {"bytes": 0}, "outcome": {"failure": {"phase": "connect", "kind": "Timeout"}}}
/// ]}"#)?;
/// assert!(matches!(cassette.exchanges[0].outcome, Some(RecordedOutcome::Failure { .. })));
/// assert_eq!(Cassette::from_json(&cassette.to_json()?)?, cassette);
///
/// # let path = std::env::temp_dir().join(format!("kaleyra-wa-doc-cassette-{}", std::process::id()));
/// cassette.save(&path)?;
/// assert_eq!(Cassette::load(&path)?, cassette);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Cassette {
    /// The recorded exchanges.
    pub exchanges: Vec<Exchange>,
}

/// One request and its outcome. The numbers and strings in it are made up, see [`Scrubber`](super::Scrubber).
///
/// For an example see [`Cassette`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The request's method.
    pub method: String,
    /// Its path and query.
    pub target: String,
    /// The [name of its operation](crate::Operation::name), if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Its headers. They are there to be read; a replay does not compare them.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: RecordedBody,
    /// The outcome; `None` if the request was cancelled before there was one.
    #[serde(default)]
    pub outcome: Option<RecordedOutcome>,
}

/// A body in a cassette.
///
/// For an example see [`Cassette`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordedBody {
    /// JSON, after scrubbing.
    Json(Value),
    /// Text. Only written by hand.
    Text(String),
    /// It was not JSON, or too large: its size alone. A replay returns as many spaces.
    Bytes(u64),
}

/// The outcome of a request.
///
/// For an example see [`Cassette`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordedOutcome {
    /// There was a response.
    Response(RecordedResponse),
    /// There was none.
    Failure {
        /// `connect` or `in_flight`.
        phase: String,
        /// The kind of the error, such as `Timeout`.
        kind: String,
    },
}

/// A response in a cassette.
///
/// For an example see [`Cassette`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecordedResponse {
    /// Its status.
    pub status: u16,
    /// Its headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Its body, or the part of it that was read.
    pub body: RecordedBody,
    /// Why the body ended early, if it did: the kind of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    exchanges: Vec<Exchange>,
}

impl Cassette {
    /// Reads a cassette from its JSON.
    ///
    /// # Errors
    ///
    /// When it is not a cassette, or one of another version.
    pub fn from_json(text: &str) -> Result<Self, CassetteError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let version = serde_json::from_str(text);
        let Version { version } = version.map_err(CassetteError::not_one)?;
        if version != VERSION {
            return Err(CassetteError {
                text: format!(
                    "the cassette has version {version}, and only {VERSION} can be read: record it again"
                ),
                source: None,
            });
        }
        let file: File = serde_json::from_str(text).map_err(CassetteError::not_one)?;
        Ok(Self {
            exchanges: file.exchanges,
        })
    }

    /// Writes the cassette as human-readable JSON.
    ///
    /// # Errors
    ///
    /// None are known: what was recorded can be written.
    pub fn to_json(&self) -> Result<String, CassetteError> {
        let file = File {
            version: VERSION,
            exchanges: self.exchanges.clone(),
        };
        let text = serde_json::to_string_pretty(&file);
        Ok(text.map_err(CassetteError::not_one)? + "\n")
    }

    /// Reads a cassette from a file.
    ///
    /// # Errors
    ///
    /// When the file can't be read, or is not a cassette.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let text = std::fs::read_to_string(path);
        Self::from_json(&text.map_err(CassetteError::unusable_file)?)
    }

    /// Writes the cassette to a file.
    ///
    /// # Errors
    ///
    /// When the file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CassetteError> {
        std::fs::write(path, self.to_json()?).map_err(CassetteError::unusable_file)
    }
}

/// A cassette can't be read or written. The cause is in [`source`](Error::source).
///
/// ```
/// use std::error::Error;
///
/// use kaleyra_wa_transport::Cassette;
///
/// let newer = Cassette::from_json(r#"{"version": 2, "exchanges": []}"#).unwrap_err();
/// assert_eq!(newer.to_string(), "the cassette has version 2, and only 1 can be read: record it again");
///
/// let missing = Cassette::load("no/such/cassette.json").unwrap_err();
/// assert!(missing.source().is_some()); // what the system said
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct CassetteError {
    text: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CassetteError {
    fn not_one(error: serde_json::Error) -> Self {
        Self {
            text: "this is not a cassette: compare it with the documentation of `Cassette`"
                .to_owned(),
            source: Some(error.into()),
        }
    }

    fn unusable_file(error: io::Error) -> Self {
        Self {
            text: "the cassette file can't be read or written".to_owned(),
            source: Some(error.into()),
        }
    }
}

impl RecordedOutcome {
    pub(super) fn failure(phase: Phase, kind: TransportErrorKind) -> Self {
        let phase = match phase {
            Phase::Connect => "connect",
            Phase::InFlight | Phase::Body { .. } => "in_flight",
        };
        Self::Failure {
            phase: phase.to_owned(),
            kind: kind_name(kind),
        }
    }
}

/// A phase by its name; the later one if it is unknown.
pub(super) fn phase_of(name: &str) -> Phase {
    if name == "connect" {
        Phase::Connect
    } else {
        Phase::InFlight
    }
}

pub(super) fn kind_name(kind: TransportErrorKind) -> String {
    format!("{kind:?}")
}

/// A kind by its name.
pub(super) fn kind_of(name: &str) -> TransportErrorKind {
    use TransportErrorKind as Kind;
    let known = [
        Kind::BodyTooLarge,
        Kind::Connect,
        Kind::InsecureUrl,
        Kind::Interrupted,
        Kind::InvalidRequest,
        Kind::InvalidResponse,
        Kind::RateLimited,
        Kind::Repeated,
        Kind::Timeout,
        Kind::UnreadableBody,
        Kind::Unscripted,
    ];
    let mut known = known.into_iter();
    let found = known.find(|kind| kind_name(*kind) == name);
    found.unwrap_or(Kind::Other)
}
