//! An order, to review and pay.

use super::ActionName;
use super::action::{check_name, require_parameters};
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::outbound::Image;
use crate::outbound::order::OrderDetails;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// An order, with a button to review and pay it; in India and Brazil.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::OrderDetailsMessage;
    /// use kaleyra_wa_types::outbound::order::{Amount, Currency, Order, OrderDetails, OrderItem, OrderType, PaymentLink};
    /// use kaleyra_wa_types::outbound::{Image, Interactive};
    ///
    /// let order = Order::new([OrderItem::new("Blue cup", Amount::hundredths(20_000), 2)]).tax(Amount::hundredths(2_000));
    /// let details = OrderDetails::new("order-17", OrderType::PhysicalGoods, Currency::Brl, order)
    ///     .payment_setting(PaymentLink::new("https://example.com/pay/17"));
    /// let message = OrderDetailsMessage::new("Your order", details)
    ///     .header(Image::link("https://example.com/cups.png"))
    ///     .footer("Thank you");
    /// let action = &serde_json::to_value(Interactive::from(message))?["action"];
    /// assert_eq!(action["name"], "review_and_pay");
    /// assert_eq!(action["parameters"]["total_amount"], serde_json::json!({"value": 42000, "offset": 100}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Meta's pages on payments in India and Brazil.
    pub struct OrderDetailsMessage(OrderDetailsAction) { footer }
}

/// The action of `order_details`.
///
/// For an example see [`OrderDetailsMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderDetailsAction {
    /// Always `review_and_pay`.
    pub name: Option<ActionName>,
    /// The order, and how it can be paid.
    pub parameters: Option<Box<OrderDetails>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl OrderDetailsMessage {
    /// What the message says, 1 to 1024 characters, and the order.
    pub fn new(body: impl Into<String>, order: OrderDetails) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: OrderDetailsAction {
                name: Some(ActionName::ReviewAndPay),
                parameters: Some(Box::new(order)),
                unknown: Default::default(),
            },
        }
    }

    /// The image above the body; the first product's where it is missing.
    pub fn header(mut self, image: Image) -> Self {
        self.frame.header = Some(image.into());
        self
    }
}

impl Validate for OrderDetailsAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "review_and_pay", check);
        match &self.parameters {
            Some(order) => order.check(&mut check.member("parameters")),
            None => require_parameters(check),
        }
    }
}
