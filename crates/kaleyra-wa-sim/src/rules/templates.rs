//! The templates that the simulator knows, and whether a send fits one.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;

use crate::model::delivery_error::DeliveryError;

/// Where templates are looked up that were not created at the simulator: a folder of them, or what you have instead.
///
/// ```
/// use std::sync::Arc;
///
/// use kaleyra_wa_sim::{Simulator, Templates};
/// use kaleyra_wa_types::template::TemplateDefinition;
///
/// /// The templates that the program itself submits.
/// struct Ours(Vec<Arc<TemplateDefinition>>);
///
/// impl Templates for Ours {
///     fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
///         self.0.iter().find(|template| template.is(name, language)).cloned()
///     }
///
///     fn all(&self) -> Vec<Arc<TemplateDefinition>> {
///         self.0.clone()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
///     .templates(Ours(vec![Arc::new(closed)]))
///     .bind("127.0.0.1:0")
///     .await?;
/// assert_eq!(sim.templates().len(), 1);
/// assert!(sim.template("closed", "en").is_some());
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub trait Templates: Send + Sync {
    /// The template of this name and language, where `en-US` is as good as `en_US`; `None` where there is none. One without
    /// a status may be sent.
    fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>>;

    /// All of them, for the list that the API gives; none, unless this says otherwise.
    fn all(&self) -> Vec<Arc<TemplateDefinition>> {
        Vec::new()
    }
}

impl fmt::Debug for dyn Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Templates")
    }
}

/// Whether a send fits its definition; if not, with Meta's code for the first thing that is wrong.
pub(crate) fn check(definition: &TemplateDefinition, sent: &Value) -> Result<(), DeliveryError> {
    let Ok(template) = serde_json::from_value::<Template>(sent.clone()) else {
        let details = "template: has another shape than documented";
        return Err(DeliveryError::new("100", title(100), details));
    };
    let mismatches = definition.check(&template);
    let Some(first) = mismatches.first() else {
        return Ok(());
    };
    let all: Vec<String> = mismatches
        .iter()
        .map(|mismatch| match mismatch.code == first.code {
            true => format!("{}: {}", mismatch.path, mismatch.reason),
            false => mismatch.to_string(),
        })
        .collect();
    let code = first.code.to_string();
    Err(DeliveryError::new(&code, title(first.code), all.join("; ")))
}

/// There is no such template.
pub(crate) fn unknown() -> DeliveryError {
    let details =
        "template name does not exist in the translation, or the translation is not approved";
    DeliveryError::new("132001", title(132_001), details)
}

/// What a user sees of a send: the text, filled in. The whole is [`TemplateDefinition::render`].
pub(crate) fn render(definition: &TemplateDefinition, sent: &Value) -> String {
    match serde_json::from_value::<Template>(sent.clone()) {
        Ok(template) => definition.render(&template).body,
        Err(_) => definition.name.clone(),
    }
}

/// The titles of Meta's page of error codes.
fn title(code: i64) -> &'static str {
    match code {
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        132_000 => "Template param count mismatch",
        132_001 => "Template does not exist",
        132_005 => "Template hydrated text too long",
        132_012 => "Template parameter format mismatch",
        132_015 => "Template is paused",
        132_016 => "Template is disabled",
        132_018 => "Template validation error",
        _ => "Invalid parameter",
    }
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_types::template::{ButtonDefinition, TemplateStatus};
    use serde_json::json;

    use super::*;

    fn booking() -> TemplateDefinition {
        TemplateDefinition::utility("booking", "en")
            .header_image("4::aQ")
            .body("Hi {{1}}, see you at {{2}}, {{1}}.", ["Anna", "nine"])
            .button(ButtonDefinition::quick_reply("Cancel"))
            .button(ButtonDefinition::url("Open", "https://example.com/{{1}}"))
    }

    fn sent(body: usize, url: usize) -> Value {
        let texts = |count| vec![json!({"type": "text", "text": "x"}); count];
        json!({"name": "booking", "language": {"code": "en"}, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]},
            {"type": "body", "parameters": texts(body)},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": texts(url)},
        ]})
    }

    #[test]
    fn the_first_fault_has_its_code_and_all_are_told() {
        let mut definition = booking();
        assert_eq!(check(&definition, &sent(2, 1)), Ok(()));
        let error = check(&definition, &sent(1, 0)).unwrap_err();
        assert_eq!((&*error.code, error.title), ("132000", title(132_000)));
        assert!(error.details.contains("131008"), "{}", error.details);
        assert_eq!(render(&definition, &sent(2, 1)), "Hi x, see you at x, x.");
        for (status, code) in [
            (TemplateStatus::Paused, "132015"),
            (TemplateStatus::Disabled, "132016"),
            (TemplateStatus::Rejected, "132001"),
        ] {
            definition.status = Some(status);
            assert_eq!(check(&definition, &sent(2, 1)).unwrap_err().code, code);
        }
        assert_eq!(check(&booking(), &json!([])).unwrap_err().code, "100");
    }
}
