//! Changes about something else than messages: the account, templates, numbers, calls, groups, history, …
//!
//! Such a change is [`Event::Field`](super::Event::Field). It is stored as it came; [`MetaObject::change`](super::MetaObject::change) gives a typed view
//! of it, made on demand since such changes are rare. Each view is the change's `value`, named after its `field`.
//!
//! ```
//! use kaleyra_wa_types::inbound::field::{FieldChange, TemplateStatus};
//! use kaleyra_wa_types::inbound::{Callback, Event};
//!
//! let callback = Callback::from_slice(br#"{"meta_object": {"field": "message_template_status_update", "value": {
//!     "event": "PAUSED", "message_template_id": 400000000000001, "message_template_name": "spring_offer"
//! }}}"#)?;
//! for event in callback.events() {
//!     let Event::Field(change) = event else { continue };
//!     let FieldChange::MessageTemplateStatusUpdate(update) = change.change() else { continue };
//!     assert_eq!(update.event, Some(TemplateStatus::Paused));
//!     assert_eq!(update.message_template_name.as_deref(), Some("spring_offer"));
//! }
//! # Ok::<(), kaleyra_wa_types::DecodeError>(())
//! ```

mod account;
mod alerts;
mod automatic_events;
mod business;
mod calls;
mod change;
mod flows;
mod groups;
mod history;
mod ids;
mod partner_solutions;
mod payments;
mod phone_number;
mod preferences;
mod routing;
mod settings;
mod smb;
mod template;
mod template_status;
mod view;

pub use account::{
    AccountEvent, AccountUpdate, AuthInternationalRateEligibility, BanInfo, DisconnectionInfo,
    ExceptionCountry, LockInfo, PartnerClientCertificationInfo,
    PartnerClientCertificationNeededInfo, RestrictionInfo, ViolationInfo, VolumeTierInfo,
    WabaBanState, WabaInfo,
};
pub use alerts::{
    AccountAlerts, AlertEntityType, AlertInfo, AlertSeverity, AlertStatus, AlertType,
};
pub use automatic_events::{AutomaticEvent, AutomaticEventName, AutomaticEvents, PurchaseData};
pub use business::{
    AccountReviewUpdate, BusinessCapabilityUpdate, BusinessUsernameUpdate, MessagingLimit,
    ReviewDecision, UsernameStatus,
};
pub use calls::{
    Call, CallConnection, CallDirection, CallEvent, CallRecording, CallSession, CallStatus,
    CallTranscript, Calls,
};
pub use change::FieldChange;
pub use flows::{FlowAlertState, FlowError, FlowEvent, FlowStatus, Flows};
pub use groups::{
    GroupChange, GroupPicture, GroupText, GroupUpdate, Groups, Participant, ParticipantFault,
};
pub use history::{History, HistoryChunk, HistoryMetadata, Thread, ThreadContext};
pub use ids::{
    AppId, BusinessId, CallId, EntityId, JoinRequestId, RequestId, SolutionId, TemplateId,
};
pub use partner_solutions::{PartnerSolutions, SolutionEvent, SolutionStatus};
pub use payments::PaymentConfigurationUpdate;
pub use phone_number::{
    NameDecision, PhoneNumberNameUpdate, PhoneNumberQualityEvent, PhoneNumberQualityUpdate,
    Security, SecurityEvent,
};
pub use preferences::{
    Preference, UserIdChange, UserIdUpdate, UserIds, UserPreference, UserPreferences,
};
pub use routing::{
    Handover, HandoverEvent, HandoverOwner, HandoverRecipient, HandoverSender, HandoverType,
    MessagingHandovers, Standby, StandbyEcho, StandbyEvents,
};
pub use settings::{
    AccountSettingsUpdate, CallHours, CallingSettings, Holiday, OperatingHours,
    PhoneNumberSettings, SettingsType, Sip, SipServer, Switch,
};
pub use smb::{
    SmbAppStateSync, SmbMessageEchoes, StateSync, StateSyncAction, SyncMetadata, SyncedContact,
};
pub use template::{
    DisableInfo, MessageTemplateComponentsUpdate, MessageTemplateQualityUpdate,
    MessageTemplateStatusUpdate, OtherInfo, QualityScore, RejectionInfo, TemplateButton,
    TemplateCategory, TemplateCategoryUpdate, TemplateReason,
};
pub use template_status::TemplateStatus;
