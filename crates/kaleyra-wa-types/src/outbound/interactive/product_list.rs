//! Products of the catalog, in sections.

use super::builder::{Frame, interactive_builder};
use super::list::check_title;
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use crate::{CatalogId, ProductRetailerId};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// Up to 30 products of the catalog, in up to ten sections.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::{MultiProduct, ProductSection};
    ///
    /// let cups = MultiProduct::new("Cups", "All that are in stock", "100000000000001")
    ///     .section(ProductSection::new("Blue").product("CUP-1").product("CUP-2"))
    ///     .section(ProductSection::new("Green").product("CUP-3"));
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(cups))?["action"],
    ///     serde_json::json!({
    ///         "catalog_id": "100000000000001",
    ///         "sections": [
    ///             {
    ///                 "title": "Blue",
    ///                 "product_items": [{"product_retailer_id": "CUP-1"}, {"product_retailer_id": "CUP-2"}],
    ///             },
    ///             {"title": "Green", "product_items": [{"product_retailer_id": "CUP-3"}]},
    ///         ],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Multi-Product Messages*; Meta's *Multi-product messages*.
    pub struct MultiProduct(ProductListAction) { footer }
}

/// The action of `product_list`.
///
/// For an example see [`MultiProduct`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ProductListAction {
    /// The catalog, which is connected to the business account.
    pub catalog_id: CatalogId,
    /// The sections, 1 to 10, with 1 to 30 products in total.
    pub sections: Vec<ProductSection>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Some products under a title. Templates with several products use it too.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::ProductSection;
///
/// let blue = ProductSection::new("Blue").product("CUP-1").product("CUP-2");
/// assert_eq!(blue.product_items[1].product_retailer_id, "CUP-2".into());
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ProductSection {
    /// What is shown above the products, at most 24 characters; mandatory where there are several sections.
    pub title: Option<String>,
    /// The products.
    pub product_items: Vec<ProductItem>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One product of a section.
///
/// For an example see [`ProductSection`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ProductItem {
    /// The product.
    pub product_retailer_id: ProductRetailerId,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MultiProduct {
    /// The text above (1 to 60 characters), what the message says (1 to 1024), and the catalog.
    pub fn new(
        header: impl Into<String>,
        body: impl Into<String>,
        catalog_id: impl Into<CatalogId>,
    ) -> Self {
        Self {
            frame: Frame {
                header: Some(header.into().into()),
                ..Frame::with_body(body)
            },
            action: ProductListAction {
                catalog_id: catalog_id.into(),
                sections: Vec::new(),
                unknown: Default::default(),
            },
        }
    }

    /// Adds a section.
    ///
    /// For an example see [`MultiProduct`].
    pub fn section(mut self, section: ProductSection) -> Self {
        self.action.sections.push(section);
        self
    }
}

impl ProductSection {
    /// The maximum number of characters in a title.
    pub const TITLE_MAX: usize = 24;
    /// The maximum number of sections in one message.
    pub const COUNT_MAX: usize = 10;
    /// The maximum number of products in all sections together; checked at the path `sections[*].product_items`.
    pub const PRODUCTS_MAX: usize = 30;

    /// A section with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            product_items: Vec::new(),
            unknown: Default::default(),
        }
    }

    /// Adds a product.
    pub fn product(mut self, product_retailer_id: impl Into<ProductRetailerId>) -> Self {
        self.product_items.push(ProductItem {
            product_retailer_id: product_retailer_id.into(),
            unknown: Default::default(),
        });
        self
    }
}

impl Validate for ProductListAction {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("catalog_id")
            .not_empty(self.catalog_id.as_str());
        check_sections(&self.sections, check);
    }
}

/// Checks the `sections` of an action, here or of a template's button.
pub(in crate::outbound) fn check_sections(sections: &[ProductSection], check: &mut Check<'_>) {
    check
        .member("sections")
        .count(sections.len(), 1, ProductSection::COUNT_MAX);
    let total = sections
        .iter()
        .map(|section| section.product_items.len())
        .sum();
    check.member("sections[*]").member("product_items").count(
        total,
        0,
        ProductSection::PRODUCTS_MAX,
    );
    for (index, section) in sections.iter().enumerate() {
        let mut check = check.member("sections");
        let mut check = check.element(index);
        check_title(
            section.title.as_deref(),
            sections.len(),
            &mut check.member("title"),
        );
        let mut check = check.member("product_items");
        check.count(section.product_items.len(), 1, usize::MAX);
        for (index, item) in section.product_items.iter().enumerate() {
            check
                .element(index)
                .member("product_retailer_id")
                .not_empty(item.product_retailer_id.as_str());
        }
    }
}
