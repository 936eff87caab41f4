//! What a template's buttons are filled with.

use serde_json::Value;

use super::{Action, ButtonType, Component, CouponCode, ParameterValue, Payload};
use crate::ProductRetailerId;
use crate::outbound::interactive::ProductSection;
use crate::outbound::order::OrderDetails;

/// What one button of a template, or of a card, is filled with.
///
/// The index is the button's place among **all** buttons of the template, 0 to 9, so that buttons without a parameter
/// (a phone number, a fixed link) count and are left out.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Template};
///
/// let template = Template::new("order_shipped", "en")
///     .body(["Asha", "17"])
///     .button(Button::url(0, "orders/17"))
///     .button(Button::quick_reply(1, "stop-updates"))
///     .button(Button::copy_code(2, "GREEN25"));
/// assert_eq!(
///     serde_json::to_value(&template.components[1..])?,
///     serde_json::json!([
///         {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "orders/17"}]},
///         {
///             "type": "button", "sub_type": "quick_reply", "index": 1,
///             "parameters": [{"type": "payload", "payload": "stop-updates"}],
///         },
///         {
///             "type": "button", "sub_type": "copy_code", "index": 2,
///             "parameters": [{"type": "coupon_code", "coupon_code": "GREEN25"}],
///         },
///     ]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on templates, one per kind of button.
#[derive(Clone, Debug, PartialEq)]
pub struct Button(Component);

impl Button {
    /// A link: what is put at the end of the template's address.
    ///
    /// For an example see [`Button`].
    pub fn url(index: u8, suffix: impl Into<String>) -> Self {
        Self::of(ButtonType::Url, index, ParameterValue::Text(suffix.into()))
    }

    /// A quick reply: what comes back when it is tapped, in the callback's `button.payload`.
    ///
    /// For an example see [`Button`].
    pub fn quick_reply(index: u8, payload: impl Into<Payload>) -> Self {
        Self::of(ButtonType::QuickReply, index, payload.into())
    }

    /// A code to copy, at most 20 characters.
    ///
    /// For an example see [`Button`].
    pub fn copy_code(index: u8, code: impl Into<CouponCode>) -> Self {
        Self::of(ButtonType::CopyCode, index, code.into())
    }

    /// A flow.
    ///
    /// For an example see [`FlowButton`].
    pub fn flow(index: u8) -> FlowButton {
        FlowButton {
            index,
            action: Action::default(),
        }
    }

    /// The catalog.
    ///
    /// For an example see [`CatalogButton`].
    pub fn catalog(index: u8) -> CatalogButton {
        CatalogButton {
            index,
            action: Action::default(),
        }
    }

    /// A choice of products (multi-product message): at most 10 sections with 30 products together, and the product whose
    /// picture is shown on the message.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::ProductSection;
    /// use kaleyra_wa_types::outbound::template::{Button, Template};
    ///
    /// let sections = [ProductSection::new("Blue").product("CUP-1").product("CUP-2")];
    /// let offer = Template::new("cups_in_stock", "en").button(Button::mpm(0, "CUP-1", sections));
    /// assert_eq!(
    ///     serde_json::to_value(&offer.components[0].parameters[0])?["action"],
    ///     serde_json::json!({
    ///         "thumbnail_product_retailer_id": "CUP-1",
    ///         "sections": [{
    ///             "title": "Blue",
    ///             "product_items": [{"product_retailer_id": "CUP-1"}, {"product_retailer_id": "CUP-2"}],
    ///         }],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn mpm(
        index: u8,
        thumbnail_product_retailer_id: impl Into<ProductRetailerId>,
        sections: impl IntoIterator<Item = ProductSection>,
    ) -> Self {
        let action = Action {
            thumbnail_product_retailer_id: Some(thumbnail_product_retailer_id.into()),
            sections: sections.into_iter().collect(),
            ..Action::default()
        };
        Self::of(ButtonType::Mpm, index, action)
    }

    /// An order to pay, as in an interactive message of type `order_details`.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::order::{
    ///     Amount, Currency, Order, OrderDetails, OrderItem, OrderType, PaymentGateway,
    /// };
    /// use kaleyra_wa_types::outbound::template::{Button, Template};
    ///
    /// let cups = OrderItem::new("Blue cup", Amount::hundredths(25_000), 2);
    /// let order = Order::new([cups]).tax(Amount::hundredths(2_500));
    /// let details = OrderDetails::new("order-17", OrderType::PhysicalGoods, Currency::Inr, order)
    ///     .payment_setting(PaymentGateway::new("razorpay", "shop"));
    /// let bill = Template::new("bill", "en").button(Button::order_details(0, details));
    /// let action = &serde_json::to_value(&bill.components[0].parameters[0])?["action"];
    /// assert_eq!(action["order_details"]["reference_id"], "order-17");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn order_details(index: u8, order_details: OrderDetails) -> Self {
        let action = Action {
            order_details: Some(Box::new(order_details)),
            ..Action::default()
        };
        Self::of(ButtonType::OrderDetails, index, action)
    }

    /// A call to the business over WhatsApp.
    ///
    /// For an example see [`VoiceCallButton`].
    pub fn voice_call(index: u8) -> VoiceCallButton {
        VoiceCallButton {
            index,
            ttl_minutes: None,
            payload: None,
        }
    }

    fn of(sub_type: ButtonType, index: u8, parameter: impl Into<ParameterValue>) -> Self {
        Self(Component::button(sub_type, index, [parameter.into()]))
    }
}

