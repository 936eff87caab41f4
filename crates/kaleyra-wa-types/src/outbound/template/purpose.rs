//! What a template was made for.

/// What a template was made for. It is not on the wire: Meta knows it from the template's definition, and here it is known
/// only where a template was made as one. So it does not count when templates are compared.
///
/// ```
/// use kaleyra_wa_types::outbound::template::Template;
///
/// assert!(Template::authentication("otp_en", "en", "123456").purpose.is_authentication());
/// assert!(!Template::new("order_shipped", "en").purpose.is_authentication());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum TemplatePurpose {
    /// To prove who the user is, with a one-time code: by [`Template::authentication`](super::Template::authentication).
    Authentication,
    /// Nobody said.
    #[default]
    Unsaid,
}

impl TemplatePurpose {
    /// Whether it was made as an authentication template.
    pub fn is_authentication(self) -> bool {
        matches!(self, Self::Authentication)
    }
}

impl PartialEq for TemplatePurpose {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
