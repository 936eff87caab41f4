//! The names of the fields of a flat status, which a customer chooses.

use std::borrow::Cow;

/// The names of the fields of a flat status: those of Kaleyra's page, unless a callback profile has others.
///
/// ```
/// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateStatus};
/// use kaleyra_wa_client::{StatusNames, TemplateStore};
///
/// let store: TemplateStore = [TemplateDefinition::utility("closed", "en")].into_iter().collect();
/// let names = StatusNames::default().event("state").id("template_id").name("template").language("lang").reason("why");
/// let body = serde_json::json!({
///     "state": "Rejected", "template_id": "7345", "template": "closed", "lang": "en", "why": "INVALID_FORMAT"
/// });
/// assert!(store.apply_named(&body, &names));
/// assert_eq!(store.get("closed", "en").unwrap().status, Some(TemplateStatus::Rejected));
/// ```
///
/// Source: *Template Status Update*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusNames {
    pub(super) event: Cow<'static, str>,
    pub(super) id: Cow<'static, str>,
    pub(super) name: Cow<'static, str>,
    pub(super) language: Cow<'static, str>,
    pub(super) reason: Cow<'static, str>,
}

impl Default for StatusNames {
    fn default() -> Self {
        Self {
            event: "event".into(),
            id: "message_template_id".into(),
            name: "message_template_name".into(),
            language: "message_template_language".into(),
            reason: "reason".into(),
        }
    }
}

impl StatusNames {
    /// What the field is called that has the status; `event` on Kaleyra's page.
    #[must_use]
    pub fn event(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.event = name.into();
        self
    }

    /// What the field is called that has the template's id; `message_template_id` on Kaleyra's page.
    #[must_use]
    pub fn id(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.id = name.into();
        self
    }

    /// What the field is called that has the template's name; `message_template_name` on Kaleyra's page.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// What the field is called that has the template's language; `message_template_language` on Kaleyra's page.
    #[must_use]
    pub fn language(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.language = name.into();
        self
    }

    /// What the field is called that has the reason of a rejection; `reason` on Kaleyra's page.
    #[must_use]
    pub fn reason(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.reason = name.into();
        self
    }
}
