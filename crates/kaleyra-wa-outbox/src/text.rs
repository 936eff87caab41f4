//! What a message says, for people.

use kaleyra_wa_client::types::SendRequest;
use kaleyra_wa_client::types::outbound::Content;
use serde_json::Value;

/// The text of a message, or what stands for it; `None` for a read receipt.
pub(crate) fn text_of(request: &SendRequest) -> Option<String> {
    let message = request.messaging_object.message()?;
    let content = match &message.content {
        Content::Text(text) => return Some(text.body.clone()),
        content => content,
    };
    let written = serde_json::to_value(&request.messaging_object).ok()?;
    let name = content.type_name();
    let body = written.get(name).unwrap_or(&Value::Null);
    let mut words = vec![format!("[{name}]")];
    if let Content::Template(template) = content {
        words.push(template.name.clone());
    }
    collect(body, &mut words);
    Some(words.join(" "))
}

/// The texts inside, in their order.
fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    (
                        "text" | "body" | "caption" | "title" | "payload" | "filename" | "link"
                        | "emoji",
                        Value::String(text),
                    ) => words.push(text.clone()),
                    _ => collect(value, words),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|it| collect(it, words)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_client::types::Recipient;
    use kaleyra_wa_client::types::outbound::template::Template;
    use kaleyra_wa_client::types::outbound::{Image, MessagingObject};

    use super::*;

    fn text(content: impl Into<Content>) -> Option<String> {
        let recipient = Recipient::try_from("+919800000001").unwrap();
        text_of(&SendRequest::new(MessagingObject::new(recipient, content)))
    }

    #[test]
    fn what_has_no_text_is_told_by_what_it_has() {
        assert_eq!(text("Hello").as_deref(), Some("Hello"));
        let image = Image::link("https://example.com/a.png").caption("A shoe");
        assert_eq!(
            text(image).as_deref(),
            Some("[image] A shoe https://example.com/a.png")
        );
        let template = Template::new("order_shipped", "en").body(["Asha", "17"]);
        assert_eq!(
            text(template).as_deref(),
            Some("[template] order_shipped Asha 17")
        );
    }
}
