//! A callback: what Kaleyra posts when a user writes and when something becomes of a message.
//!
//! ```text
//! Callback                                  one POST
//! ├─ meta_object: MetaObject                what Meta said
//! │  ├─ field                               "messages", or one of many others
//! │  └─ value: ChangeValue
//! │     ├─ metadata, contacts[]             the business number; who the users are
//! │     ├─ messages[]: Decoded<Message>     what users wrote
//! │     ├─ statuses[]: Decoded<Status>      what became of messages
//! │     ├─ errors[]:   Decoded<MetaError>
//! │     ├─ user_actions[]: Decoded<UserAction>  what users did with marketing messages
//! │     └─ any other list                   each element is an event, kept as it came
//! ├─ extra_info: CallbackExtraInfo          what Kaleyra adds: media_url, ref, reply_to, …
//! └─ status, message_id, code, reason       Kaleyra's own word on a message
//! ```
//!
//! [`Callback::events`] walks all of it, one [`Event`] at a time; [`Event::key`] tells a repeated one. [`Progress`] puts the
//! statuses of one message together. What Kaleyra sends as a `GET` is read by [`Callback::from_query`]. A test makes its own:
//! [`Callback::new`], [`Message::text`], [`Status::failed`].
//!
//! ```
//! use kaleyra_wa_types::inbound::{Callback, Event, MessageContent};
//!
//! let callback = Callback::from_slice(
//!     br#"{"meta_object":{"field":"messages","value":{
//!         "messages":[{"id":"wamid.A","from":"919800000001","type":"interactive",
//!             "interactive":{"type":"list_reply","list_reply":{"id":"friday","title":"Friday"}}}],
//!         "statuses":[{"id":"1","status":"failed","recipient_id":"919800000002","errors":[{"code":131047}]}]
//!     }}}"#,
//! )?;
//! for event in callback.events() {
//!     match event {
//!         // Text, a button's payload, a list's id: what a bot decides on.
//!         Event::Message(message) => {
//!             assert_eq!(message.content.payload(), Some("friday"));
//!             let _answer_goes_to = message.reply_address();
//!         }
//!         Event::Status(status) => {
//!             let class = status.errors[0].class(); // transient, wait, fix first, never
//!             assert!(class.is_some());
//!         }
//!         other => println!("{} {}", other.kind(), other.type_name()),
//!     }
//! }
//! # Ok::<(), kaleyra_wa_types::DecodeError>(())
//! ```

mod build;
mod contact;
mod content;
mod conversation_context;
mod decoded;
mod edit;
mod elements;
mod envelope;
mod error;
mod event;
mod event_key;
pub mod field;
mod flat;
mod history_context;
mod identity;
mod interactive;
mod location;
mod media;
mod message;
mod meta_object;
mod nfm_reply;
mod number_quality;
mod order;
mod party;
mod payment;
mod pricing;
mod progress;
mod query;
mod recognition;
mod referral;
mod root;
mod status;
mod status_name;
mod system;
mod unsupported;
mod user_action;
mod walk;

pub use contact::{Contact, Profile};
pub use content::{Button, MessageContent, Payload, Reaction, Text};
pub use conversation_context::{
    ConversationContext, ConversationContextType, ConversationHistory, ConversationItem,
    ConversationSummary, ConversationText,
};
pub use decoded::{Decoded, Malformed};
pub use edit::{Edit, EditedMessage, Revoke};
pub use elements::{Elements, HasEvents};
pub use envelope::Entry;
pub use error::{ErrorCode, ErrorData, MetaError};
pub use event::{Event, EventKind, KaleyraStatus, MalformedPart, UnknownElement};
pub use event_key::EventKey;
pub use field::FieldChange;
pub use history_context::{HistoryContext, HistoryStatus};
pub use identity::Identity;
pub use interactive::{
    ButtonReply, CallPermission, CallPermissionReply, CallPermissionSource, CredentialId,
    Interactive, InteractiveReply, ListReply, PaymentMethod, ReplyId,
};
pub use location::Location;
pub use media::{Audio, Document, Image, Media, Sticker, Video, Voice};
pub use message::{Context, GroupId, LogicalId, Mention, MentionedUser, Message, NoReplyAddress};
pub use meta_object::{ChangeValue, DisplayPhoneNumber, Field, MetaObject, Metadata};
pub use nfm_reply::{NfmName, NfmReply};
pub use number_quality::NumberQuality;
pub use order::{Order, ProductItem, ReferredProduct};
pub use party::Party;
pub use payment::{
    Payment, PaymentAmount, PaymentError, PaymentProvider, Refund, Transaction, TransactionId,
    TransactionStatus,
};
pub use pricing::{
    Conversation, ConversationId, ConversationOrigin, OriginType, Pricing, PricingCategory,
    PricingModel, PricingType,
};
pub use progress::{Progress, Stage};
pub use referral::{Referral, ReferralMedia, ReferralSource, ReferralSourceId, WelcomeMessage};
pub use root::Callback;
pub use status::{Status, StatusMessage, StatusType};
pub use status_name::StatusName;
pub use system::{System, SystemType};
pub use unsupported::{LegacyUnsupported, RequestWelcome, Unsupported, UnsupportedType};
pub use user_action::{ClickId, LinkClick, UserAction, UserActionType};
