//! Values for placeholders that are objects of their own: money, dates, products, offers, tap targets.

use crate::UnknownFields;
use crate::validate::{Check, Rule, Validate};
use crate::{CatalogId, Number, ProductRetailerId};
use kaleyra_wa_derive::Wire;

/// An amount of money, written the way of the recipient's country.
///
/// ```
/// use kaleyra_wa_types::outbound::template::Currency;
///
/// let price = Currency::new("₹ 1,250.50", "INR", 1_250_500);
/// assert_eq!(
///     serde_json::to_value(&price)?,
///     serde_json::json!({"fallback_value": "₹ 1,250.50", "code": "INR", "amount_1000": 1250500}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on sending templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Currency {
    /// What is shown where it can't be written that way.
    pub fallback_value: Option<String>,
    /// The currency in ISO 4217: `INR`, `USD`.
    pub code: Option<String>,
    /// The amount times 1000: 1250000 for 1,250.00.
    pub amount_1000: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A date and time, as a string of any form: nothing is made of it, so write it in the recipient's language and time. The
/// parts of a date that old senders add are kept in `unknown`.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{DateTime, Template};
///
/// let reminder = Template::new("appointment", "en").body([DateTime::new("Monday, 9 am")]);
/// assert_eq!(
///     serde_json::to_value(&reminder.components[0].parameters)?,
///     serde_json::json!([{"type": "date_time", "date_time": {"fallback_value": "Monday, 9 am"}}]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on sending templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct DateTime {
    /// What is shown, such as `6 December, 18:30`.
    pub fallback_value: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// When the offer of a limited-time offer template ends.
///
/// ```
/// use kaleyra_wa_types::outbound::template::LimitedTimeOffer;
///
/// let until = LimitedTimeOffer::new(1_798_675_200_000); // milliseconds since 1970
/// assert_eq!(serde_json::to_value(&until)?, serde_json::json!({"expiration_time_ms": 1798675200000_i64}));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on limited-time offer templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct LimitedTimeOffer {
    /// The end, in **milliseconds** since 1970-01-01 UTC.
    pub expiration_time_ms: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A product of a catalog, in the header of a template or of a card.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Card, Product};
///
/// let card = Card::new().header(Product::new("400000000000001", "shoe-blue"));
/// assert_eq!(
///     serde_json::to_value(&card.components[0].parameters[0])?["product"],
///     serde_json::json!({"product_retailer_id": "shoe-blue", "catalog_id": "400000000000001"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on product card carousel templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Product {
    /// The product's id in the catalog (SKU).
    pub product_retailer_id: Option<ProductRetailerId>,
    /// The catalog.
    pub catalog_id: Option<CatalogId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A link that opens when the message itself is tapped; for verified businesses.
///
/// ```
/// use kaleyra_wa_types::outbound::template::TapTarget;
///
/// let target = TapTarget::new("https://example.com/track/17", "Track it");
/// assert_eq!(
///     serde_json::to_value(&target)?,
///     serde_json::json!({"url": "https://example.com/track/17", "title": "Track it"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on tap target overrides.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct TapTarget {
    /// The link, with `http://` or `https://`.
    pub url: Option<String>,
    /// The title above the page.
    pub title: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Currency {
    /// What is shown where the amount can't be written the recipient's way, the currency in ISO 4217, and the amount times
    /// 1000.
    pub fn new(
        fallback_value: impl Into<String>,
        code: impl Into<String>,
        amount_1000: i64,
    ) -> Self {
        Self {
            fallback_value: Some(fallback_value.into()),
            code: Some(code.into()),
            amount_1000: Some(amount_1000.into()),
            unknown: Default::default(),
        }
    }
}

impl DateTime {
    /// A date and time as it is shown.
    pub fn new(fallback_value: impl Into<String>) -> Self {
        Self {
            fallback_value: Some(fallback_value.into()),
            unknown: Default::default(),
        }
    }
}

impl LimitedTimeOffer {
    /// An offer that ends then, in **milliseconds** since 1970-01-01 UTC.
    pub fn new(expiration_time_ms: i64) -> Self {
        Self {
            expiration_time_ms: Some(expiration_time_ms.into()),
            unknown: Default::default(),
        }
    }
}

impl Product {
    /// A product of a catalog, by its id there (SKU).
    pub fn new(
        catalog_id: impl Into<CatalogId>,
        product_retailer_id: impl Into<ProductRetailerId>,
    ) -> Self {
        Self {
            product_retailer_id: Some(product_retailer_id.into()),
            catalog_id: Some(catalog_id.into()),
            unknown: Default::default(),
        }
    }
}

impl TapTarget {
    /// A link and the title above its page.
    pub fn new(url: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            url: Some(url.into()),
            title: Some(title.into()),
            unknown: Default::default(),
        }
    }
}

impl Validate for Currency {
    fn check(&self, check: &mut Check<'_>) {
        required("fallback_value", self.fallback_value.as_deref(), check);
        required("code", self.code.as_deref(), check);
        if self.amount_1000.as_ref().and_then(Number::as_i64).is_none() {
            check
                .member("amount_1000")
                .report(Rule::Format("the amount times 1000, a whole number"));
        }
    }
}

impl Validate for DateTime {
    fn check(&self, check: &mut Check<'_>) {
        required("fallback_value", self.fallback_value.as_deref(), check);
    }
}

impl Validate for LimitedTimeOffer {
    fn check(&self, check: &mut Check<'_>) {
        let end = self.expiration_time_ms.as_ref().and_then(Number::as_i64);
        if end.is_none_or(|end| end <= 0) {
            check
                .member("expiration_time_ms")
                .report(Rule::Format("a positive whole number of milliseconds"));
        }
    }
}

impl Validate for Product {
    fn check(&self, check: &mut Check<'_>) {
        required(
            "product_retailer_id",
            self.product_retailer_id
                .as_ref()
                .map(ProductRetailerId::as_str),
            check,
        );
        required(
            "catalog_id",
            self.catalog_id.as_ref().map(CatalogId::as_str),
            check,
        );
    }
}

impl Validate for TapTarget {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("url")
            .web_link(self.url.as_deref().unwrap_or_default());
        required("title", self.title.as_deref(), check);
    }
}

fn required(name: &str, text: Option<&str>, check: &mut Check<'_>) {
    if text.is_none_or(str::is_empty) {
        check
            .member(name)
            .report(Rule::Required("it is mandatory here"));
    }
}
