//! The content of messages, built by hand.

use serde_json::Value;

use super::made;
use crate::extra_info::{CallbackExtraInfo, Reference};
use crate::inbound::{
    Audio, Button, ButtonReply, CallPermission, CallPermissionReply, CallPermissionSource,
    CredentialId, Document, Edit, EditedMessage, Identity, Image, Interactive, InteractiveReply,
    LegacyUnsupported, ListReply, Location, MessageContent, NfmName, NfmReply, Order, Payload,
    PaymentMethod, ProductItem, Reaction, Referral, ReferralMedia, ReferralSource,
    ReferralSourceId, ReplyId, RequestWelcome, Revoke, Sticker, System, SystemType, Text,
    Unsupported, UnsupportedType, Video, Voice,
};
use crate::wire::Wire;
use crate::{
    CatalogId, MediaId, MessageId, Number, OrderReferenceId, ProductRetailerId, ReplyToId,
    TextOrObject, Timestamp, TraceId, UserId, WaId, WabaId,
};

/// Makes constructors of what the type can't do without.
macro_rules! new {
    ($( $(#[$meta:meta])* $name:ident { $( $field:ident : $type:ty ),+ $(,)? } )+) => { $(
        impl $name {
            $(#[$meta])*
            pub fn new($( $field: impl Into<$type> ),+) -> Self {
                Self { $( $field: Some($field.into()), )+ ..Self::empty() }
            }
        }
    )+ };
}

new! {
    /// A tap on a template's quick reply: its payload and its label.
    Button { payload: Payload, text: String }
    /// An emoji on this message.
    Reaction { message_id: MessageId, emoji: String }
    /// The audio file with this id.
    Audio { id: MediaId }
    /// The document with this id.
    Document { id: MediaId }
    /// The image with this id.
    Image { id: MediaId }
    /// The sticker with this id.
    Sticker { id: MediaId }
    /// The video with this id.
    Video { id: MediaId }
    /// The voice note with this id.
    Voice { id: MediaId }
    /// The place at this latitude and longitude.
    Location { latitude: Number, longitude: Number }
    /// A tap on a reply button: its id and its label.
    ButtonReply { id: ReplyId, title: String }
    /// A row picked in a list: its id and its title.
    ListReply { id: ReplyId, title: String }
    /// Whether the business may call.
    CallPermissionReply { response: CallPermission }
    /// How the user wants to pay.
    PaymentMethod { payment_method: String }
    /// A product of a basket: which, how many, the price of one, and its currency.
    ProductItem { product_retailer_id: ProductRetailerId, quantity: Number, item_price: Number, currency: String }
    /// The deletion of this message.
    Revoke { original_message_id: MessageId }
    /// Something that the API has no type for, of this kind.
    Unsupported { kind: UnsupportedType }
    /// The state of a user's identity.
    Identity { hash: String }
}

made! {
    Audio { mime_type: String, sha256: String, url: String, voice: bool }
    Document { mime_type: String, sha256: String, url: String, caption: String, filename: String }
    Image { mime_type: String, sha256: String, url: String, caption: String }
    Sticker { mime_type: String, sha256: String, url: String, animated: bool }
    Video { mime_type: String, sha256: String, url: String, caption: String }
    Voice { mime_type: String, sha256: String, url: String, file: String }
    Location { name: String, address: String, url: String }
    ListReply { description: String }
    CallPermissionReply { is_permanent: bool, expiration_timestamp: Timestamp, response_source: CallPermissionSource }
    PaymentMethod {
        payment_timestamp: Timestamp, reference_id: OrderReferenceId, last_four_digits: String,
        credential_id: CredentialId,
    }
    Order { text: String }
    Identity { acknowledged: bool, created_timestamp: Timestamp }
    LegacyUnsupported: new {}
    RequestWelcome: new {}
    System {
        body: String, wa_id: WaId, new_wa_id: WaId, customer: WaId, user_id: UserId, parent_user_id: UserId,
        previous_user_id: UserId,
    }
    Referral: new {
        source_url: String, source_id: ReferralSourceId, source_type: ReferralSource, headline: String, body: String,
        media_type: ReferralMedia, image_url: String, video_url: String, thumbnail_url: String, ctwa_clid: String,
    }
    CallbackExtraInfo {
        media_url: String, message_id: MessageId, reference: Reference, reference1: Reference, reference2: Reference,
        reply_to: ReplyToId, trace_id: TraceId, waba_id: WabaId,
    }
}

impl CallbackExtraInfo {
    /// An empty one.
    ///
    /// ```
    /// use kaleyra_wa_types::extra_info::CallbackExtraInfo;
    /// use kaleyra_wa_types::inbound::{Callback, Image, Message};
    ///
    /// let callback = Callback::from(Message::new("919800000001", Image::new("1700000000001")))
    ///     .extra_info(CallbackExtraInfo::new().media_url("https://example.com/1.jpg"));
    /// let url = callback.extra_info.as_ref().and_then(|extra| extra.media_url.as_deref());
    /// assert_eq!(url, Some("https://example.com/1.jpg"));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }
}

impl Text {
    /// What the user wrote.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, Text};
    ///
    /// let message = Message::new("919800000001", Text::new("Hi"));
    /// assert_eq!(message.content, "Hi".into()); // a string is a text
    /// ```
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            unknown: Default::default(),
        }
    }
}

