//! What became of a payment.

use serde_json::Value;

use super::ErrorCode;
use crate::UnknownFields;
use crate::UnknownText;
use crate::wire::LooseText;
use crate::{Number, OrderReferenceId, Timestamp};
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// The payment of an order that the business asked for in the chat. Ask the payment provider before shipping: Meta
/// itself says that this alone is no proof.
///
/// Source: Meta's *payments* (India); Kaleyra's *WhatsApp Payments Webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Payment {
    /// The reference that the business gave the order.
    pub reference_id: Option<OrderReferenceId>,
    /// What is to be paid.
    pub amount: Option<PaymentAmount>,
    /// The currency, by its three letters.
    pub currency: Option<String>,
    /// The latest try to pay.
    pub transaction: Option<Transaction>,
    /// The receipt's number.
    pub receipt: Option<String>,
    /// What the business gave the order beside, for itself: names and texts.
    pub notes: Option<Value>,
    /// What was paid back.
    pub refunds: Vec<Refund>,
    /// Why it failed.
    pub error: Option<PaymentError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One try to pay.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Transaction {
    /// The provider's id of it.
    pub id: Option<TransactionId>,
    /// The provider.
    #[wire(name = "type")]
    pub kind: Option<PaymentProvider>,
    /// What became of it.
    pub status: Option<TransactionStatus>,
    /// When it began.
    pub created_timestamp: Option<Timestamp>,
    /// When it last changed.
    pub updated_timestamp: Option<Timestamp>,
    /// What was paid.
    pub amount: Option<PaymentAmount>,
    /// The currency, by its three letters.
    pub currency: Option<String>,
    /// How it was paid, as the provider tells it.
    pub method: Option<Value>,
    /// Why it failed.
    pub error: Option<PaymentError>,
    /// What was paid back.
    pub refunds: Vec<Refund>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Money that was paid back.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Refund {
    /// The provider's id of it.
    pub id: Option<TransactionId>,
    /// What was paid back.
    pub amount: Option<PaymentAmount>,
    /// How fast, such as `normal` or `instant`.
    pub speed_processed: Option<String>,
    /// What became of it, such as `pending`, `completed` or `failed`.
    pub status: Option<String>,
    /// When it began.
    pub created_timestamp: Option<Timestamp>,
    /// When it last changed.
    pub updated_timestamp: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An amount of money in whole numbers: `value` divided by `offset`, so 450 by 100 are 4.50.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentAmount {
    /// The amount in the smallest units.
    pub value: Option<Number>,
    /// How many of them make one.
    pub offset: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Why a payment failed.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentError {
    /// The provider's code.
    pub code: Option<ErrorCode>,
    /// The same for people.
    pub reason: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A payment provider's id of a payment or a refund.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TransactionId(LooseText);

/// Who handles a payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PaymentProvider {
    /// `billdesk`. `BillDesk`.
    Billdesk,
    /// `payu`. `PayU`.
    Payu,
    /// `razorpay`. Razorpay.
    Razorpay,
    /// `upi`. UPI, from bank to bank.
    Upi,
    /// `zaakpay`. Zaakpay.
    Zaakpay,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// What became of a try to pay.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum TransactionStatus {
    /// `failed`. It failed; another try may follow.
    Failed,
    /// `pending`. It is not known yet.
    Pending,
    /// `success`. It was paid.
    Success,
    /// A text that this version does not know.
    Unknown(UnknownText),
}
