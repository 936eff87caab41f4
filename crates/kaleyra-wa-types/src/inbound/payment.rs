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
/// ```
/// use kaleyra_wa_types::inbound::{PaymentProvider, Status, StatusType, TransactionStatus};
///
/// let status: Status = serde_json::from_str(r#"{"id": "wamid.A", "status": "captured", "type": "payment",
///     "payment": {"reference_id": "order-17", "amount": {"value": 45050, "offset": 100}, "currency": "INR",
///         "transaction": {"id": "payment-1", "type": "razorpay", "status": "success"}}}"#)?;
/// assert_eq!(status.kind, Some(StatusType::Payment));
/// let payment = status.payment.ok_or("about something else")?;
/// assert_eq!(payment.reference_id.as_ref().map(|order| order.as_str()), Some("order-17"));
///
/// let amount = payment.amount.ok_or("not said")?;
/// let (value, offset) = amount.value.zip(amount.offset).ok_or("not said")?;
/// assert_eq!((value.as_i64(), offset.as_i64()), (Some(45050), Some(100))); // ₹ 450.50
///
/// let attempt = payment.transaction.ok_or("none yet")?;
/// assert_eq!(attempt.kind, Some(PaymentProvider::Razorpay));
/// assert_eq!(attempt.status, Some(TransactionStatus::Success));
/// assert_eq!(attempt.id.as_ref().map(|id| id.as_str()), Some("payment-1")); // to ask the provider about
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The latest attempt to pay.
    pub transaction: Option<Transaction>,
    /// The receipt's number.
    pub receipt: Option<String>,
    /// Notes that the business attached to the order for itself: names and values.
    pub notes: Option<Value>,
    /// What was paid back.
    pub refunds: Vec<Refund>,
    /// Why it failed.
    pub error: Option<PaymentError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One attempt to pay.
///
/// For an example see [`Payment`].
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
    /// How it was paid, as the provider reports it.
    pub method: Option<Value>,
    /// Why it failed.
    pub error: Option<PaymentError>,
    /// What was paid back.
    pub refunds: Vec<Refund>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Money that was paid back.
///
/// ```
/// use kaleyra_wa_types::inbound::Payment;
///
/// let payment: Payment = serde_json::from_str(r#"{"reference_id": "order-17", "refunds": [
///     {"id": "refund-1", "amount": {"value": 45050, "offset": 100}, "speed_processed": "normal", "status": "completed"}
/// ]}"#)?;
/// let refund = &payment.refunds[0];
/// assert_eq!(refund.status.as_deref(), Some("completed"));
/// assert_eq!(refund.amount.as_ref().and_then(|amount| amount.value.as_ref()?.as_i64()), Some(45050));
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// For an example see [`Payment`].
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
///
/// ```
/// use kaleyra_wa_types::inbound::{Transaction, TransactionStatus};
///
/// let attempt: Transaction = serde_json::from_str(r#"{"id": "payment-1", "type": "upi", "status": "failed",
///     "error": {"code": "declined", "reason": "The bank said no"}}"#)?;
/// assert_eq!(attempt.status, Some(TransactionStatus::Failed)); // another may follow
/// let error = attempt.error.ok_or("not said")?;
/// assert_eq!(error.code.as_ref().map(|code| code.as_str()), Some("declined"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentError {
    /// The provider's code.
    pub code: Option<ErrorCode>,
    /// The same in human-readable form.
    pub reason: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A payment provider's id of a payment or a refund.
///
/// For an example see [`Payment`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TransactionId(LooseText);

/// Who handles a payment.
///
/// For an example see [`Payment`].
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
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What became of an attempt to pay.
///
/// For an example see [`Payment`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum TransactionStatus {
    /// `failed`. It failed; another attempt may follow.
    Failed,
    /// `pending`. It is not known yet.
    Pending,
    /// `success`. It was paid.
    Success,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
