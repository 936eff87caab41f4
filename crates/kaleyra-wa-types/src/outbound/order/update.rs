//! What became of an order.

use super::OrderDetails;
use super::details::check_reference;
use crate::OrderReferenceId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What became of an order: the parameters of `order_status`, and the parameter of that name of a template.
///
/// A status that can't follow the one before fails with the code 2046, an unknown order with 2047.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
///
/// let update = OrderUpdate::new("order-17", OrderStatus::Shipped).description("Arrives on Monday");
/// assert_eq!(
///     serde_json::to_value(&update)?,
///     serde_json::json!({
///         "reference_id": "order-17",
///         "order": {"status": "shipped", "description": "Arrives on Monday"},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on payments in India and Brazil.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderUpdate {
    /// The business's own id of the order, as in its [`OrderDetails`].
    pub reference_id: OrderReferenceId,
    /// What became of it.
    pub order: Option<OrderState>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The state of an order.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
///
/// let update: OrderUpdate = serde_json::from_str(r#"{"reference_id": "order-17", "order": {"status": "completed"}}"#)?;
/// let state = update.order.as_ref();
/// assert_eq!(state.and_then(|state| state.status.as_ref()), Some(&OrderStatus::Completed));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderState {
    /// The state.
    pub status: Option<OrderStatus>,
    /// What the user reads about it, at most 120 characters.
    pub description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The state of an order, `order.status`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
///
/// assert_eq!(OrderStatus::PartiallyShipped.as_str(), "partially_shipped");
/// assert_eq!(OrderUpdate::new("order-17", "shipped"), OrderUpdate::new("order-17", OrderStatus::Shipped));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum OrderStatus {
    /// `canceled`. It was cancelled.
    Canceled,
    /// `completed`. It is done.
    Completed,
    /// `partially_shipped`. Part of it has been shipped.
    PartiallyShipped,
    /// `pending`. It is waiting for payment.
    Pending,
    /// `processing`. It is being processed.
    Processing,
    /// `shipped`. It has been shipped.
    Shipped,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl OrderUpdate {
    /// The maximum number of characters in a description.
    pub const DESCRIPTION_MAX: usize = 120;

    /// The order with this reference has this status now.
    pub fn new(reference_id: impl Into<OrderReferenceId>, status: impl Into<OrderStatus>) -> Self {
        Self {
            reference_id: reference_id.into(),
            order: Some(OrderState {
                status: Some(status.into()),
                description: None,
                unknown: Default::default(),
            }),
            unknown: Default::default(),
        }
    }

    /// What the user reads about it, at most 120 characters.
    ///
    /// For an example see [`OrderUpdate`].
    pub fn description(mut self, description: impl Into<String>) -> Self {
        if let Some(order) = &mut self.order {
            order.description = Some(description.into());
        }
        self
    }
}

impl Validate for OrderUpdate {
    fn check(&self, check: &mut Check<'_>) {
        check_reference(
            self.reference_id.as_str(),
            OrderDetails::REFERENCE_MAX,
            &mut check.member("reference_id"),
        );
        let mut check = check.member("order");
        let state = self.order.as_ref();
        if state.and_then(|state| state.status.as_ref()).is_none() {
            check
                .member("status")
                .report(Rule::Required("an update says the status"));
        }
        if let Some(description) = state.and_then(|state| state.description.as_deref()) {
            check
                .member("description")
                .length(description, 0, Self::DESCRIPTION_MAX);
        }
    }
}
