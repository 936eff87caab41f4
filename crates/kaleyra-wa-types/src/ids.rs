//! The ids on the wire. They are opaque: which of them equal each other is undocumented, so they never convert into each other.

use crate::wire::LooseText;
use kaleyra_wa_derive::StringId;

/// The id of a catalog at Meta, `catalog_id`.
///
/// ```
/// use kaleyra_wa_types::CatalogId;
/// use kaleyra_wa_types::inbound::Order;
///
/// let order: Order = serde_json::from_str(r#"{"catalog_id": "400000000000001", "product_items": []}"#)?;
/// assert_eq!(order.catalog_id, Some(CatalogId::from("400000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct CatalogId(LooseText);

/// The id of a flow at Meta, `flow_id`.
///
/// ```
/// use kaleyra_wa_types::FlowId;
/// use kaleyra_wa_types::inbound::field::Flows;
///
/// let update: Flows = serde_json::from_str(r#"{"event": "FLOW_STATUS_CHANGE", "flow_id": 400000000000001}"#)?;
/// assert_eq!(update.flow_id, Some(FlowId::from("400000000000001"))); // a number is the same id
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct FlowId(LooseText);

/// The id that Kaleyra's response to a send carries in `data.message_id` (sample: `AXXXXXXXXXXXXXXXXXXX`).
///
/// No page says which field of a later callback equals it. The reliable correlation of a send with its callbacks is
/// the [reference](crate::extra_info::ExtraInfo::reference) that the sender gives.
///
/// ```
/// use kaleyra_wa_types::KaleyraMessageId;
/// use kaleyra_wa_types::response::Response;
///
/// let response = Response::from_slice(br#"{"code": "WA202", "data": {"message_id": "AX1"}, "error": {}}"#)?;
/// assert_eq!(response.message_id(), Some(KaleyraMessageId::from("AX1")));
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// Source: *Send Reply to Messages*, success response.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct KaleyraMessageId(LooseText);

/// The id of a file: from an upload (valid 30 days) or inside a callback (valid 7 days).
///
/// ```
/// use kaleyra_wa_types::inbound::Message;
/// use kaleyra_wa_types::outbound::Image;
///
/// let message: Message = serde_json::from_str(
///     r#"{"from": "919800000001", "id": "wamid.A", "type": "image", "image": {"id": "1700000000001"}}"#,
/// )?;
/// let id = message.content.media().and_then(|media| media.id).ok_or("no file")?;
/// let again = Image::id(id); // sends the same file, while the id is valid
/// assert_eq!(serde_json::to_string(&again)?, r#"{"id":"1700000000001"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Send Media Messages*; lifetimes by Meta's media pages.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct MediaId(LooseText);

