//! Orders: what is bought, how it can be paid, and what became of it. For `order_details` and `order_status`, in interactive
//! messages and in templates.
//!
//! ```
//! use kaleyra_wa_types::outbound::order::{Amount, Currency, Order, OrderDetails, OrderItem, OrderType, PaymentGateway};
//!
//! let order = Order::new([OrderItem::new("Blue cup", Amount::hundredths(25_000), 2)])
//!     .tax(Amount::hundredths(2_500))
//!     .discount(Amount::hundredths(1_000).description("For regulars"));
//! let details = OrderDetails::new("order-17", OrderType::PhysicalGoods, Currency::Inr, order)
//!     .payment_setting(PaymentGateway::new("razorpay", "shop"));
//! // 2 × 250.00 + 25.00 − 10.00
//! assert_eq!(details.total_amount, Some(Amount::hundredths(51_500)));
//! ```

mod amount;
mod details;
mod item;
mod payment;
mod update;

pub use amount::Amount;
pub use details::{Beneficiary, Currency, OrderDetails, OrderType, ShippingInfo};
pub use item::{Expiration, ImporterAddress, Order, OrderItem};
pub use payment::{
    Boleto, GatewayName, OffsiteCardPay, PaymentGateway, PaymentLink, PaymentMethod,
    PaymentSetting, PixDynamicCode, PixKey, PixKeyType, UpiIntentLink,
};
pub use update::{OrderState, OrderStatus, OrderUpdate};
