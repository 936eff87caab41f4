//! The kinds of actions: `type`, and the `action` that belongs to it.

use super::{
    AddressAction, ButtonAction, CallPermissionAction, CarouselAction, CatalogAction,
    ContactInfoAction, CtaUrlAction, FlowAction, ListAction, LocationRequestAction,
    OrderDetailsAction, OrderStatusAction, ProductAction, ProductListAction, VoiceCallAction,
};
use crate::validate::{Check, Rule, Validate};
use crate::wire::group::adjacent_set;
use crate::wire::open_set::open_set;

adjacent_set! {
    in "action"
    /// What there is to tap: `type`, and an `action` whose shape depends on it.
    pub enum Action {
        /// A form for a postal address.
        AddressMessage(AddressAction) = "address_message",
        /// Buttons that answer.
        Button(ButtonAction) = "button",
        /// The question whether the business may call.
        CallPermissionRequest(CallPermissionAction) = "call_permission_request",
        /// Cards side by side.
        Carousel(CarouselAction) = "carousel",
        /// The whole catalog.
        CatalogMessage(CatalogAction) = "catalog_message",
        /// A button that opens a web page.
        CtaUrl(CtaUrlAction) = "cta_url",
        /// A form of the business's own.
        Flow(FlowAction) = "flow",
        /// A menu.
        List(ListAction) = "list",
        /// A button that sends where the user is.
        LocationRequestMessage(LocationRequestAction) = "location_request_message",
        /// An order, to review and pay.
        OrderDetails(OrderDetailsAction) = "order_details",
        /// What became of an order.
        OrderStatus(OrderStatusAction) = "order_status",
        /// A product of the catalog.
        Product(ProductAction) = "product",
        /// Products of the catalog, in sections.
        ProductList(ProductListAction) = "product_list",
        /// A button that shares the user's number. Called `contact_request` in Meta's drafts before 28 May 2026.
        RequestContactInfo(ContactInfoAction) = "request_contact_info",
        /// A button that calls the business.
        VoiceCall(VoiceCallAction) = "voice_call",
    }
}

open_set! {
    /// The name of an action, `action.name`. Each kind that has one always has the same.
    pub enum ActionName {
        /// For `address_message`.
        AddressMessage = "address_message",
        /// For `call_permission_request`.
        CallPermissionRequest = "call_permission_request",
        /// For `catalog_message`.
        CatalogMessage = "catalog_message",
        /// For `cta_url`, also on a card.
        CtaUrl = "cta_url",
        /// For `flow`.
        Flow = "flow",
        /// For `request_contact_info`.
        RequestContactInfo = "request_contact_info",
        /// For `order_details`.
        ReviewAndPay = "review_and_pay",
        /// For `order_status`.
        ReviewOrder = "review_order",
        /// For `location_request_message`.
        SendLocation = "send_location",
        /// For `voice_call`.
        VoiceCall = "voice_call",
    }
}

impl Validate for Action {
    fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::AddressMessage(action) => action.check(check),
            Self::Button(action) => action.check(check),
            Self::CallPermissionRequest(action) => action.check(check),
            Self::Carousel(action) => action.check(check),
            Self::CatalogMessage(action) => action.check(check),
            Self::CtaUrl(action) => action.check(check),
            Self::Flow(action) => action.check(check),
            Self::List(action) => action.check(check),
            Self::LocationRequestMessage(action) => action.check(check),
            Self::OrderDetails(action) => action.check(check),
            Self::OrderStatus(action) => action.check(check),
            Self::Product(action) => action.check(check),
            Self::ProductList(action) => action.check(check),
            Self::RequestContactInfo(action) => action.check(check),
            Self::VoiceCall(action) => action.check(check),
            Self::Unknown(_) => {}
        }
    }
}

/// Reports a name that is missing or another than the kind's.
pub(super) fn check_name(name: Option<&ActionName>, expected: &'static str, check: &mut Check<'_>) {
    match name {
        None => check
            .member("name")
            .report(Rule::Required("this kind of action has a name")),
        Some(name) if name.as_str() != expected => {
            check.member("name").report(Rule::Format(expected));
        }
        Some(_) => {}
    }
}

/// Reports parameters that are missing.
pub(super) fn require_parameters(check: &mut Check<'_>) {
    check
        .member("parameters")
        .report(Rule::Required("this kind of action has parameters"));
}
