//! What a user picked or filled in: answers to buttons, lists, flows and requests.

use serde_json::Value;

use super::NfmReply;
use crate::wire::group::body_set;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;
use crate::{OrderReferenceId, Timestamp};

wire_object! {
    /// An answer to an interactive message.
    ///
    /// Source: *Interactive - List Reply Message*, *Interactive - Address Message*; Meta's *interactive messages*.
    pub struct Interactive {
        ;
        /// What was answered: `type`, and the member that it names.
        pub reply: ..InteractiveReply = "",
    }
}

body_set! {
    /// What a user answered: `type`, and the member that it names.
    pub enum InteractiveReply {
        /// A tap on a reply button.
        ButtonReply(ButtonReply) = "button_reply",
        /// Whether the business may call.
        CallPermissionReply(CallPermissionReply) = "call_permission_reply",
        /// The row picked in a list.
        ListReply(ListReply) = "list_reply",
        /// A filled-in form: a flow, an address.
        NfmReply(NfmReply) = "nfm_reply",
        /// How the user wants to pay, or paid.
        PaymentMethod(PaymentMethod) = "payment_method",
        /// News of a payment, as Indian payment partners get it. No page documents its members.
        PaymentNotification(Option<Value>) = "payment_notification",
    }
}

wire_object! {
    /// A tap on a reply button.
    pub struct ButtonReply {
        /// What the sender put behind the button, at most 256 characters.
        pub id: Option<ReplyId>,
        /// What stands on the button, at most 20 characters.
        pub title: Option<String>,
    }
}

wire_object! {
    /// The row that was picked in a list.
    pub struct ListReply {
        /// What the sender put behind the row, at most 200 characters.
        pub id: Option<ReplyId>,
        /// What stands in the row, at most 24 characters.
        pub title: Option<String>,
        /// What stands below it, at most 72 characters.
        pub description: Option<String>,
    }
}

wire_object! {
    /// Whether the business may call the user.
    ///
    /// Source: Meta's *call permission requests*.
    pub struct CallPermissionReply {
        /// Yes or no.
        pub response: Option<CallPermission>,
        /// Whether the permission holds until it is withdrawn.
        pub is_permanent: Option<bool>,
        /// Until when it holds. It comes as a text or a number, and is missing where it is permanent or refused.
        pub expiration_timestamp: Option<Timestamp>,
        /// What gave the answer.
        pub response_source: Option<CallPermissionSource>,
    }
}

wire_object! {
    /// How a user wants to pay, or paid.
    ///
    /// No page documents it; the members are those of a public library's recordings.
    pub struct PaymentMethod {
        /// The kind of payment, such as `credit_card`.
        pub payment_method: Option<String>,
        /// When the user paid.
        pub payment_timestamp: Option<Timestamp>,
        /// The reference that the business gave the order.
        pub reference_id: Option<OrderReferenceId>,
        /// The end of the card's number.
        pub last_four_digits: Option<String>,
        /// The id of the stored card.
        pub credential_id: Option<CredentialId>,
    }
}

deserialize_object!(
    ButtonReply,
    CallPermissionReply,
    Interactive,
    ListReply,
    PaymentMethod,
);

opaque! {
    /// What a business put behind a reply button or a row of a list.
    text struct ReplyId
}

opaque! {
    /// The id of a stored card.
    pub struct CredentialId
}

open_set! {
    /// Whether a user lets the business call.
    pub enum CallPermission {
        /// Yes.
        Accept = "accept",
        /// No.
        Reject = "reject",
    }
}

open_set! {
    /// What gave a permission to call.
    pub enum CallPermissionSource {
        /// The user answered.
        UserAction = "user_action",
        /// The user called, which permits calling back.
        Automatic = "automatic",
    }
}
