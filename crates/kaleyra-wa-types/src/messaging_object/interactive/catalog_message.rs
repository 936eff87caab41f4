//! The whole catalog.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::ProductRetailerId;
use crate::validate::{Check, Validate};
use crate::wire::object::{deserialize_object, wire_object};

interactive_builder! {
    /// A message with a button that opens the catalog.
    ///
    /// Source: *Send Catalog Messages*; Meta's *Catalog messages*.
    pub struct CatalogMessage(CatalogAction) { footer }
}

wire_object! {
    /// The action of `catalog_message`.
    pub struct CatalogAction {
        /// Always `catalog_message`.
        pub name: Option<ActionName>,
        /// How the message looks. Optional by Meta's page, mandatory in its published schema: a missing one is no violation.
        pub parameters: Option<CatalogParameters>,
    }
}

wire_object! {
    /// How a catalog message looks.
    pub struct CatalogParameters {
        /// The product whose image is shown; the first of the catalog where it is missing.
        pub thumbnail_product_retailer_id: Option<ProductRetailerId>,
    }
}

deserialize_object!(CatalogAction, CatalogParameters);

impl CatalogMessage {
    /// What the message says, 1 to 1024 characters.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: CatalogAction {
                name: Some(ActionName::CatalogMessage),
                parameters: None,
                unknown: Default::default(),
            },
        }
    }

    /// The product whose image is shown.
    pub fn thumbnail(mut self, product_retailer_id: impl Into<ProductRetailerId>) -> Self {
        self.action.parameters = Some(CatalogParameters {
            thumbnail_product_retailer_id: Some(product_retailer_id.into()),
            unknown: Default::default(),
        });
        self
    }
}

impl Validate for CatalogAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "catalog_message", check);
    }
}