/// A button that opens a flow; made by [`Button::flow`].
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Template};
/// use serde_json::json;
///
/// let booking = Template::new("book_again", "en").button(Button::flow(0).token("booking-17").data(json!({"table": 4})));
/// assert_eq!(
///     serde_json::to_value(&booking.components[0].parameters[0])?,
///     json!({"type": "action", "action": {"flow_token": "booking-17", "flow_action_data": {"table": 4}}}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FlowButton {
    index: u8,
    action: Action,
}

impl FlowButton {
    /// What ties the flow's reply to this message; Meta's default is `unused`. It comes back as `flow_token` in what the
    /// reply's [`response`](crate::inbound::NfmReply::response) gives.
    ///
    /// For an example see [`FlowButton`].
    pub fn token(mut self, flow_token: impl Into<String>) -> Self {
        self.action.flow_token = Some(flow_token.into());
        self
    }

    /// What the flow's first screen starts with.
    ///
    /// For an example see [`FlowButton`].
    pub fn data(mut self, flow_action_data: impl Into<Value>) -> Self {
        self.action.flow_action_data = Some(flow_action_data.into());
        self
    }
}

/// A button that opens the catalog; made by [`Button::catalog`].
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Template};
///
/// let news = Template::new("new_shoes", "en").button(Button::catalog(0).thumbnail("shoe-blue"));
/// assert_eq!(
///     serde_json::to_value(&news.components[0].parameters[0])?,
///     serde_json::json!({"type": "action", "action": {"thumbnail_product_retailer_id": "shoe-blue"}}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogButton {
    index: u8,
    action: Action,
}

impl CatalogButton {
    /// The product whose picture is shown on the message; by default the first one of the catalog.
    ///
    /// For an example see [`CatalogButton`].
    pub fn thumbnail(mut self, product_retailer_id: impl Into<ProductRetailerId>) -> Self {
        self.action.thumbnail_product_retailer_id = Some(product_retailer_id.into());
        self
    }
}

/// A button that calls the business; made by [`Button::voice_call`].
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Template};
///
/// let offer = Template::new("call_us", "en").button(Button::voice_call(0).ttl_minutes(60).payload("repair-17"));
/// assert_eq!(
///     serde_json::to_value(&offer.components[0].parameters)?,
///     serde_json::json!([{"type": "ttl_minutes", "ttl_minutes": 60}, {"type": "payload", "payload": "repair-17"}]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceCallButton {
    index: u8,
    ttl_minutes: Option<i64>,
    payload: Option<Payload>,
}

impl VoiceCallButton {
    /// How long the button works, in minutes: 1 to 43200.
    ///
    /// For an example see [`VoiceCallButton`].
    pub fn ttl_minutes(mut self, minutes: i64) -> Self {
        self.ttl_minutes = Some(minutes);
        self
    }

    /// What comes back with the call.
    ///
    /// For an example see [`VoiceCallButton`].
    pub fn payload(mut self, payload: impl Into<Payload>) -> Self {
        self.payload = Some(payload.into());
        self
    }
}

impl From<FlowButton> for Button {
    fn from(button: FlowButton) -> Self {
        Self::of(ButtonType::Flow, button.index, button.action)
    }
}

impl From<CatalogButton> for Button {
    fn from(button: CatalogButton) -> Self {
        Self::of(ButtonType::Catalog, button.index, button.action)
    }
}

impl From<VoiceCallButton> for Button {
    fn from(button: VoiceCallButton) -> Self {
        let minutes = button
            .ttl_minutes
            .map(|minutes| ParameterValue::TtlMinutes(minutes.into()));
        let payload = button.payload.map(ParameterValue::Payload);
        let parameters = minutes.into_iter().chain(payload);
        Self(Component::button(
            ButtonType::VoiceCall,
            button.index,
            parameters,
        ))
    }
}

impl From<Button> for Component {
    fn from(button: Button) -> Self {
        button.0
    }
}
