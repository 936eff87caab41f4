//! A basket that a user sent from the catalogue.

use crate::UnknownFields;
use crate::{CatalogId, Number, ProductRetailerId};
use kaleyra_wa_derive::Wire;

/// A basket: what a user wants to buy from the business's catalogue.
///
/// There is no total in it; it is the sum of its products:
///
/// ```
/// use kaleyra_wa_types::inbound::Order;
///
/// let order: Order = serde_json::from_str(r#"{"catalog_id": "400000000000001", "product_items": [
///     {"product_retailer_id": "cup-blue", "quantity": 2, "item_price": 450.5, "currency": "INR"},
///     {"product_retailer_id": "cup-red", "quantity": "1", "item_price": "400.00", "currency": "INR"}
/// ]}"#)?;
/// let cost = |item: &kaleyra_wa_types::inbound::ProductItem| {
///     Some(item.item_price.as_ref()?.as_f64()? * item.quantity.as_ref()?.as_f64()?)
/// };
/// let total: Option<f64> = order.product_items.iter().map(cost).sum(); // `None` if one says not enough
/// assert_eq!(total, Some(1301.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Interactive - Catalogue Message*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Order {
    /// The catalogue.
    pub catalog_id: Option<CatalogId>,
    /// What the user wrote to it.
    pub text: Option<String>,
    /// The products, one element for each kind.
    pub product_items: Vec<ProductItem>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A product in a basket. For an example see [`Order`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ProductItem {
    /// The product's id in the catalogue (SKU).
    pub product_retailer_id: Option<ProductRetailerId>,
    /// How many; some feeds write it as a string.
    pub quantity: Option<Number>,
    /// The price of one, in units of `currency` with decimals: 450.5 for ₹ 450.50. Some feeds write it as a string.
    pub item_price: Option<Number>,
    /// The currency in ISO 4217: `INR`, `USD`.
    pub currency: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The product that a message is about.
///
/// ```
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "text",
///     "text": {"body": "Is it in stock?"},
///     "context": {"referred_product": {"catalog_id": "400000000000001", "product_retailer_id": "cup-blue"}}}"#)?;
/// let product = message.context.and_then(|context| context.referred_product).ok_or("about none")?;
/// assert_eq!(product.product_retailer_id.as_ref().map(|id| id.as_str()), Some("cup-blue"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *product enquiry* messages.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ReferredProduct {
    /// The catalogue.
    pub catalog_id: Option<CatalogId>,
    /// The product.
    pub product_retailer_id: Option<ProductRetailerId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
