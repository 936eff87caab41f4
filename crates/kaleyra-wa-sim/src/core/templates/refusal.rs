//! Why Meta refuses a template that is created or edited.

use kaleyra_wa_types::{Rule, Violation};

/// Why Meta refuses a template, by its page of error codes.
#[derive(Debug)]
pub(crate) struct RefusedTemplate {
    pub(crate) subcode: Option<u32>,
    pub(crate) title: &'static str,
    pub(crate) message: String,
}

impl RefusedTemplate {
    pub(super) fn new(
        subcode: impl Into<Option<u32>>,
        title: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            subcode: subcode.into(),
            title,
            message: message.into(),
        }
    }

    /// Which of Meta's codes a broken limit has. Its page names them by what is wrong in words, so this is inferred.
    pub(super) fn of(violation: &Violation) -> Self {
        let (subcode, title) = match &violation.rule {
            _ if violation.path.contains("example") => (
                Some(2_388_043),
                "Message template is missing expected field(s)",
            ),
            Rule::Length { found: 1.., .. } => (Some(2_388_040), "Character limit exceeded"),
            _ if violation.path.ends_with(".text") && matches!(violation.rule, Rule::Format(_)) => {
                (Some(2_388_299), "Variables are not in the right place")
            }
            _ => (None, "Invalid parameter"),
        };
        Self::new(subcode, title, violation.to_string())
    }
}
