//! Serde models of Kaleyra's WhatsApp Business API V2: what a business sends, what Kaleyra responds, what it calls back.
//!
//! This crate does no I/O and knows no runtime: depend on it alone to store, route or test payloads.
//!
//! | module | what | where it goes |
//! | --- | --- | --- |
//! | [`outbound`] | a message to send | inside a [`SendRequest`], `POST /v2/<SID>/whatsapp/<sender>/messages` |
//! | [`extra_info`] | references and tracing | beside it, and in callbacks |
//! | [`response`] | `{code, message, data, error}` | the response to every call |
//! | [`inbound`] | what users wrote, what became of messages | `POST` to the business |
//! | [`contacts`] | address book entries | in messages, either way |
//! | [`error_code`] | what error codes mean, and when the same request may work | in answers and statuses |
//! | [`template`] | what a template is: made, validated, compared with a send, rendered | to and from template management |
//! | [`text`] | texts cut, flattened, or made from Markdown, so that WhatsApp takes them | into messages |
//! | [`handling`] | what a client tells whoever runs the handler that uses it | nowhere: it stays in the process |
//!
//! # Reading
//!
//! ```
//! use kaleyra_wa_types::inbound::{Callback, Event};
//!
//! let body = br#"{"meta_object":{"value":{"messages":[
//!     {"id":"wamid.A","from":"919800000001","type":"text","text":{"body":"Is it in stock?"}},
//!     {"id":"wamid.B","from":"919800000001","type":"hologram","hologram":{"depth":3}}
//! ]},"field":"messages"}}"#;
//! let callback = Callback::from_slice(body)?;
//! let types: Vec<&str> = callback.events().map(|event| event.type_name()).collect();
//! assert_eq!(types, ["text", "hologram"]); // a type from the future is data, not an error
//! # Ok::<(), kaleyra_wa_types::DecodeError>(())
//! ```
//!
//! # Writing
//!
//! ```
//! use kaleyra_wa_types::outbound::{Image, MessagingObject};
//! use kaleyra_wa_types::{Recipient, SendRequest};
//!
//! let image = Image::link("https://example.com/shoe.png").caption("The blue one");
//! let request = SendRequest::new(MessagingObject::new(Recipient::try_from("+919800000001")?, image));
//! assert!(request.violations().is_empty());
//! let body: Vec<u8> = request.to_vec();
//! # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
//! ```
//!
//! # What every model keeps to
//!
//! * **Tolerant.** No field of a callback is mandatory: one that is missing is `None`, an empty list or, for a message's `id`
//!   and a text's `body`, empty.
//! * **Lossless.** What is read is written back equal as JSON: unknown fields are in `unknown`, `null`, `""` and `[]` in
//!   an optional field read as absent and are written back as they came.
//!   A number is what `serde_json` makes of it: beyond 64 bits it is rounded, `1.10` becomes `1.1`. Keep the bytes where
//!   that matters.
//! * **Open.** A type, status, code or field that is new is a value (`Unknown`), never an error.
//! * **Isolated.** An element that has another shape than documented is
//!   [`Malformed`](inbound::Malformed), with its path, beside its healthy siblings.
//! * **Discreet.** Phone numbers, user ids and message ids are masked in `Debug`; no error repeats what it could not read.

mod decode;
mod ids;
mod media_kind;
mod phone_number;
mod recipient;
mod recognition;
mod request;
mod same_person;
mod setters;
mod text_or_object;
mod timestamp;
mod validate;
mod web_link;
mod wire;

pub mod contacts;
pub mod error_code;
pub mod extra_info;
pub mod handling;
pub mod inbound;
pub mod outbound;
pub mod response;
pub mod template;
pub mod text;

pub use decode::DecodeError;
pub use ids::{
    CatalogId, FlowId, KaleyraMessageId, MediaId, MessageId, OrderReferenceId, PhoneNumberId,
    ProductRetailerId, ReplyToId, TraceId, UserId, WaId, WabaId,
};
pub use media_kind::MediaKind;
pub use phone_number::{InvalidPhoneNumber, PhoneNumber};
pub use recipient::{Recipient, ToAndUser, UncheckedRecipient};
pub use recognition::Recognition;
pub use request::SendRequest;
pub use same_person::{person_key, same_person};
pub use text_or_object::TextOrObject;
pub use timestamp::Timestamp;
pub use validate::{Rule, Violation};
pub use wire::loose_text::UnknownText;
pub use wire::number::Number;
pub use wire::raw_json::RawJson;
pub use wire::unknown_body::UnknownBody;
pub use wire::unknown_fields::UnknownFields;
