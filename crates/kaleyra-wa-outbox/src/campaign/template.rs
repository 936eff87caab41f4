//! A campaign's template, with places that each recipient fills.

use kaleyra_wa_client::types::extra_info::ExtraInfo;
use kaleyra_wa_client::types::outbound::template::Template as WireTemplate;
use kaleyra_wa_client::types::outbound::{Content, MessagingObject};
use kaleyra_wa_client::types::{PhoneNumber, Recipient, SendRequest, UserId};
use serde_json::Value;

/// A template in which texts have places such as `{{name}}`, which a column of the recipients' file fills.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    template: Value,
    /// The columns that have a place, in the order in which a row's values are kept.
    columns: Vec<String>,
}

impl Template {
    pub(crate) fn new(template: &WireTemplate) -> Result<Self, String> {
        let template = serde_json::to_value(template)
            .map_err(|error| format!("the template can't be written as JSON: {error}"))?;
        let mut columns = Vec::new();
        find(&template, &mut columns)?;
        Ok(Self { template, columns })
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// As it is stored.
    pub(crate) fn to_stored(&self) -> String {
        serde_json::json!({"template": self.template, "columns": self.columns}).to_string()
    }

    /// What was stored.
    pub(crate) fn from_stored(text: &str) -> Result<Self, String> {
        let broken = || "the campaign's template can't be read".to_owned();
        let mut stored: Value = serde_json::from_str(text).map_err(|_| broken())?;
        let template = stored
            .get_mut("template")
            .map(Value::take)
            .ok_or_else(broken)?;
        let columns = stored
            .get("columns")
            .and_then(Value::as_array)
            .ok_or_else(broken)?;
        let columns = columns.iter().map(|it| it.as_str().map(str::to_owned));
        let columns = columns.collect::<Option<Vec<_>>>().ok_or_else(broken)?;
        Ok(Self { template, columns })
    }

    /// The request to a recipient, with the values as they are stored.
    pub(crate) fn fill(
        &self,
        recipient: &str,
        reference: &str,
        params: &str,
    ) -> Result<SendRequest, String> {
        let values: Vec<String> =
            serde_json::from_str(params).map_err(|_| "its values can't be read".to_owned())?;
        if values.len() != self.columns.len() {
            return Err("it has not as many values as its template has places".to_owned());
        }
        let recipient = match recipient.parse::<PhoneNumber>() {
            Ok(number) => Recipient::Phone(number),
            Err(_) => Recipient::User(UserId::from(recipient)),
        };
        self.request(recipient, reference, &values)
    }

    pub(crate) fn request(
        &self,
        recipient: Recipient,
        reference: &str,
        values: &[String],
    ) -> Result<SendRequest, String> {
        let filled = if self.columns.is_empty() {
            self.template.clone()
        } else {
            self.filled(&self.template, values)
        };
        let template: WireTemplate = serde_json::from_value(filled)
            .map_err(|error| format!("the filled template can't be read: {error}"))?;
        let message = MessagingObject::new(recipient, Content::Template(template));
        Ok(SendRequest::new(message).extra_info(ExtraInfo::new().reference(reference)))
    }

    fn filled(&self, value: &Value, values: &[String]) -> Value {
        match value {
            Value::String(text) => Value::String(self.filled_text(text, values)),
            Value::Array(elements) => elements.iter().map(|it| self.filled(it, values)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let filled =
                    members.map(|(name, value)| (name.clone(), self.filled(value, values)));
                Value::Object(filled.collect())
            }
            other => other.clone(),
        }
    }

    /// Each place once, from left to right: what a value says is never taken for a place.
    fn filled_text(&self, text: &str, values: &[String]) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, after)) = next_place(rest) {
            filled.push_str(before);
            let nth = self.columns.iter().position(|column| column == name);
            if let Some(value) = nth.and_then(|nth| values.get(nth)) {
                filled.push_str(value);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// What stands before the next place, its name, and what stands after it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

/// The columns that the texts inside name.
fn find(value: &Value, columns: &mut Vec<String>) -> Result<(), String> {
    match value {
        Value::String(text) => {
            let mut rest = text.as_str();
            while let Some((_, name, after)) = next_place(rest) {
                if name.is_empty() {
                    return Err("a place in the template has no name: write {{name}}".to_owned());
                }
                if !columns.iter().any(|column| column == name) {
                    columns.push(name.to_owned());
                }
                rest = after;
            }
            if rest.contains("{{") {
                return Err("a place in the template is not closed: write {{name}}".to_owned());
            }
            Ok(())
        }
        Value::Array(elements) => elements.iter().try_for_each(|it| find(it, columns)),
        Value::Object(members) => members.values().try_for_each(|it| find(it, columns)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_client::types::outbound::template::Button;

    use super::*;

    fn offer() -> Template {
        let template = WireTemplate::new("offer", "en")
            .body(["{{ name }}", "{{percent}} %"])
            .button(Button::url(0, "o/{{code}}?n={{name}}"));
        Template::new(&template).unwrap()
    }

    #[test]
    fn places_are_found_and_filled_wherever_there_is_a_text() {
        let template = Template::from_stored(&offer().to_stored()).unwrap();
        assert_eq!(template.columns(), ["name", "percent", "code"]);
        let filled = template
            .fill("+919800000001", "r", r#"["Asha {{code}}","20","x1"]"#)
            .unwrap();
        let written = serde_json::to_value(filled).unwrap();
        let components = &written["messaging_object"]["template"]["components"];
        assert_eq!(components[0]["parameters"][0]["text"], "Asha {{code}}");
        assert_eq!(components[0]["parameters"][1]["text"], "20 %");
        assert_eq!(
            components[1]["parameters"][0]["text"],
            "o/x1?n=Asha {{code}}"
        );
        assert_eq!(written["extra_info"]["ref"], "r");
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert!(offer().fill("+919800000001", "r", r#"["Asha"]"#).is_err());
        assert!(offer().fill("+919800000001", "r", "Asha").is_err());
        for broken in ["{{name", "a {{}} b"] {
            assert!(Template::new(&WireTemplate::new("offer", "en").body([broken])).is_err());
        }
    }
}
