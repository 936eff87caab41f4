//! Messages with something to tap: buttons, lists, flows, products, payments.
//!
//! Each kind has a builder that offers what the kind allows and nothing else, and becomes a message's content by itself:
//!
//! ```
//! use kaleyra_wa_types::Recipient;
//! use kaleyra_wa_types::outbound::MessagingObject;
//! use kaleyra_wa_types::outbound::interactive::ReplyButtons;
//!
//! let question = ReplyButtons::new("Shall we book it?")
//!     .button("yes", "Yes")
//!     .button("no", "No")
//!     .footer("Free until Friday");
//! let message = MessagingObject::new(Recipient::try_from("+919800000001")?, question);
//! assert_eq!(message.content.type_name(), "interactive");
//! # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
//! ```
//!
//! | builder | `interactive.type` | what the user gets |
//! | --- | --- | --- |
//! | [`ReplyButtons`] | `button` | up to three buttons that response |
//! | [`List`] | `list` | a menu of up to ten rows |
//! | [`CtaUrl`] | `cta_url` | a button that opens a web page |
//! | [`LocationRequest`] | `location_request_message` | a button that sends where the user is |
//! | [`AddressMessage`] | `address_message` | a form for a postal address |
//! | [`FlowMessage`] | `flow` | a form of the business's own |
//! | [`SingleProduct`] | `product` | a product of the catalog |
//! | [`MultiProduct`] | `product_list` | up to 30 products, in sections |
//! | [`CatalogMessage`] | `catalog_message` | the whole catalog |
//! | [`MediaCarousel`] | `carousel` | 2 to 10 cards with an image or video and buttons |
//! | [`ProductCarousel`] | `carousel` | 2 to 10 cards with a product each |
//! | [`CallPermissionRequest`] | `call_permission_request` | the question whether the business may call |
//! | [`VoiceCall`] | `voice_call` | a button that calls the business |
//! | [`ContactInfoRequest`] | `request_contact_info` | a button that shares the user's number |
//! | [`OrderDetailsMessage`] | `order_details` | an order, to review and pay |
//! | [`OrderStatusMessage`] | `order_status` | what became of an order |
//!
//! What a builder makes is an [`Interactive`]: the object on the wire, every field of it in reach.

mod action;
mod address;
mod builder;
mod button;
mod call;
mod carousel;
mod catalog_message;
mod contact_info;
mod cta_url;
mod flow;
mod list;
mod location_request;
mod object;
mod order_details;
mod order_status;
mod parts;
mod product;
mod product_list;
mod validate;

pub use action::{Action, ActionName};
pub use address::{
    AddressAction, AddressErrors, AddressMessage, AddressParameters, AddressValues, SavedAddress,
};
pub use button::{ButtonAction, Reply, ReplyButton, ReplyButtonKind, ReplyButtons};
pub use call::{
    CallPermissionAction, CallPermissionRequest, VoiceCall, VoiceCallAction, VoiceCallParameters,
};
pub use carousel::{
    Card, CardAction, CardButton, CardButtonKind, CardType, CarouselAction, MediaCard,
    MediaCarousel, ProductCarousel, QuickReply,
};
pub use catalog_message::{CatalogAction, CatalogMessage, CatalogParameters};
pub use contact_info::{ContactInfoAction, ContactInfoRequest};
pub use cta_url::{CtaUrl, CtaUrlAction, CtaUrlParameters};
pub use flow::{
    FlowAction, FlowActionPayload, FlowMessage, FlowMessageVersion, FlowMode, FlowOpening,
    FlowParameters,
};
pub use list::{List, ListAction, Row, Section};
pub use location_request::{LocationRequest, LocationRequestAction};
pub use object::Interactive;
pub use order_details::{OrderDetailsAction, OrderDetailsMessage};
pub use order_status::{OrderStatusAction, OrderStatusMessage};
pub use parts::{Body, CardHeader, Footer, Header, HeaderContent};
pub use product::{ProductAction, SingleProduct};
pub(in crate::outbound) use product_list::check_sections;
pub use product_list::{MultiProduct, ProductItem, ProductListAction, ProductSection};
