//! The ids on the wire. They are opaque: which of them equal each other is undocumented, so they never mix.

use crate::wire::LooseText;
use kaleyra_wa_derive::StringId;

/// The id of a catalog at Meta, `catalog_id`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct CatalogId(LooseText);

/// The id of a flow at Meta, `flow_id`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct FlowId(LooseText);

/// The id that Kaleyra's response to a send carries in `data.message_id` (sample: `AXXXXXXXXXXXXXXXXXXX`).
///
/// No page says which field of a later callback equals it. The sure correlation of a send with its callbacks is
/// the [reference](crate::extra_info::ExtraInfo::reference) that the sender gives.
///
/// Source: *Send Reply to Messages*, success response.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct KaleyraMessageId(LooseText);

/// The id of a file: from an upload (valid 30 days) or inside a callback (valid 7 days).
///
/// Source: *Send Media Messages*; lifetimes by Meta's media pages.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct MediaId(LooseText);

/// WhatsApp's id of a message, its *wamid* (sample: `wamid.HBgMOTE5…`): what a reply quotes and a reaction points at.
///
/// A wamid holds the user's number in base64, so it is personal data.
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
/// Source: Meta's pages on payments in India and Brazil.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct OrderReferenceId(LooseText);

/// The id of a business number at Meta, `metadata.phone_number_id`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct PhoneNumberId(LooseText);

/// The id of a product in a catalog, `product_retailer_id`: the seller's own, its SKU.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ProductRetailerId(LooseText);

/// Kaleyra's id of the message that an end user replies to, `extra_info.reply_to` (sample: a UUID).
///
/// Source: *Reply - Media Message*, table of `extra_info`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ReplyToId(LooseText);

/// Kaleyra's id for tracing a callback, `extra_info.trace_id`: what its support asks for.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TraceId(LooseText);

/// A WhatsApp user without a phone number: a business-scoped user id such as `US.13491208655302741918`.
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
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct WaId(LooseText);

/// The id of a WhatsApp Business Account.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct WabaId(LooseText);
