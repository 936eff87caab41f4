//! What breaks a limit of the pages, and the code that Meta has for it.

use kaleyra_wa_types::{Rule, SendRequest, Violation};

use crate::model::delivery_error::DeliveryError;

/// The first limit that a message breaks, with Meta's code.
pub(crate) fn first_violation(request: Option<&SendRequest>) -> Option<DeliveryError> {
    match request {
        Some(request) => request
            .violations()
            .into_iter()
            // A reference that is too long is cut, and no fault.
            .find(|violation| violation.path.starts_with("messaging_object"))
            .map(|violation| error_of(&violation)),
        None => Some(DeliveryError::new(
            "131009",
            "Parameter value is not valid",
            "messaging_object: has another shape than documented",
        )),
    }
}

/// Which code Meta has for it. Its pages name codes by what is wrong, not by field, so this is inferred.
fn error_of(violation: &Violation) -> DeliveryError {
    let is_of_template = violation.path.starts_with("messaging_object.template");
    let (code, title) = match &violation.rule {
        Rule::Required(_) => ("131008", "Required parameter is missing"),
        Rule::Count { min, found, .. } if found < min && !is_of_template => {
            ("131008", "Required parameter is missing")
        }
        Rule::Count { .. } if is_of_template => ("132000", "Template param count mismatch"),
        Rule::Format(_) if is_of_template => ("132018", "Template validation error"),
        Rule::Length { found: 0, .. } => ("131008", "Required parameter is missing"),
        Rule::Length { .. } => ("100", "Invalid parameter"),
        _ => ("131009", "Parameter value is not valid"),
    };
    DeliveryError::new(code, title, violation.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(message: &str) -> Option<(String, String)> {
        let body = format!(
            r#"{{"messaging_object":{{"messaging_product":"whatsapp","to":"+919800000001",{message}}}}}"#
        );
        let error = first_violation(Some(&SendRequest::from_slice(body.as_bytes()).unwrap()))?;
        Some((error.code, error.details))
    }

    #[test]
    fn violations_have_a_code_and_a_path() {
        assert_eq!(code(r#""type":"text","text":{"body":"Hi"}"#), None);
        let long = format!(r#""type":"text","text":{{"body":"{}"}}"#, "x".repeat(4097));
        let (code_of_long, details) = code(&long).unwrap();
        assert_eq!(code_of_long, "100");
        assert!(
            details.starts_with("messaging_object.text.body: at most 4096"),
            "{details}"
        );
        let (code_of_empty, _) = code(r#""type":"text","text":{"body":""}"#).unwrap();
        assert_eq!(code_of_empty, "131008");
        assert_eq!(first_violation(None).unwrap().code, "131009");
    }
}
