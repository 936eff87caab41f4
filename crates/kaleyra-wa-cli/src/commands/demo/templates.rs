//! The shop's templates.

use std::sync::Arc;

use kaleyra_wa_sim::{KnownTemplate, Templates};
use serde_json::json;

/// Asks whether the user is still interested.
pub(super) const COME_BACK: &str = "come_back";

/// All of them, as the console would have them.
pub(super) struct ShopTemplates(Option<Arc<KnownTemplate>>);

impl ShopTemplates {
    pub(super) fn new() -> Self {
        let come_back = KnownTemplate::from_json(&json!({
            "name": COME_BACK, "language": "en", "category": "MARKETING",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "Still thinking?"},
                {"type": "BODY", "text": "Hi {{1}}! The blue shoe is still there. Shall we keep it for you?"},
                {"type": "FOOTER", "text": "Example Shoes, MG Road"},
                {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Keep it for me"},
                    {"type": "QUICK_REPLY", "text": "No, thanks"},
                    {"type": "URL", "text": "See it", "url": "https://example.com/shoes/{{1}}"},
                ]},
            ],
        }));
        Self(come_back.map(|(.., template)| Arc::new(template)))
    }
}

impl Templates for ShopTemplates {
    fn find(&self, name: &str, language: &str) -> Option<Arc<KnownTemplate>> {
        (name == COME_BACK && language == "en").then(|| self.0.clone())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_known() {
        let template = ShopTemplates::new().find(COME_BACK, "en").unwrap();
        assert_eq!(template.buttons.len(), 3);
        assert!(ShopTemplates::new().find(COME_BACK, "de").is_none());
    }
}
