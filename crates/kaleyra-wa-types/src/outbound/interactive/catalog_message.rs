//! The whole catalog.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::ProductRetailerId;
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// A message with a button that opens the catalog.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::CatalogMessage;
    ///
    /// let catalog = CatalogMessage::new("All our shoes.").thumbnail("shoe-blue").footer("Free returns");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(catalog))?,
    ///     serde_json::json!({
    ///         "type": "catalog_message",
    ///         "body": {"text": "All our shoes."},
    ///         "footer": {"text": "Free returns"},
    ///         "action": {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "shoe-blue"}},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Catalog Messages*; Meta's *Catalog messages*.
    pub struct CatalogMessage(CatalogAction) { footer }
}

/// The action of `catalog_message`.
///
/// For an example see [`CatalogMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CatalogAction {
    /// Always `catalog_message`.
    pub name: Option<ActionName>,
    /// How the message looks. Optional by Meta's page, mandatory in its published schema: a missing one is not a violation.
    pub parameters: Option<CatalogParameters>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How a catalog message looks.
///
/// For an example see [`CatalogMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CatalogParameters {
    /// The product whose image is shown; the first of the catalog where it is missing.
    pub thumbnail_product_retailer_id: Option<ProductRetailerId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

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
    ///
    /// For an example see [`CatalogMessage`].
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
