//! What became of an order.

use super::ActionName;
use super::action::{check_name, require_parameters};
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::outbound::order::OrderUpdate;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// What became of an order that was sent before.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::OrderStatusMessage;
    /// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
    ///
    /// let update = OrderUpdate::new("order-17", OrderStatus::Shipped).description("Arrives on Monday");
    /// let message = OrderStatusMessage::new("Your cups are on their way.", update);
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(message))?["action"],
    ///     serde_json::json!({
    ///         "name": "review_order",
    ///         "parameters": {
    ///             "reference_id": "order-17",
    ///             "order": {"status": "shipped", "description": "Arrives on Monday"},
    ///         },
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Interactive Order Status Message*; Meta's pages on payments in India and Brazil.
    pub struct OrderStatusMessage(OrderStatusAction) { footer }
}

/// The action of `order_status`.
///
/// For an example see [`OrderStatusMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderStatusAction {
    /// Always `review_order`.
    pub name: Option<ActionName>,
    /// Which order, and what became of it.
    pub parameters: Option<OrderUpdate>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl OrderStatusMessage {
    /// What the message says, 1 to 1024 characters, and what became of which order.
    pub fn new(body: impl Into<String>, update: OrderUpdate) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: OrderStatusAction {
                name: Some(ActionName::ReviewOrder),
                parameters: Some(update),
                unknown: Default::default(),
            },
        }
    }
}

impl Validate for OrderStatusAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "review_order", check);
        match &self.parameters {
            Some(update) => update.check(&mut check.member("parameters")),
            None => require_parameters(check),
        }
    }
}
