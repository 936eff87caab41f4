//! The details of the sender's number, and a check of the credentials.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_transport::Body;
use kaleyra_wa_types::inbound::field::MessagingLimit;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use crate::decoded_response::find;
use crate::endpoint::PHONE_NUMBER_DETAILS as ENDPOINT;
use crate::{Client, Error, observe};

impl Client {
    /// The details of the sender's number: its quality, its limits, whether it can send.
    ///
    /// **It is the credential check, too**: it changes nothing, and `Ok` means that SID, API key and sender fit
    /// together. An error says which does not, in its text and in [`Error::failure`](crate::Error::failure):
    ///
    /// | Code | [`ApiFailure`](crate::types::response::ApiFailure) | What is wrong |
    /// |---|---|---|
    /// | `RBC001` | `IncorrectCredentials` | the SID or the API key, or the pod |
    /// | `WA401` | `SenderNotInAccount` | the sender's number is not one of this account's |
    /// | `WA-401` with `error.account` | `AccountType` | the account may not use the API |
    /// | `WA-401` with `error.phone_number` | `ApiVersion` | the number is on another version of the API |
    ///
    /// It is retried after no response, or a 408, 429, 500, 502, 503 or 504: see [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// Source: *Fetch Phone Number Details API*.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"quality_rating":"GREEN","messaging_limit_tier":"TIER_1K"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let details = client.phone_number_details().await?;
    /// println!("quality {:?}, limit {:?}", details.quality_rating(), details.messaging_limit());
    /// for problem in details.problems() {
    ///     println!("{:?}: {:?}; {:?}", problem.entity_type, problem.description, problem.solution);
    /// }
    ///
    /// # let kaleyra = kaleyra.respond(401, r#"{"code":"RBC001","message":"Incorrect credentials","data":[],"error":{}}"#);
    /// // With a wrong key.
    /// let error = client.phone_number_details().await.unwrap_err();
    /// assert_eq!(error.code().unwrap().as_str(), "RBC001");
    /// # Ok(())
    /// # }
    /// ```
    pub fn phone_number_details(&self) -> GetPhoneNumberDetails {
        GetPhoneNumberDetails {
            client: self.clone(),
        }
    }
}

/// The details of a number, read when this is awaited; made by [`Client::phone_number_details`].
///
/// For an example see [`Client::phone_number_details`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct GetPhoneNumberDetails {
    client: Client,
}

/// The details of a number.
///
/// The page lists the details but shows no response. Each is looked up by Meta's name, wherever in `data` it is, and is
/// `None` if it is missing. [`response`](Self::response) has the whole response. `Debug` shows no number and no name.
///
/// ```
/// use kaleyra_wa_client::Availability;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": {
///     "status": "CONNECTED", "verified_name": "The Shoe Shop", "name_status": "APPROVED",
///     "quality_score": {"score": "YELLOW"}, "messaging_limit_tier": "TIER_10K", "throughput": {"level": "STANDARD"},
///     "health_status": {"can_send_message": "LIMITED", "can_receive_call_sip": "AVAILABLE", "entities": [
///         {"entity_type": "WABA", "can_send_message": "LIMITED", "errors": [
///             {"error_code": 141014, "error_description": "The payment method has expired.", "possible_solution": "Add another."}
///         ]}
///     ]}
/// }}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let details = client.phone_number_details().await?;
/// assert_eq!((details.status(), details.name_status()), (Some("CONNECTED"), Some("APPROVED")));
/// assert_eq!(details.verified_name(), Some("The Shoe Shop"));
/// assert_eq!((details.quality_rating(), details.quality_score()), (Some("YELLOW"), Some("YELLOW")));
/// assert_eq!(details.messaging_limit().unwrap().as_str(), "TIER_10K");
/// assert_eq!(details.throughput_level(), Some("STANDARD"));
///
/// assert_eq!(details.can_send_message(), Some(Availability::Limited));
/// assert_eq!(details.can_receive_call(), Some(Availability::Available));
/// let problem = &details.problems()[0];
/// assert_eq!((problem.entity_type, problem.code), (Some("WABA"), Some(141_014)));
/// assert_eq!(details.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PhoneNumberDetails {
    response: Response,
}

/// Whether something works. What it is called on the wire is in [`as_str`](Self::as_str).
///
/// ```
/// use kaleyra_wa_client::Availability;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"health_status":{"can_send_message":"PAUSED"}}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// match client.phone_number_details().await?.can_send_message() {
///     Some(Availability::Available) => println!("it can send"),
///     Some(other) => assert_eq!(other.as_str(), "PAUSED"), // a word that this version does not know
///     None => println!("the response does not say"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Availability {
    /// It does: `AVAILABLE`, or `true`.
    Available,
    /// With limits: `LIMITED`.
    Limited,
    /// It does not: `BLOCKED`, or `false`.
    Blocked,
    /// A value that this version does not know.
    Unknown(String),
}

/// What is wrong with a number, or with the account, business or app that it belongs to.
///
/// For an example see [`PhoneNumberDetails`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberProblem<'a> {
    /// What it is wrong with, such as `PHONE_NUMBER` or `WABA`.
    pub entity_type: Option<&'a str>,
    /// Meta's code.
    pub code: Option<i64>,
    /// What is wrong.
    pub description: Option<&'a str>,
    /// What to do about it.
    pub solution: Option<&'a str>,
}

