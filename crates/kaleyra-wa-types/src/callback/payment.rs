//! What became of a payment.

use serde_json::Value;

use super::ErrorCode;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;
use crate::{Number, OrderReferenceId, Timestamp};

wire_object! {
    /// The payment of an order that the business asked for in the chat. Ask the payment provider before shipping: Meta
    /// itself says that this alone is no proof.
    ///
    /// Source: Meta's *payments* (India); Kaleyra's *WhatsApp Payments Webhook*.
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
        /// What was paid back.
        pub refunds: Vec<Refund>,
        /// Why it failed.
        pub error: Option<PaymentError>,
    }
}

wire_object! {
    /// One try to pay.
    pub struct Transaction {
        /// The provider's id of it.
        pub id: Option<TransactionId>,
        /// The provider.
        pub kind as "type": Option<PaymentProvider>,
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
    }
}

wire_object! {
    /// Money that was paid back.
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
    }
}

wire_object! {
    /// An amount of money in whole numbers: `value` divided by `offset`, so 450 by 100 are 4.50.
    pub struct PaymentAmount {
        /// The amount in the smallest units.
        pub value: Option<Number>,
        /// How many of them make one.
        pub offset: Option<Number>,
    }
}

wire_object! {
    /// Why a payment failed.
    pub struct PaymentError {
        /// The provider's code.
        pub code: Option<ErrorCode>,
        /// The same for people.
        pub reason: Option<String>,
    }
}

deserialize_object!(Payment, PaymentAmount, PaymentError, Refund, Transaction);

opaque! {
    /// A payment provider's id of a payment or a refund.
    pub struct TransactionId
}

open_set! {
    /// Who handles a payment.
    pub enum PaymentProvider {
        /// `BillDesk`.
        Billdesk = "billdesk",
        /// `PayU`.
        Payu = "payu",
        /// Razorpay.
        Razorpay = "razorpay",
        /// UPI, from bank to bank.
        Upi = "upi",
        /// Zaakpay.
        Zaakpay = "zaakpay",
    }
}

open_set! {
    /// What became of a try to pay.
    pub enum TransactionStatus {
        /// It failed; another try may follow.
        Failed = "failed",
        /// It is not known yet.
        Pending = "pending",
        /// It was paid.
        Success = "success",
    }
}
