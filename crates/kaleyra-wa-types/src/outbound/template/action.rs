//! What a template's button needs to know when it is tapped.

use serde_json::Value;

use crate::ProductRetailerId;
use crate::UnknownFields;
use crate::outbound::interactive::{ProductSection, check_sections};
use crate::outbound::order::OrderDetails;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

/// What a button needs to know when it is tapped; which fields count depends on the button.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Action, Button, Component, ParameterValue};
///
/// let button = Component::from(Button::from(Button::flow(0).token("booking-17")));
/// let ParameterValue::Action(action) = &button.parameters[0].value else { unreachable!() };
/// assert_eq!(action.flow_token.as_deref(), Some("booking-17"));
/// assert_eq!(Action::default().flow_token, None);
/// ```
///
/// Source: Meta's pages on templates with flow, catalog, multi-product and order details buttons.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct Action {
    /// Flow: what ties the flow's reply to this message. Meta sends `unused` where it is missing.
    pub flow_token: Option<String>,
    /// Flow: what the first screen starts with.
    pub flow_action_data: Option<Value>,
    /// Catalog and multi-product: the product whose picture is shown on the message; by default the first one.
    pub thumbnail_product_retailer_id: Option<ProductRetailerId>,
    /// Multi-product: what is shown, at most 10 sections with 30 products together.
    pub sections: Vec<ProductSection>,
    /// Order details: the order, as in an interactive message of type `order_details`.
    pub order_details: Option<Box<OrderDetails>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Validate for Action {
    fn check(&self, check: &mut Check<'_>) {
        if !self.sections.is_empty() {
            check_sections(&self.sections, check);
        }
        if let Some(order_details) = &self.order_details {
            order_details.check(&mut check.member("order_details"));
        }
    }
}
