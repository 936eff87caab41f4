//! A basket that a user sent from the catalogue.

use crate::wire::object::{deserialize_object, wire_object};
use crate::{CatalogId, Number, ProductRetailerId};

wire_object! {
    /// A basket: what a user wants to buy from the business's catalogue.
    ///
    /// Source: *Interactive - Catalogue Message*.
    pub struct Order {
        /// The catalogue.
        pub catalog_id: Option<CatalogId>,
        /// What the user wrote to it.
        pub text: Option<String>,
        /// The products.
        pub product_items: Vec<ProductItem>,
    }
}

wire_object! {
    /// A product in a basket.
    pub struct ProductItem {
        /// The product.
        pub product_retailer_id: Option<ProductRetailerId>,
        /// How many; some feeds write it as a text.
        pub quantity: Option<Number>,
        /// The price of one, in units of `currency` with decimals; some feeds write it as a text.
        pub item_price: Option<Number>,
        /// The currency, by its three letters.
        pub currency: Option<String>,
    }
}

wire_object! {
    /// The product that a message is about.
    ///
    /// Source: Meta's *product enquiry* messages.
    pub struct ReferredProduct {
        /// The catalogue.
        pub catalog_id: Option<CatalogId>,
        /// The product.
        pub product_retailer_id: Option<ProductRetailerId>,
    }
}

deserialize_object!(Order, ProductItem, ReferredProduct);
