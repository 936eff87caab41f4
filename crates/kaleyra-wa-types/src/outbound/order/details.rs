//! An order to review and pay: the order itself, and how it can be paid.

use super::{Amount, Order, PaymentSetting};
use crate::OrderReferenceId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::interactive::AddressValues;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// An order to review and pay: the parameters of `order_details`, and `order_details` of a template's button.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::AddressValues;
/// use kaleyra_wa_types::outbound::order::{
///     Amount, Beneficiary, Currency, Order, OrderDetails, OrderItem, OrderType, PaymentGateway, ShippingInfo,
/// };
///
/// let cups = Order::new([OrderItem::new("Blue cup", Amount::hundredths(25_000), 2)]).tax(Amount::hundredths(2_500));
/// let details = OrderDetails::new("order-17", OrderType::PhysicalGoods, Currency::Inr, cups)
///     .payment_setting(PaymentGateway::new("razorpay", "shop"))
///     .beneficiary(Beneficiary::new("Asha Example").address_line1("1 Example Road").city("Bengaluru"))
///     .shipping_info(ShippingInfo::new("IN", [AddressValues::new().in_pin_code("560001")]));
/// assert_eq!(details.total_amount, Some(Amount::hundredths(52_500))); // 2 × 250.00 + 25.00
/// ```
///
/// Source: Meta's pages on payments in India and Brazil.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderDetails {
    /// The business's own id of the order: letters, digits, `_`, `.`, `-`; at most 35 characters in India, 60 in Brazil.
    pub reference_id: OrderReferenceId,
    /// Whether something is delivered.
    #[wire(name = "type")]
    pub kind: Option<OrderType>,
    /// How it can be paid.
    pub payment_settings: Vec<PaymentSetting>,
    /// The old way to say how it can be paid, such as `br` or `upi`.
    pub payment_type: Option<String>,
    /// The old way to name the payment configuration.
    pub payment_configuration: Option<String>,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// What is to be paid: subtotal, tax and shipping less the discount. Meta refuses any other figure.
    pub total_amount: Option<Amount>,
    /// The order.
    pub order: Option<Order>,
    /// Who gets the goods; in India, for goods that are delivered.
    pub beneficiaries: Vec<Beneficiary>,
    /// Where the goods may go.
    pub shipping_info: Option<ShippingInfo>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Who gets the goods, an element of `beneficiaries`: in India, for goods that are delivered.
///
/// ```
/// use kaleyra_wa_types::outbound::order::Beneficiary;
///
/// let asha = Beneficiary::new("Asha Example")
///     .address_line1("1 Example Road")
///     .city("Bengaluru")
///     .state("Karnataka")
///     .country("India")
///     .postal_code("560001");
/// assert_eq!(serde_json::to_value(&asha)?["address_line1"], "1 Example Road");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Beneficiary {
    /// The name.
    pub name: Option<String>,
    /// Street and number.
    pub address_line1: Option<String>,
    /// More of it.
    pub address_line2: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The country's name.
    pub country: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Where the goods may go, `shipping_info`.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::AddressValues;
