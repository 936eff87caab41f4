//! What is bought.

use super::Amount;
use crate::UnknownFields;
use crate::outbound::Image;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use crate::{CatalogId, Number, ProductRetailerId, Timestamp};
use kaleyra_wa_derive::Wire;

use super::OrderStatus;

/// What is bought, and what it costs: `order` in [`OrderDetails`](super::OrderDetails). Subtotal and tax are mandatory, and all
/// amounts are in the currency of the details.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{Amount, Expiration, Order, OrderItem};
///
/// let order = Order::new([
///     OrderItem::new("Blue cup", Amount::hundredths(25_000), 2),
///     OrderItem::new("Saucer", Amount::hundredths(9_900), 2).sale_amount(Amount::hundredths(7_500)),
/// ])
/// .tax(Amount::hundredths(3_250))
/// .shipping(Amount::hundredths(4_000))
/// .expiration(Expiration::new(1_798_675_200).description("Please order again"));
/// assert_eq!(order.subtotal, Some(Amount::hundredths(65_000))); // 2 × 250.00 + 2 × 75.00
/// assert_eq!(order.total(), Some(72_250));
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Order {
    /// Always `pending`.
    pub status: Option<OrderStatus>,
    /// The catalog of the items, where they are in one.
    pub catalog_id: Option<CatalogId>,
    /// What is bought.
    pub items: Vec<OrderItem>,
    /// What the items cost together.
    pub subtotal: Option<Amount>,
    /// The tax.
    pub tax: Option<Amount>,
    /// What the delivery costs.
    pub shipping: Option<Amount>,
    /// What is taken off.
    pub discount: Option<Amount>,
    /// Until when the order can be paid.
    pub expiration: Option<Expiration>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One thing that is bought, and how many of it: an element of `order.items`.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::order::{Amount, OrderItem};
///
/// let cup = OrderItem::new("Blue cup", Amount::hundredths(25_000), 2)
///     .retailer_id("CUP-1")
///     .image(Image::link("https://example.com/blue.png"))
///     .country_of_origin("India");
/// assert_eq!(
///     serde_json::to_value(&cup)?,
///     serde_json::json!({
///         "retailer_id": "CUP-1",
///         "name": "Blue cup",
///         "image": {"link": "https://example.com/blue.png"},
///         "amount": {"value": 25000, "offset": 100},
///         "quantity": 2,
///         "country_of_origin": "India",
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OrderItem {
    /// The seller's id of it.
    pub retailer_id: Option<ProductRetailerId>,
    /// What it is, 1 to 60 characters.
    pub name: Option<String>,
    /// A picture of it, for what is in no catalog.
    pub image: Option<Image>,
    /// The price of one.
    pub amount: Option<Amount>,
    /// The reduced price of one.
    pub sale_amount: Option<Amount>,
    /// How many, 1 or more.
    pub quantity: Option<Number>,
    /// Where it was made; in India for what is in no catalog.
    pub country_of_origin: Option<String>,
    /// Who imported it; in India for what is in no catalog.
    pub importer_name: Option<String>,
    /// Where the importer is.
    pub importer_address: Option<ImporterAddress>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Where an importer is: in India, for what is in no catalog.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{Amount, ImporterAddress, OrderItem};
///
/// let importer = ImporterAddress::new("1 Example Road", "Mumbai", "IN").zone_code("MH").postal_code("400001");
/// let tea = OrderItem::new("Green tea", Amount::hundredths(45_000), 1)
///     .country_of_origin("Japan")
///     .importer_name("Example Imports")
///     .importer_address(importer);
/// assert_eq!(serde_json::to_value(&tea)?["importer_address"]["zone_code"], "MH");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ImporterAddress {
    /// Street and number.
    pub address_line1: Option<String>,
    /// More of it.
    pub address_line2: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The code of the state, such as `MH`.
    pub zone_code: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country's code, two letters.
    pub country_code: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Until when an order can be paid, `order.expiration`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::Expiration;
///
/// let until = Expiration::new(1_798_675_200).description("Please order again"); // seconds since 1970-01-01 UTC
/// assert_eq!(
///     serde_json::to_value(&until)?,
///     serde_json::json!({"timestamp": "1798675200", "description": "Please order again"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Expiration {
    /// The moment, at least 300 seconds ahead; a check can't tell, for it knows no clock.
    pub timestamp: Option<Timestamp>,
    /// What the user reads afterwards, at most 120 characters.
    pub description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Order {
    /// These items; the subtotal is what they cost together, at the reduced price where there is one.
    pub fn new(items: impl IntoIterator<Item = OrderItem>) -> Self {
        let items = Vec::from_iter(items);
        Self {
            status: Some(OrderStatus::Pending),
            catalog_id: None,
            subtotal: subtotal(&items).map(Amount::hundredths),
            items,
            tax: None,
            shipping: None,
            discount: None,
            expiration: None,
            unknown: Default::default(),
        }
    }

    /// Subtotal, tax and shipping less the discount, in hundredths; `None` where there is no subtotal, or one of them is no
    /// whole number of hundredths.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::order::{Amount, Order, OrderItem};
    ///
    /// let order = Order::new([OrderItem::new("Blue cup", Amount::hundredths(25_000), 2)])
    ///     .tax(Amount::hundredths(2_500))
    ///     .discount(Amount::hundredths(1_000));
    /// assert_eq!(order.total(), Some(51_500));
    ///
    /// let mut without_price = OrderItem::new("Saucer", Amount::hundredths(0), 1);
    /// without_price.amount = None;
    /// assert_eq!(Order::new([without_price]).total(), None);
    /// ```
    pub fn total(&self) -> Option<i64> {
        let part = |amount: &Option<Amount>| match amount {
            Some(amount) => amount.as_hundredths(),
            None => Some(0),
        };
        self.subtotal
            .as_ref()?
            .as_hundredths()?
            .checked_add(part(&self.tax)?)?
            .checked_add(part(&self.shipping)?)?
            .checked_sub(part(&self.discount)?)
    }
}

fn subtotal(items: &[OrderItem]) -> Option<i64> {
    items.iter().try_fold(0_i64, |sum, item| {
        let price = item.sale_amount.as_ref().or(item.amount.as_ref())?;
        let quantity = item.quantity.as_ref()?.as_i64()?;
        sum.checked_add(price.as_hundredths()?.checked_mul(quantity)?)
    })
}

setters!(Order {
    /// The catalog of the items.
    catalog_id: CatalogId,
    /// What the items cost together, where it is not simply their sum.
    subtotal: Amount,
    /// The tax.
    tax: Amount,
    /// What the delivery costs.
    shipping: Amount,
    /// What is taken off.
    discount: Amount,
    /// Until when the order can be paid.
    expiration: Expiration,
});

impl OrderItem {
    /// The maximum number of characters in a name.
    pub const NAME_MAX: usize = 60;

    /// This many of something, at this price for one.
    pub fn new(name: impl Into<String>, amount: Amount, quantity: u32) -> Self {
        Self {
            retailer_id: None,
            name: Some(name.into()),
            image: None,
            amount: Some(amount),
            sale_amount: None,
            quantity: Some(i64::from(quantity).into()),
            country_of_origin: None,
            importer_name: None,
            importer_address: None,
            unknown: Default::default(),
        }
    }
}

setters!(OrderItem {
    /// The seller's id of it.
    retailer_id: ProductRetailerId,
    /// A picture of it, for what is in no catalog.
    image: Image,
    /// The reduced price of one.
    sale_amount: Amount,
    /// Where it was made.
    country_of_origin: String,
    /// Who imported it.
    importer_name: String,
    /// Where the importer is.
    importer_address: ImporterAddress,
});

impl ImporterAddress {
    /// An address: street and number, city, and the country's code.
    pub fn new(
        address_line1: impl Into<String>,
        city: impl Into<String>,
        country_code: impl Into<String>,
    ) -> Self {
        Self {
            address_line1: Some(address_line1.into()),
            address_line2: None,
            city: Some(city.into()),
            zone_code: None,
            postal_code: None,
            country_code: Some(country_code.into()),
            unknown: Default::default(),
        }
    }
}

setters!(ImporterAddress {
    /// More of the street.
    address_line2: String,
    /// The code of the state, such as `MH`.
    zone_code: String,
    /// The postal code.
    postal_code: String,
});

impl Expiration {
    /// The maximum number of characters in a description.
    pub const DESCRIPTION_MAX: usize = 120;

    /// At this moment, at least 300 seconds ahead.
    pub fn new(timestamp: impl Into<Timestamp>) -> Self {
        Self {
            timestamp: Some(timestamp.into()),
            description: None,
            unknown: Default::default(),
        }
    }
}

setters!(Expiration {
    /// What the user reads afterwards, at most 120 characters.
    description: String,
});

impl Validate for Order {
    fn check(&self, check: &mut Check<'_>) {
        if self
            .status
            .as_ref()
            .is_some_and(|status| *status != OrderStatus::Pending)
        {
            check.member("status").report(Rule::Format("pending"));
        }
        check.member("items").count(self.items.len(), 1, usize::MAX);
        for (index, item) in self.items.iter().enumerate() {
            item.check(&mut check.member("items").element(index));
        }
        let amounts = [
            ("subtotal", &self.subtotal),
            ("tax", &self.tax),
            ("shipping", &self.shipping),
            ("discount", &self.discount),
        ];
        for (name, amount) in amounts {
            let mut check = check.member(name);
            match amount {
                Some(amount) => amount.check(&mut check),
                None if matches!(name, "subtotal" | "tax") => {
                    check.report(Rule::Required("an order has a subtotal and a tax"));
                }
                None => {}
            }
        }
        if let Some(description) = self
            .expiration
            .as_ref()
            .and_then(|expiration| expiration.description.as_deref())
        {
            check.member("expiration").member("description").length(
                description,
                0,
                Expiration::DESCRIPTION_MAX,
            );
        }
    }
}

impl Validate for OrderItem {
    fn check(&self, check: &mut Check<'_>) {
        match &self.name {
            Some(name) => check.member("name").length(name, 1, Self::NAME_MAX),
            None => check
                .member("name")
                .report(Rule::Required("an item has a name")),
        }
        if let Some(image) = &self.image {
            image.check(&mut check.member("image"));
        }
        match &self.amount {
            Some(amount) => amount.check(&mut check.member("amount")),
            None => check
                .member("amount")
                .report(Rule::Required("an item has a price")),
        }
        if let Some(amount) = &self.sale_amount {
            amount.check(&mut check.member("sale_amount"));
        }
        if self
            .quantity
            .as_ref()
            .and_then(Number::as_i64)
            .is_none_or(|quantity| quantity < 1)
        {
            check
                .member("quantity")
                .report(Rule::Format("a whole number, not below 1"));
        }
    }
}