impl Reaction {
    /// The removal of a reaction to this message.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, Reaction};
    ///
    /// let removal = Reaction::removal("wamid.A");
    /// assert!(removal.is_removal());
    /// let message = Message::new("919800000001", removal);
    /// assert_eq!(message.replies_to().map(|id| id.as_str()), Some("wamid.A"));
    /// ```
    pub fn removal(message_id: impl Into<MessageId>) -> Self {
        Self {
            message_id: Some(message_id.into()),
            ..Self::empty()
        }
    }
}

impl Order {
    /// A basket from this catalog.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, Order, ProductItem};
    ///
    /// let cups = ProductItem::new("cup-blue", 2, 450.5, "INR");
    /// let message = Message::new("919800000001", Order::new("400000000000001", [cups]).text("Gift wrap, please"));
    /// assert_eq!(message.content.text(), Some("Gift wrap, please"));
    /// ```
    pub fn new(
        catalog_id: impl Into<CatalogId>,
        product_items: impl IntoIterator<Item = ProductItem>,
    ) -> Self {
        Self {
            catalog_id: Some(catalog_id.into()),
            product_items: product_items.into_iter().collect(),
            ..Self::empty()
        }
    }
}

impl NfmReply {
    /// A filled-in form: which kind, and what the user filled in.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, NfmName, NfmReply};
    /// use serde_json::json;
    ///
    /// let form = NfmReply::new(NfmName::Flow, &json!({"flow_token": "visit-17", "day": "Monday"}));
    /// assert_eq!(form.response()?["day"], "Monday");
    /// let message = Message::new("919800000001", form);
    /// # let _ = message;
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn new(name: impl Into<NfmName>, response: &Value) -> Self {
        Self {
            name: Some(name.into()),
            body: Some("Sent".to_owned()),
            response_json: Some(response.to_string()),
            ..Self::empty()
        }
    }
}

impl Edit {
    /// The edit of a message, and its new content.
    ///
    /// For an example see [`Edit`].
    pub fn new(
        original_message_id: impl Into<MessageId>,
        content: impl Into<MessageContent>,
    ) -> Self {
        Self {
            original_message_id: Some(original_message_id.into()),
            message: Some(Box::new(EditedMessage {
                context: None,
                content: content.into(),
                unknown: Default::default(),
            })),
            ..Self::empty()
        }
    }
}

impl System {
    /// A change of this kind.
    ///
    /// For an example see [`System`].
    pub fn new(kind: impl Into<SystemType>) -> Self {
        Self {
            kind: Some(TextOrObject::Text(kind.into())),
            ..Self::empty()
        }
    }
}

impl<R: Into<InteractiveReply>> From<R> for Interactive {
    fn from(reply: R) -> Self {
        Self {
            reply: reply.into(),
            unknown: Default::default(),
        }
    }
}

/// Turns a reply into the content of a message, and what may be missing, too.
macro_rules! content {
    ($( $type:ty => $variant:ident: $wrap:expr ),+ $(,)?) => { $(
        impl From<$type> for MessageContent {
            fn from(content: $type) -> Self {
                Self::$variant($wrap(content))
            }
        }
    )+ };
}

content!(
    ButtonReply => Interactive: Interactive::from,
    ListReply => Interactive: Interactive::from,
    NfmReply => Interactive: Interactive::from,
    CallPermissionReply => Interactive: Interactive::from,
    PaymentMethod => Interactive: Interactive::from,
    InteractiveReply => Interactive: Interactive::from,
    System => System: Box::new,
    LegacyUnsupported => LegacyUnsupported: Some,
    RequestWelcome => RequestWelcome: Some,
    Unsupported => Unsupported: Some,
);

impl From<&str> for MessageContent {
    fn from(text: &str) -> Self {
        Self::Text(Text::new(text))
    }
}
