//! Kaleyra's responses: the envelope `{code, message, data, error}` and the documented failures.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::KaleyraMessageId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::decode::{DecodeError, from_slice};
use crate::error_code::kaleyra::of_failure;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// The body of one of Kaleyra's responses, success or failure.
///
/// ```
/// use kaleyra_wa_types::response::{Code, ApiFailure, Response};
///
/// let accepted = Response::from_slice(
///     br#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#,
/// )?;
/// assert_eq!(accepted.message_id().unwrap().as_str(), "AX1");
///
/// // The same code stands for two faults; the field of `error` tells them apart.
/// let rejected = Response::from_slice(
///     br#"{"code":"WA-401","message":"API is not available","data":{},"error":{"account":"API is not available"}}"#,
/// )?;
/// assert_eq!(rejected.code, Some(Code::AccountOrVersion));
/// assert_eq!(rejected.failure(), Some(ApiFailure::AccountType));
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// Source: *Send Reply to Messages*, sample responses.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct Response {
    /// What happened, as a code.
    pub code: Option<Code>,
    /// The same in human-readable form.
    pub message: Option<String>,
    /// The result. An object, or an array (`[]` with `RBC001`).
    pub data: Option<Value>,
    /// What was wrong: a map from the faulty part to a string, `{}` on success.
    pub error: Option<Value>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The code of a response, or of a callback for a message that Kaleyra did not send.
///
/// ```
/// use kaleyra_wa_types::response::{Code, Response};
///
/// let response = Response::from_slice(br#"{"code": "E110", "message": "Low balance", "data": {}, "error": {}}"#)?;
/// let code = response.code.as_ref().ok_or("no code")?;
/// assert_eq!(*code, Code::LowBalance);
/// assert!(!code.is_success());
/// assert_eq!(code.meaning(), Some("the account's balance is too low"));
/// assert!(!Code::from("WA999").is_known()); // a code of tomorrow
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Code {
    /// `E110`. The balance is too low; HTTP 400.
    #[wire(name = "E110")]
    LowBalance,
    /// `RBC001`. Wrong SID or API key; HTTP 401.
    #[wire(name = "RBC001")]
    IncorrectCredentials,
    /// `WA200`. Processed, by the pages about templates; HTTP 200.
    #[wire(name = "WA200")]
    Processed,
    /// `WA202`. Accepted for sending; HTTP 202.
    #[wire(name = "WA202")]
    Accepted,
    /// `WA400`. The payload is incorrect; HTTP 400.
    #[wire(name = "WA400")]
    IncorrectPayload,
    /// `WA401`. The sender's number is not in the account; HTTP 401.
    #[wire(name = "WA401")]
    SenderNotInAccount,
    /// `WA-401`. The account may not use this API, **or** the number is on another version of it: see [`ApiFailure`]. HTTP 401.
    #[wire(name = "WA-401")]
    AccountOrVersion,
    /// `WA429`. Too many requests; HTTP 429. Only the pages about templates name it.
    #[wire(name = "WA429")]
    TooManyRequests,
    /// `WA500`. An internal error at Kaleyra; HTTP 500.
    #[wire(name = "WA500")]
    Internal,
    /// `WAV2101`. The account's daily limit is reached; seen in callbacks.
    #[wire(name = "WAV2101")]
    DailyLimit,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The seven failures that the send pages document.
///
/// ```
/// use kaleyra_wa_types::response::{ApiFailure, Response};
///
/// let response = Response::from_slice(br#"{"code": "E110", "message": "Low balance", "data": {}, "error": {}}"#)?;
/// assert_eq!(response.failure(), Some(ApiFailure::LowBalance));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Send Reply to Messages* and *Send Media Messages*, sample failure responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiFailure {
    /// `RBC001`, HTTP 401: the SID or the API key is wrong.
    IncorrectCredentials,
    /// `WA401`, HTTP 401: the sender's number is not in the account.
    SenderNotInAccount,
    /// `WA400`, HTTP 400: the payload is incorrect.
    IncorrectPayload,
    /// `WA500`, HTTP 500: an internal error at Kaleyra. Whether the message goes out is unknown.
    Internal,
    /// `E110`, HTTP 400: the balance is too low.
    LowBalance,
    /// `WA-401`, HTTP 401, with `error.account`: the account's type may not use this API.
    AccountType,
    /// `WA-401`, HTTP 401, with `error.phone_number`: the number is on another version of the API.
    ApiVersion,
}