/// use kaleyra_wa_types::outbound::order::ShippingInfo;
///
/// let home = AddressValues::new().name("Asha Example").house_number("4").in_pin_code("560001");
/// assert_eq!(
///     serde_json::to_value(ShippingInfo::new("IN", [home]))?,
///     serde_json::json!({
///         "country": "IN",
///         "addresses": [{"name": "Asha Example", "in_pin_code": "560001", "house_number": "4"}],
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ShippingInfo {
    /// The country's code.
    pub country: Option<String>,
    /// The addresses.
    pub addresses: Vec<AddressValues>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether something is delivered, `type`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::OrderType;
///
/// assert_eq!(OrderType::DigitalGoods.as_str(), "digital-goods");
/// assert_eq!(OrderType::from("physical-goods"), OrderType::PhysicalGoods);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum OrderType {
    /// `digital-goods`. Nothing.
    #[wire(name = "digital-goods")]
    DigitalGoods,
    /// `physical-goods`. Goods.
    #[wire(name = "physical-goods")]
    PhysicalGoods,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// A currency, ISO 4217.
///
/// ```
/// use kaleyra_wa_types::outbound::order::Currency;
///
/// assert_eq!(Currency::from("INR"), Currency::Inr);
/// let real = Currency::from("SGD"); // not known to this version, sent all the same
/// assert_eq!((real.is_known(), real.as_str()), (false, "SGD"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Currency {
    /// `BRL`. The Brazilian real.
    #[wire(name = "BRL")]
    Brl,
    /// `INR`. The Indian rupee.
    #[wire(name = "INR")]
    Inr,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl OrderDetails {
    /// The maximum number of characters in a reference in India.
    pub const REFERENCE_MAX_INDIA: usize = 35;
    /// The maximum number of characters in a reference in Brazil, and where the currency tells no country.
    pub const REFERENCE_MAX: usize = 60;

    /// This order, with its [total](Order::total); it needs at least one [`payment_setting`](Self::payment_setting).
    pub fn new(
        reference_id: impl Into<OrderReferenceId>,
        kind: impl Into<OrderType>,
        currency: impl Into<Currency>,
        order: Order,
    ) -> Self {
        Self {
            reference_id: reference_id.into(),
            kind: Some(kind.into()),
            payment_settings: Vec::new(),
            payment_type: None,
            payment_configuration: None,
            currency: Some(currency.into()),
            total_amount: order.total().map(Amount::hundredths),
            order: Some(order),
            beneficiaries: Vec::new(),
            shipping_info: None,
            unknown: Default::default(),
        }
    }

    /// Adds a way to pay.
    ///
    /// For an example see [`OrderDetails`].
    pub fn payment_setting(mut self, setting: impl Into<PaymentSetting>) -> Self {
        self.payment_settings.push(setting.into());
        self
    }

    /// Adds somebody who gets goods.
    ///
    /// For an example see [`OrderDetails`].
    pub fn beneficiary(mut self, beneficiary: Beneficiary) -> Self {
        self.beneficiaries.push(beneficiary);
        self
    }
}

setters!(OrderDetails {
    /// The old way to say how it can be paid, such as `br` or `upi`.
    payment_type: String,
    /// The old way to name the payment configuration.
    payment_configuration: String,
    /// What is to be paid, where it is not the order's total.
    total_amount: Amount,
    /// Where the goods may go.
    shipping_info: ShippingInfo,
});

impl Beneficiary {
    /// Somebody with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            address_line1: None,
            address_line2: None,
            city: None,
            state: None,
            country: None,
            postal_code: None,
            unknown: Default::default(),
        }
    }
}

setters!(Beneficiary {
    /// Street and number.
    address_line1: String,
    /// More of it.
    address_line2: String,
    /// The city.
    city: String,
    /// The state.
    state: String,
    /// The country's name.
    country: String,
    /// The postal code.
    postal_code: String,
});

impl ShippingInfo {
    /// Addresses in this country.
    pub fn new(
        country: impl Into<String>,
        addresses: impl IntoIterator<Item = AddressValues>,
    ) -> Self {
        Self {
            country: Some(country.into()),
            addresses: Vec::from_iter(addresses),
            unknown: Default::default(),
        }
    }
}

impl Validate for OrderDetails {
    fn check(&self, check: &mut Check<'_>) {
        let reference_max = match self.currency {
            Some(Currency::Inr) => Self::REFERENCE_MAX_INDIA,
            _ => Self::REFERENCE_MAX,
        };
        check_reference(
            self.reference_id.as_str(),
            reference_max,
            &mut check.member("reference_id"),
        );
        let required = [
            ("type", self.kind.is_some()),
            ("currency", self.currency.is_some()),
            ("total_amount", self.total_amount.is_some()),
            ("order", self.order.is_some()),
            (
                "payment_settings",
                !self.payment_settings.is_empty() || self.payment_configuration.is_some(),
            ),
        ];
        for (name, is_there) in required {
            if !is_there {
                check
                    .member(name)
                    .report(Rule::Required("an order that can be paid has one"));
            }
        }
        for (index, setting) in self.payment_settings.iter().enumerate() {
            setting.check(&mut check.member("payment_settings").element(index));
        }
        if let Some(total) = &self.total_amount {
            let mut check = check.member("total_amount");
            total.check(&mut check);
            let expected = self.order.as_ref().and_then(Order::total);
            if let (Some(expected), Some(found)) = (expected, total.as_hundredths())
                && expected != found
            {
                check
                    .member("value")
                    .report(Rule::Format("subtotal + tax + shipping - discount"));
            }
        }
        if let Some(order) = &self.order {
            order.check(&mut check.member("order"));
        }
        if let Some(shipping_info) = &self.shipping_info {
            let mut check = check.member("shipping_info");
            for (index, address) in shipping_info.addresses.iter().enumerate() {
                address.check(&mut check.member("addresses").element(index));
            }
        }
    }
}

/// Checks the business's own id of an order.
pub(super) fn check_reference(reference_id: &str, max: usize, check: &mut Check<'_>) {
    check.length(reference_id, 1, max);
    if !reference_id
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
    {
        check.report(Rule::Format("letters, digits, `_`, `.`, `-`"));
    }
}
