//! `calls`: voice calls between users and a business number.

use super::CallId;
use super::view::{Faults, TypedView, all_known};
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Decoded;
use crate::inbound::{Audio, Contact, Document, MetaError, Metadata, Status};
use crate::outbound::MessagingProduct;
use crate::{Number, Timestamp, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Calls, and what became of them.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{CallDirection, CallEvent, CallStatus, Calls};
///
/// let calls: Calls = serde_json::from_str(r#"{"calls": [{
///     "id": "wacid.A", "from": "919800000001", "to": "15550000001", "event": "terminate",
///     "direction": "USER_INITIATED", "status": "COMPLETED", "duration": 42
/// }]}"#)?;
/// let call = calls.calls[0].typed().ok_or("malformed")?;
/// assert_eq!(call.event, Some(CallEvent::Terminate));
/// assert_eq!(call.direction, Some(CallDirection::UserInitiated));
/// assert_eq!(call.status, [CallStatus::Completed]);
/// assert_eq!(call.duration.as_ref().and_then(|seconds| seconds.as_i64()), Some(42));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Calling API* reference, webhooks.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Calls {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number that is called or calls.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// What happened to calls.
    pub calls: Vec<Decoded<Call>>,
    /// What became of calls that the business made (`RINGING`, `ACCEPTED`, `REJECTED`).
    pub statuses: Vec<Decoded<Status>>,
    /// Why a call failed.
    pub errors: Vec<Decoded<MetaError>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to a call.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Call, CallEvent, CallStatus};
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.A", "event": "terminate", "status": ["Failed"],
///     "errors": [{"code": 138006, "title": "Call permission not granted"}]}"#)?;
/// assert_eq!(call.event, Some(CallEvent::Terminate));
/// assert_ne!(call.status, [CallStatus::Failed]); // in another case, so it is an unknown value …
/// assert!(call.has_failed()); // … that says the same
/// assert_eq!(call.errors[0].code.as_ref().map(|code| code.as_str()), Some("138006"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Call {
    /// The call.
    pub id: Option<CallId>,
    /// Who calls; missing where the number is hidden.
    pub from: Option<WaId>,
    /// The business-scoped id of the user who calls.
    pub from_user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub from_parent_user_id: Option<UserId>,
    /// Who is called; missing where the number is hidden.
    pub to: Option<WaId>,
    /// The business-scoped id of the user who is called.
    pub to_user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub to_parent_user_id: Option<UserId>,
    /// What happened.
    pub event: Option<CallEvent>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// Who began it.
    pub direction: Option<CallDirection>,
    /// What both sides need to hear each other.
    pub session: Option<CallSession>,
    /// The same, in the samples of calls that the business makes.
    pub connection: Option<CallConnection>,
    /// How it ended. A string, or in one sample an array of strings.
    pub status: Vec<CallStatus>,
    /// When it was taken; missing where nobody took it.
    pub start_time: Option<Timestamp>,
    /// When it ended; missing where nobody took it.
    pub end_time: Option<Timestamp>,
    /// How long it was, in seconds; missing where nobody took it.
    pub duration: Option<Number>,
    /// What the business gave when it called or answered, at most 512 characters.
    pub biz_opaque_callback_data: Option<String>,
    /// What the deep link carried that the user followed.
    pub deeplink_payload: Option<String>,
    /// What the call button carried that the user tapped.
    pub cta_payload: Option<String>,
    /// The recording.
    pub call_recording: Option<CallRecording>,
    /// The transcript.
    pub call_transcript: Option<CallTranscript>,
    /// Why it failed.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One side's SDP offer or answer.
///
/// ```
/// use kaleyra_wa_types::inbound::field::Call;
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.A", "event": "connect",
///     "session": {"sdp_type": "offer", "sdp": "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"}}"#)?;
/// let session = call.session.ok_or("no session")?;
/// assert_eq!(session.sdp_type.as_deref(), Some("offer")); // answered with the SDP of your side
/// assert!(session.sdp.is_some_and(|sdp| sdp.starts_with("v=0")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallSession {
    /// `offer` or `answer`.
    pub sdp_type: Option<String>,
    /// The session description, by RFC 8866.
    pub sdp: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What both sides need to hear each other, in the samples of calls that the business makes.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Call, CallSession};
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.A", "event": "connect",
///     "connection": {"webrtc": {"sdp": "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"}}}"#)?;
/// let answer: Option<&CallSession> = call.connection.as_ref().and_then(|connection| connection.webrtc.as_ref());
/// assert!(answer.and_then(|answer| answer.sdp.as_deref()).is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallConnection {
    /// The SDP answer.
    pub webrtc: Option<CallSession>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The recording of a call.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Call, CallEvent};
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.A", "event": "call_recording_available",
///     "call_recording": {"type": "audio", "audio": {"id": "1700000000001", "mime_type": "audio/ogg"}}}"#)?;
/// assert_eq!(call.event, Some(CallEvent::CallRecordingAvailable));
/// let file = call.call_recording.and_then(|recording| recording.audio).ok_or("no file")?;
/// assert_eq!(file.id.as_ref().map(|id| id.as_str()), Some("1700000000001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallRecording {
    /// Always `audio`.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// The file.
    pub audio: Option<Audio>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The transcript of a call.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Call, CallEvent};
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.A", "event": "call_transcription_available",
///     "call_transcript": {"type": "document", "document": {"id": "1700000000002", "mime_type": "application/json"}}}"#)?;
/// assert_eq!(call.event, Some(CallEvent::CallTranscriptionAvailable));
/// let file = call.call_transcript.and_then(|transcript| transcript.document).ok_or("no file")?;
/// assert_eq!(file.id.as_ref().map(|id| id.as_str()), Some("1700000000002"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallTranscript {
    /// The kind of file.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// The file, in JSON.
    pub document: Option<Document>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to a call.
///
/// For an example see [`Call`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallEvent {
    /// `call_created`. A call was set up.
    CallCreated,
    /// `call_recording_available`. The recording can be fetched.
    CallRecordingAvailable,
    /// `call_transcription_available`. The transcript can be fetched.
    CallTranscriptionAvailable,
    /// `connect`. It is ready to be connected: `session`.
    Connect,
    /// `terminate`. It ended.
    Terminate,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Who began a call.
///
/// For an example see [`Calls`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallDirection {
    /// `BUSINESS_INITIATED`. The business.
    #[wire(name = "BUSINESS_INITIATED")]
    BusinessInitiated,
    /// `USER_INITIATED`. The user.
    #[wire(name = "USER_INITIATED")]
    UserInitiated,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// How a call ended. Some of Meta's samples write it in other cases, which are unknown values: see
/// [`Call::has_failed`].
///
/// For an example see [`Calls`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallStatus {
    /// `COMPLETED`. Both sides could talk.
    #[wire(name = "COMPLETED")]
    Completed,
    /// `FAILED`. It was not established.
    #[wire(name = "FAILED")]
    Failed,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl Call {
    /// Whether it ended without being established, however the status is capitalised.
    pub fn has_failed(&self) -> bool {
        let mut statuses = self.status.iter();
        statuses.any(|status| status.as_str().eq_ignore_ascii_case("FAILED"))
    }
}

impl TypedView for Calls {
    fn is_known(&self) -> bool {
        all_known(&self.calls)
    }

    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("calls", &self.calls);
        faults.elements("statuses", &self.statuses);
        faults.elements("errors", &self.errors);
    }
}

impl TypedView for Call {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(CallEvent::Unknown(_)))
    }
}

impl TypedView for Contact {}
impl TypedView for MetaError {}
impl TypedView for Status {}