impl Response {
    /// Reads the body of a response. A `message` that is not a string is unknown, and takes nothing else with it: what the rest says
    /// tells whether a message is on its way.
    ///
    /// # Errors
    ///
    /// When the bytes are not a JSON object in this shape, as a response of a gateway in between may be.
    ///
    /// ```
    /// use kaleyra_wa_types::response::Response;
    ///
    /// let page = Response::from_slice(b"<html>504 Gateway Timeout</html>");
    /// assert!(page.is_err()); // not Kaleyra's: whether the message went out is unknown
    /// ```
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        from_slice(body)
    }

    /// The id of the accepted message, `data.message_id`.
    pub fn message_id(&self) -> Option<KaleyraMessageId> {
        let id = self.data.as_ref()?.get("message_id")?;
        KaleyraMessageId::deserialize(id)
            .ok()
            .filter(|id| !id.as_str().is_empty())
    }

    /// What was wrong, by the faulty part: `("phone_number", "Phone number is not present …")`.
    ///
    /// ```
    /// use kaleyra_wa_types::response::Response;
    ///
    /// let response = Response::from_slice(
    ///     br#"{"code": "WA400", "message": "Refer to correct payload format", "data": {}, "error": {"payload": "to is missing"}}"#,
    /// )?;
    /// assert_eq!(response.error_details().collect::<Vec<_>>(), [("payload", "to is missing")]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn error_details(&self) -> impl Iterator<Item = (&str, &str)> {
        let details = self.error.as_ref().and_then(Value::as_object);
        details
            .into_iter()
            .flatten()
            .filter_map(|(part, text)| Some((part.as_str(), text.as_str()?)))
    }

    /// Which documented failure this is, if it is one.
    pub fn failure(&self) -> Option<ApiFailure> {
        let names = |part| self.error_details().any(|(name, _)| name == part);
        match self.code.as_ref()? {
            Code::IncorrectCredentials => Some(ApiFailure::IncorrectCredentials),
            Code::SenderNotInAccount => Some(ApiFailure::SenderNotInAccount),
            Code::IncorrectPayload => Some(ApiFailure::IncorrectPayload),
            Code::Internal => Some(ApiFailure::Internal),
            Code::LowBalance => Some(ApiFailure::LowBalance),
            Code::AccountOrVersion if names("account") => Some(ApiFailure::AccountType),
            Code::AccountOrVersion if names("phone_number") => Some(ApiFailure::ApiVersion),
            _ => None,
        }
    }

    /// The response to an accepted send, with status 202.
    ///
    /// ```
    /// use kaleyra_wa_types::KaleyraMessageId;
    /// use kaleyra_wa_types::response::{Code, Response};
    ///
    /// let response = Response::accepted(&KaleyraMessageId::from("AX1")); // for a double of the API
    /// assert_eq!(response.code, Some(Code::Accepted));
    /// assert_eq!(serde_json::to_value(&response)?["data"]["message_id"], "AX1");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn accepted(message_id: &KaleyraMessageId) -> Self {
        Self {
            code: Some(Code::Accepted),
            message: Some("Request Accepted".to_owned()),
            data: Some(json!({"message_id": message_id})),
            error: Some(json!({})),
            unknown: Default::default(),
        }
    }
}

impl ApiFailure {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 7] = [
        Self::IncorrectCredentials,
        Self::SenderNotInAccount,
        Self::IncorrectPayload,
        Self::Internal,
        Self::LowBalance,
        Self::AccountType,
        Self::ApiVersion,
    ];

    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        of_failure(self).status
    }

    /// Its code.
    pub fn code(self) -> Code {
        Code::from(of_failure(self).code)
    }

    /// What is wrong, in one sentence without a full stop.
    pub fn meaning(self) -> &'static str {
        of_failure(self).info.meaning
    }

    /// What to do about it, in one sentence without a full stop.
    pub fn advice(self) -> &'static str {
        of_failure(self).info.advice.unwrap_or_default()
    }

    /// The documented body of the response.
    ///
    /// ```
    /// use kaleyra_wa_types::response::ApiFailure;
    ///
    /// for failure in ApiFailure::ALL {
    ///     println!("HTTP {} {}: {}; {}", failure.status(), failure.code(), failure.meaning(), failure.advice());
    ///     assert_eq!(failure.response().failure(), Some(failure)); // the body that a double of the API responds with
    /// }
    /// assert_eq!(ApiFailure::LowBalance.status(), 400);
    /// ```
    pub fn response(self) -> Response {
        let (part, message) = match self {
            Self::IncorrectCredentials => ("error", "Incorrect SID or API key."),
            Self::SenderNotInAccount => (
                "phone_number",
                "Phone number is not present or does not belong to the account.",
            ),
            Self::IncorrectPayload => ("payload", "Refer to correct payload format"),
            Self::Internal => ("error", "Please try again later"),
            Self::LowBalance => (
                "balance",
                "Please check your balance, You have a low balance!",
            ),
            Self::AccountType => (
                "account",
                "API is not available for given customer.Please contact support for more info",
            ),
            Self::ApiVersion => (
                "phone_number",
                "The phone number you're using is associated with different Version of our WA API. \
                 Please use the appropriate endpoint.",
            ),
        };
        let detail = match self {
            Self::IncorrectPayload => "Incorrect payload format",
            Self::Internal => "Internal server error",
            _ => message,
        };
        Response {
            code: Some(self.code()),
            message: Some(message.to_owned()),
            data: Some(if self == Self::IncorrectCredentials {
                json!([])
            } else {
                json!({})
            }),
            error: Some(json!({part: detail})),
            unknown: Default::default(),
        }
    }
}
