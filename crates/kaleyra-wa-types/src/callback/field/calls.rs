//! `calls`: voice calls between users and a business number.

use super::view::{Faults, View, all_known};
use super::{CallId, Elements};
use crate::callback::{Audio, Contact, Document, MetaError, Metadata, Status};
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Number, OneOrMany, Timestamp, UserId, WaId};

wire_object! {
    /// Calls, and what became of them.
    ///
    /// Source: Meta's *Calling API* reference, webhooks.
    pub struct Calls {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that is called or calls.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// What happened to calls.
        pub calls: Elements<Call>,
        /// What became of calls that the business made (`RINGING`, `ACCEPTED`, `REJECTED`).
        pub statuses: Elements<Status>,
        /// Why a call failed.
        pub errors: Elements<MetaError>,
    }
}

wire_object! {
    /// What happened to a call.
    pub struct Call {
        /// The call.
        pub id: Option<CallId>,
        /// Who calls; missing where the user hides the number.
        pub from: Option<WaId>,
        /// The business-scoped id of the user who calls.
        pub from_user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub from_parent_user_id: Option<UserId>,
        /// Who is called; missing where the user hides the number.
        pub to: Option<WaId>,
        /// The business-scoped id of the user who is called.
        pub to_user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub to_parent_user_id: Option<UserId>,
        /// What happened.
        pub event: Option<CallEvent>,
        /// When.
        pub timestamp: Option<Timestamp>,
        /// Who began it.
        pub direction: Option<CallDirection>,
        /// What both sides need to hear each other.
        pub session: Option<CallSession>,
        /// How it ended. A text, or in one sample an array of texts.
        pub status: OneOrMany<CallStatus>,
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
    }
}

wire_object! {
    /// One side's offer or answer for the sound.
    pub struct CallSession {
        /// `offer` or `answer`.
        pub sdp_type: Option<String>,
        /// The session description, by RFC 8866.
        pub sdp: Option<String>,
    }
}

wire_object! {
    /// The recording of a call.
    pub struct CallRecording {
        /// Always `audio`.
        pub kind as "type": Option<String>,
        /// The file.
        pub audio: Option<Audio>,
    }
}

wire_object! {
    /// The transcript of a call.
    pub struct CallTranscript {
        /// The kind of file.
        pub kind as "type": Option<String>,
        /// The file, in JSON.
        pub document: Option<Document>,
    }
}

deserialize_object!(Call, CallRecording, CallSession, CallTranscript, Calls);

open_set! {
    /// What happened to a call.
    pub enum CallEvent {
        /// A call was set up.
        CallCreated = "call_created",
        /// The recording can be fetched.
        CallRecordingAvailable = "call_recording_available",
        /// The transcript can be fetched.
        CallTranscriptionAvailable = "call_transcription_available",
        /// It is ready to be connected: `session`.
        Connect = "connect",
        /// It ended.
        Terminate = "terminate",
    }
}

open_set! {
    /// Who began a call.
    pub enum CallDirection {
        /// The business.
        BusinessInitiated = "BUSINESS_INITIATED",
        /// The user.
        UserInitiated = "USER_INITIATED",
    }
}

open_set! {
    /// How a call ended. Some of Meta's samples write it in other cases, which are unknown texts: see
    /// [`Call::has_failed`].
    pub enum CallStatus {
        /// Both sides could talk.
        Completed = "COMPLETED",
        /// It did not come about.
        Failed = "FAILED",
    }
}

impl Call {
    /// Whether it ended without having come about; in whatever case that is written.
    pub fn has_failed(&self) -> bool {
        let mut statuses = self.status.iter();
        statuses.any(|status| status.as_str().eq_ignore_ascii_case("FAILED"))
    }
}

impl View for Calls {
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

impl View for Call {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(CallEvent::Unknown(_)))
    }
}

impl View for Contact {}
impl View for MetaError {}
impl View for Status {}