/// WhatsApp's id of a message, its *wamid* (sample: `wamid.HBgMOTE5…`): what a reply quotes and a reaction points at.
///
/// A wamid holds the user's number in base64, so it is personal data.
///
/// ```
/// use kaleyra_wa_types::MessageId;
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(
///     r#"{"from": "919800000001", "id": "wamid.HBgM01", "type": "text", "text": {"body": "Hi"}}"#,
/// )?;
/// assert_eq!(message.id, MessageId::from("wamid.HBgM01")); // what a reply is a reply to
/// assert_eq!(format!("{:?}", message.id), "MessageId(…01)"); // safe to log
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Reply - Media Message*, `messages[].id`.
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct MessageId(LooseText);

/// The business's own id of an order, `reference_id`: what its payment and its status are found by.
///
/// It has nothing to do with the [reference](crate::extra_info::ExtraInfo::reference) of a send.
///
/// ```
/// use kaleyra_wa_types::OrderReferenceId;
/// use kaleyra_wa_types::inbound::Payment;
///
/// let payment: Payment = serde_json::from_str(r#"{"reference_id": "order-17"}"#)?;
/// assert_eq!(payment.reference_id, Some(OrderReferenceId::from("order-17")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on payments in India and Brazil.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct OrderReferenceId(LooseText);

/// The id of a business number at Meta, `metadata.phone_number_id`.
///
/// ```
/// use kaleyra_wa_types::PhoneNumberId;
/// use kaleyra_wa_types::inbound::Metadata;
///
/// let number: Metadata =
///     serde_json::from_str(r#"{"display_phone_number": "15550000001", "phone_number_id": "400000000000001"}"#)?;
/// assert_eq!(number.phone_number_id, Some(PhoneNumberId::from("400000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct PhoneNumberId(LooseText);

/// The id of a product in a catalog, `product_retailer_id`: the seller's own, its SKU.
///
/// ```
/// use kaleyra_wa_types::ProductRetailerId;
/// use kaleyra_wa_types::inbound::ProductItem;
///
/// let item: ProductItem = serde_json::from_str(r#"{"product_retailer_id": "cup-blue", "quantity": 2}"#)?;
/// assert_eq!(item.product_retailer_id, Some(ProductRetailerId::from("cup-blue")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ProductRetailerId(LooseText);

/// Kaleyra's id of the message that an end user replies to, `extra_info.reply_to` (sample: a UUID).
///
/// ```
/// use kaleyra_wa_types::ReplyToId;
/// use kaleyra_wa_types::extra_info::CallbackExtraInfo;
///
/// let extra_info: CallbackExtraInfo = serde_json::from_str(r#"{"reply_to": "0c1f9c2e-0000-4000-8000-000000000001"}"#)?;
/// assert_eq!(extra_info.reply_to, Some(ReplyToId::from("0c1f9c2e-0000-4000-8000-000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Reply - Media Message*, table of `extra_info`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ReplyToId(LooseText);

/// Kaleyra's id for tracing a callback, `extra_info.trace_id`: which its support asks for.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"extra_info": {"trace_id": "trace-1"}}"#)?;
/// if let Some(trace) = callback.extra_info.as_ref().and_then(|extra| extra.trace_id.as_ref()) {
///     assert_eq!(trace.as_str(), "trace-1"); // log it: it is nobody's secret
/// }
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TraceId(LooseText);

/// A WhatsApp user without a phone number: a business-scoped user id such as `US.13491208655302741918`.
///
/// ```
/// use kaleyra_wa_types::{Recipient, UserId};
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(
///     r#"{"from_user_id": "US.13491208655302741918", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}"#,
/// )?;
/// let user = message.from_user_id.clone().ok_or("not said")?;
/// assert_eq!(user, UserId::from("US.13491208655302741918"));
/// assert_eq!(message.reply_address()?, Recipient::from(user)); // a reply goes to it as to a number
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's pages on business-scoped user ids (2026).
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct UserId(LooseText);

/// A WhatsApp user's number as WhatsApp writes it: digits with the country code, no `+`.
///
/// It comes from the wire and is not checked; make a [`PhoneNumber`](crate::PhoneNumber) of it to send to it.
///
/// ```
/// use kaleyra_wa_types::{PhoneNumber, WaId};
///
/// let from = WaId::from("919800000001"); // as a callback has it
/// assert_eq!(PhoneNumber::try_from(&from)?.as_str(), "+919800000001");
/// assert_eq!(format!("{from:?}"), "WaId(…01)"); // safe to log
/// assert!(PhoneNumber::try_from(&WaId::from("91XXXXXXXXXX")).is_err());
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct WaId(LooseText);

/// The id of a WhatsApp Business Account.
///
/// ```
/// use kaleyra_wa_types::WabaId;
/// use kaleyra_wa_types::extra_info::CallbackExtraInfo;
///
/// let extra_info: CallbackExtraInfo = serde_json::from_str(r#"{"waba_id": "400000000000001"}"#)?;
/// assert_eq!(extra_info.waba_id, Some(WabaId::from("400000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct WabaId(LooseText);
