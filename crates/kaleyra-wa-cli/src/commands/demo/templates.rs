//! The shop's templates.

use std::sync::Arc;

use kaleyra_wa_client::types::template::{ButtonDefinition, TemplateDefinition};
use kaleyra_wa_sim::Templates;

/// Asks whether the user is still interested.
pub(super) const COME_BACK: &str = "come_back";

/// All of them, as the console would have them.
pub(super) struct ShopTemplates(Arc<TemplateDefinition>);

impl ShopTemplates {
    pub(super) fn new() -> Self {
        let come_back = TemplateDefinition::marketing(COME_BACK, "en")
            .header_text("Still thinking?", [""; 0])
            .body(
                "Hi {{1}}! The blue shoe is still there. Shall we keep it for you?",
                ["Asha"],
            )
            .footer("Example Shoes, MG Road")
            .button(ButtonDefinition::quick_reply("Keep it for me"))
            .button(ButtonDefinition::quick_reply("No, thanks"))
            .button(
                ButtonDefinition::url("See it", "https://example.com/shoes/{{1}}").example("41"),
            );
        Self(Arc::new(come_back))
    }
}

impl Templates for ShopTemplates {
    fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
        self.0.is(name, language).then(|| self.0.clone())
    }

    fn all(&self) -> Vec<Arc<TemplateDefinition>> {
        vec![self.0.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_known_and_meta_would_take_it() {
        let templates = ShopTemplates::new();
        let template = templates.find(COME_BACK, "en").unwrap();
        assert_eq!(template.buttons().len(), 3);
        assert_eq!(template.validate(), []);
        assert!(templates.find(COME_BACK, "de").is_none());
    }
}
