//! The kinds of actions: `type`, and the `action` that belongs to it.

use super::{
    AddressAction, ButtonAction, CallPermissionAction, CarouselAction, CatalogAction,
    ContactInfoAction, CtaUrlAction, FlowAction, ListAction, LocationRequestAction,
    OrderDetailsAction, OrderStatusAction, ProductAction, ProductListAction, VoiceCallAction,
};
use crate::UnknownBody;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What there is to tap: `type`, and an `action` whose shape depends on it.
///
/// ```
/// use kaleyra_wa_types::outbound::Interactive;
/// use kaleyra_wa_types::outbound::interactive::{Action, ReplyButtons};
///
/// let question = Interactive::from(ReplyButtons::new("Shall we book it?").button("yes", "Yes").button("no", "No"));
/// assert_eq!(question.action.type_name(), "button");
/// if let Action::Button(action) = &question.action {
///     assert_eq!(action.buttons.len(), 2);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type", content = "action")]
#[non_exhaustive]
pub enum Action {
    /// A form for a postal address.
    AddressMessage(AddressAction),
    /// Reply buttons.
    Button(ButtonAction),
    /// The question whether the business may call.
    CallPermissionRequest(CallPermissionAction),
    /// Cards side by side.
    Carousel(CarouselAction),
    /// The whole catalog.
    CatalogMessage(CatalogAction),
    /// A button that opens a web page.
    CtaUrl(CtaUrlAction),
    /// A form of the business's own.
    Flow(FlowAction),
    /// A menu.
    List(ListAction),
    /// A button that sends where the user is.
    LocationRequestMessage(LocationRequestAction),
    /// An order, to review and pay.
    OrderDetails(OrderDetailsAction),
    /// What became of an order.
    OrderStatus(OrderStatusAction),
    /// A product of the catalog.
    Product(ProductAction),
    /// Products of the catalog, in sections.
    ProductList(ProductListAction),
    /// A button that shares the user's number. Called `contact_request` in Meta's drafts before 28 May 2026.
    RequestContactInfo(ContactInfoAction),
    /// A button that calls the business.
    VoiceCall(VoiceCallAction),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// The name of an action, `action.name`. Each kind that has one always has the same.
///
/// ```
/// use kaleyra_wa_types::outbound::Interactive;
/// use kaleyra_wa_types::outbound::interactive::{Action, ActionName, LocationRequest};
///
/// let question = Interactive::from(LocationRequest::new("Where shall we bring it?"));
/// let Action::LocationRequestMessage(action) = &question.action else { unreachable!() };
/// assert_eq!(action.name, Some(ActionName::SendLocation));
/// assert_eq!(ActionName::SendLocation.as_str(), "send_location");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ActionName {
    /// `address_message`. For `address_message`.
    AddressMessage,
    /// `call_permission_request`. For `call_permission_request`.
    CallPermissionRequest,
    /// `catalog_message`. For `catalog_message`.
    CatalogMessage,
    /// `cta_url`. For `cta_url`, also on a card.
    CtaUrl,
    /// `flow`. For `flow`.
    Flow,
    /// `request_contact_info`. For `request_contact_info`.
    RequestContactInfo,
    /// `review_and_pay`. For `order_details`.
    ReviewAndPay,
    /// `review_order`. For `order_status`.
    ReviewOrder,
    /// `send_location`. For `location_request_message`.
    SendLocation,
    /// `voice_call`. For `voice_call`.
    VoiceCall,
    /// A value that this version does not know.
    Unknown(UnknownText),
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