impl GetPhoneNumberDetails {
    async fn read(self) -> Result<PhoneNumberDetails, Error> {
        let call = ENDPOINT.call(self.client.account(), Body::empty());
        let reply = self.client.ask(&ENDPOINT, call).await?;
        let response = reply.into_success()?;
        Ok(PhoneNumberDetails { response })
    }
}

impl IntoFuture for GetPhoneNumberDetails {
    type Output = Result<PhoneNumberDetails, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let account = self.client.account().clone();
            observe::observed(account.base_url(), &ENDPOINT, self.read()).await
        })
    }
}

impl PhoneNumberDetails {
    /// How users rate the messages of this number: `GREEN`, `YELLOW`, `RED`, or `UNKNOWN`.
    pub fn quality_rating(&self) -> Option<&str> {
        self.text("quality_rating").or_else(|| self.quality_score())
    }

    /// The same under Meta's newer name, `quality_score.score`.
    pub fn quality_score(&self) -> Option<&str> {
        let score = self.find("quality_score")?;
        score.as_str().or_else(|| score.get("score")?.as_str())
    }

    /// How many users the business may write to first in 24 hours.
    pub fn messaging_limit(&self) -> Option<MessagingLimit> {
        let names = ["messaging_limit_tier", "messaging_limit"];
        let tier = names.iter().find_map(|name| self.text(name))?;
        Some(MessagingLimit::from(tier))
    }

    /// How many messages a second it can send: `STANDARD` are 80, `HIGH` are 1,000.
    pub fn throughput_level(&self) -> Option<&str> {
        let throughput = self.find("throughput")?;
        throughput
            .as_str()
            .or_else(|| throughput.get("level")?.as_str())
            .or_else(|| self.text("throughput_level"))
    }

    /// What state the number is in, such as `CONNECTED`, `FLAGGED` or `RESTRICTED`.
    pub fn status(&self) -> Option<&str> {
        self.text("status")
    }

    /// What became of the review of the name, such as `APPROVED`.
    pub fn name_status(&self) -> Option<&str> {
        self.text("name_status")
    }

    /// The name that users see.
    pub fn verified_name(&self) -> Option<&str> {
        self.text("verified_name")
    }

    /// Whether it can send messages.
    pub fn can_send_message(&self) -> Option<Availability> {
        Availability::of(self.find("can_send_message")?)
    }

    /// Whether it can be called.
    pub fn can_receive_call(&self) -> Option<Availability> {
        let names = ["can_receive_call", "can_receive_call_sip"];
        Availability::of(names.iter().find_map(|name| self.find(name))?)
    }

    /// Problems of the number, or of what it belongs to.
    pub fn problems(&self) -> Vec<NumberProblem<'_>> {
        let Some(data) = &self.response.data else {
            return Vec::new();
        };
        let entities = find(data, "entities").and_then(Value::as_array);
        let entities: Vec<&Value> = match entities {
            Some(entities) => entities.iter().collect(),
            None => vec![data],
        };
        let problems = entities.into_iter().flat_map(|entity| {
            let entity_type = find(entity, "entity_type").and_then(Value::as_str);
            errors(entity)
                .into_iter()
                .map(move |error| NumberProblem::of(entity_type, error))
        });
        problems.collect()
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }

    fn find(&self, name: &str) -> Option<&Value> {
        find(self.response.data.as_ref()?, name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.find(name)?.as_str().filter(|text| !text.is_empty())
    }
}

/// The errors of an entity: in a list of their own, or the fields of one beside the others.
fn errors(entity: &Value) -> Vec<&Value> {
    match find(entity, "errors").and_then(Value::as_array) {
        Some(errors) => errors.iter().collect(),
        None if find(entity, "error_description").is_some() => vec![entity],
        None => Vec::new(),
    }
}

impl<'a> NumberProblem<'a> {
    fn of(entity_type: Option<&'a str>, error: &'a Value) -> Self {
        let text = |name| find(error, name).and_then(Value::as_str);
        let code = find(error, "error_code");
        Self {
            entity_type,
            code: code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok())),
            description: text("error_description"),
            solution: text("possible_solution"),
        }
    }
}

impl Availability {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(true) => Self::Available,
            Value::Bool(false) => Self::Blocked,
            Value::String(word) => match word.to_ascii_uppercase().as_str() {
                "" => return None,
                "AVAILABLE" | "TRUE" => Self::Available,
                "LIMITED" => Self::Limited,
                "BLOCKED" | "FALSE" => Self::Blocked,
                _ => Self::Unknown(word.clone()),
            },
            _ => return None,
        })
    }

    /// The word for it on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Limited => "LIMITED",
            Self::Blocked => "BLOCKED",
            Self::Unknown(word) => word,
        }
    }
}

impl fmt::Debug for PhoneNumberDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneNumberDetails")
            .field("quality_rating", &self.quality_rating())
            .field("messaging_limit", &self.messaging_limit())
            .field("throughput_level", &self.throughput_level())
            .field("status", &self.status())
            .field("can_send_message", &self.can_send_message())
            .finish_non_exhaustive()
    }
}
