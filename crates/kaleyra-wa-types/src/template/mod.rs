//! Templates as they are defined: what is submitted for approval, and what a send must fit.
//!
//! What is *sent* is a [`Template`](crate::outbound::template::Template): a name, a language and values. What it is
//! filled into is a [`TemplateDefinition`]:
//!
//! ```text
//! TemplateDefinition            name, language, category; status and quality, once it was submitted
//! └─ components                 HEADER, BODY, FOOTER, BUTTONS, LIMITED_TIME_OFFER, CAROUSEL, …
//!    ├─ buttons                 QUICK_REPLY, URL, OTP, FLOW, …
//!    └─ cards                   each has components of its own
//! ```
//!
//! ```
//! use kaleyra_wa_types::outbound::template::{Button, Template};
//! use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
//!
//! let definition = TemplateDefinition::utility("parcel_ready", "en_US")
//!     .body("Hello {{1}}, your parcel waits at {{2}} until Friday.", ["Anna", "Main Street"])
//!     .button(ButtonDefinition::url("Track", "https://example.com/t/{{1}}").example("https://example.com/t/A17"));
//! assert!(definition.validate().is_empty());
//!
//! // Half of all failed sends: a value too few, a button that was forgotten.
//! let wrong = Template::new("parcel_ready", "en_US").body(["Asha"]);
//! let codes: Vec<i64> = definition.check(&wrong).iter().map(|mismatch| mismatch.code).collect();
//! assert_eq!(codes, [132000, 131008]);
//!
//! // Made from the definition it can't be wrong.
//! let message = definition.message().values(["Asha", "Park Lane"]).button(0, "B4").build()?;
//! assert_eq!(definition.render(&message).body, "Hello Asha, your parcel waits at Park Lane until Friday.");
//! # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
//! ```
//!
//! Kaleyra passes definitions through to Meta: each limit names its page.

mod advice;
mod button;
mod card;
mod check;
mod component;
mod definition;
mod differences;
mod languages;
mod message;
mod reading;
mod render;
mod submission;
mod unknown_values;
mod validate;
mod variables;

pub use button::{ButtonDefinition, ButtonKind, OtpType, SupportedApp};
pub use card::CardDefinition;
pub use check::{Mismatch, TemplateMismatch};
pub use component::{
    ComponentDefinition, ComponentKind, Example, HeaderFormat, NamedExample, OfferDefinition,
};
pub use definition::{ParameterFormat, TemplateDefinition};
pub use differences::Difference;
pub use message::{CardMessage, TemplateMessage};
pub use render::{Rendered, RenderedButton, RenderedHeader};
pub use variables::variables;

pub use crate::inbound::field::{
    QualityScore, TemplateCategory, TemplateId, TemplateReason, TemplateStatus,
};
