//! One product of the catalog.

use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use crate::{CatalogId, ProductRetailerId};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// One product of the catalog, with its image and price. A header is not allowed.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::SingleProduct;
    ///
    /// let shoe = SingleProduct::new("400000000000001", "shoe-blue").body("Back in stock").footer("Free returns");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(shoe))?,
    ///     serde_json::json!({
    ///         "type": "product",
    ///         "body": {"text": "Back in stock"},
    ///         "footer": {"text": "Free returns"},
    ///         "action": {"catalog_id": "400000000000001", "product_retailer_id": "shoe-blue"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Meta's *Single-product messages*.
    pub struct SingleProduct(ProductAction) { body, footer }
}

/// The action of `product`.
///
/// For an example see [`SingleProduct`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ProductAction {
    /// The catalog, which is connected to the business account.
    pub catalog_id: CatalogId,
    /// The product.
    pub product_retailer_id: ProductRetailerId,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl SingleProduct {
    /// This product.
    pub fn new(
        catalog_id: impl Into<CatalogId>,
        product_retailer_id: impl Into<ProductRetailerId>,
    ) -> Self {
        Self {
            frame: Frame::default(),
            action: ProductAction {
                catalog_id: catalog_id.into(),
                product_retailer_id: product_retailer_id.into(),
                unknown: Default::default(),
            },
        }
    }
}

impl Validate for ProductAction {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("catalog_id")
            .not_empty(self.catalog_id.as_str());
        check
            .member("product_retailer_id")
            .not_empty(self.product_retailer_id.as_str());
    }
}
