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
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum OrderStatus {
    /// `canceled`. It is off.
    Canceled,
    /// `completed`. It is done.
    Completed,
    /// `partially_shipped`. Some of it is on its way.
    PartiallyShipped,
    /// `pending`. It waits for the payment.
    Pending,
    /// `processing`. It is worked on.
    Processing,
    /// `shipped`. It is on its way.
    Shipped,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

impl OrderUpdate {
    /// The most characters of a description.
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
