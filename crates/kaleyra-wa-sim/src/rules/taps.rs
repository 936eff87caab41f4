//! What there is to tap on a message, and what comes of it.

use kaleyra_wa_types::template::{ButtonDefinition, ButtonKind, TemplateDefinition};
use serde_json::{Value, json};

use crate::callback::{EndUser, UserMessage};
use crate::model::accepted_message::AcceptedMessage;

/// Something on a message that a user can tap.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, TapAction};
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let question = json!({"type": "interactive", "interactive": {
///     "type": "button", "body": {"text": "Which size?"},
///     "action": {"buttons": [{"type": "reply", "reply": {"id": "size-42", "title": "42"}}]},
/// }});
/// send(&sim, question).await; // by the code under test
/// let taps = sim.taps(&sim.accepted()[0]);
/// assert_eq!(taps[0].label, "42");
/// assert!(matches!(&taps[0].action, TapAction::ReplyButton { id, .. } if id == "size-42"));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tap {
    /// What it says; for a template's button that is not known, its payload.
    pub label: String,
    /// What tapping it does.
    pub action: TapAction,
    /// The card of a carousel that it is on, from 0.
    pub card: Option<usize>,
}

/// What a tap does.
///
/// For an example see [`Tap`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TapAction {
    /// A reply button.
    #[non_exhaustive]
    ReplyButton {
        /// Its id.
        id: String,
    },
    /// A row of a list.
    #[non_exhaustive]
    ListRow {
        /// Its id.
        id: String,
        /// The text below its title.
        description: Option<String>,
        /// The title of its section.
        section: String,
    },
    /// A quick-reply button of a template.
    #[non_exhaustive]
    TemplateButton {
        /// Its payload.
        payload: String,
    },
    /// Opens a page. Nothing is called back.
    #[non_exhaustive]
    Link {
        /// Its address.
        url: String,
    },
    /// Copies a code. Nothing is called back.
    #[non_exhaustive]
    CopyCode {
        /// The code.
        code: String,
    },
    /// Sends the place where the user is.
    LocationRequest,
    /// Sends the user's number.
    ContactRequest,
    /// Allows calls.
    CallPermission,
    /// Opens a form, which is sent by `fills`: `flow` or `address_message`.
    #[non_exhaustive]
    Form {
        /// Which.
        name: &'static str,
    },
    /// Opens the catalog, or a product of it; an order is sent by `orders`.
    #[non_exhaustive]
    Catalog {
        /// The catalog's id, where the message names it.
        catalog_id: String,
        /// The product's, where it is one.
        product: Option<String>,
    },
    /// Calls the business. Nothing is called back.
    Call,
    /// Shows an order with its amounts, to be paid in another app. Nothing is called back.
    Payment,
}

impl Tap {
    fn new(label: &Value, action: TapAction) -> Self {
        Self {
            label: text(label),
            action,
            card: None,
        }
    }

    fn on_card(self, index: usize) -> Self {
        let card = Some(index);
        Self { card, ..self }
    }

    /// The message that it sends; `None` where tapping sends none.
    pub(crate) fn message(&self, user: &EndUser, of: &AcceptedMessage) -> Option<UserMessage> {
        let message = match &self.action {
            TapAction::ReplyButton { id } => user.button_reply(id, &self.label),
            TapAction::ListRow {
                id, description, ..
            } => user.list_reply(id, &self.label, description.as_deref()),
            TapAction::TemplateButton { payload } => user.template_button(payload, &self.label),
            TapAction::LocationRequest => user.location(12.9716, 77.5946, None),
            TapAction::ContactRequest => user.own_contact(),
            TapAction::CallPermission => user.call_permission_reply(true),
            TapAction::Form { name } => user.form_reply(name, "Sent", &json!({})),
            TapAction::Link { .. }
            | TapAction::CopyCode { .. }
            | TapAction::Catalog { .. }
            | TapAction::Payment
            | TapAction::Call => return None,
        };
        Some(message.replying_to(of))
    }
}

/// Everything on a message that can be tapped, from top to bottom.
/// `known` is the definition of the message's template.
pub(crate) fn taps(message: &AcceptedMessage, known: Option<&TemplateDefinition>) -> Vec<Tap> {
    let content = message.content();
    match message.type_name() {
        Some("interactive") => interactive(content),
        Some("template") => template(content, known),
        _ => Vec::new(),
    }
}

fn interactive(content: &Value) -> Vec<Tap> {
    let action = &content["action"];
    let parameters = &action["parameters"];
    let kind = content["type"].as_str().unwrap_or_default();
    let one = |label: &Value, action: TapAction| vec![Tap::new(label, action)];
    match kind.to_ascii_lowercase().as_str() {
        "button" => elements(&action["buttons"]).map(button).collect(),
        "list" => elements(&action["sections"])
            .flat_map(|section| {
                elements(&section["rows"]).map(move |row| {
                    Tap::new(
                        &row["title"],
                        TapAction::ListRow {
                            id: text(&row["id"]),
                            description: row["description"].as_str().map(str::to_owned),
                            section: text(&section["title"]),
                        },
                    )
                })
            })
            .collect(),
        "cta_url" => one(&parameters["display_text"], link(parameters)),
        "carousel" => (elements(&action["cards"]).enumerate())
            .flat_map(|(index, it)| card(it).into_iter().map(move |tap| tap.on_card(index)))
            .collect(),
        "location_request_message" => one(&json!("Send location"), TapAction::LocationRequest),
        "request_contact_info" => one(&json!("Share contact info"), TapAction::ContactRequest),
        "call_permission_request" => one(&json!("Allow"), TapAction::CallPermission),
        "voice_call" => one(&parameters["display_text"], TapAction::Call),
        "flow" => one(&parameters["flow_cta"], TapAction::Form { name: "flow" }),
        "address_message" => {
            let name = "address_message";
            one(&json!("Provide address"), TapAction::Form { name })
        }
        "order_details" => one(&json!("Review and pay"), TapAction::Payment),
        "product" => one(&json!("View"), product(action)),
        "product_list" | "catalog_message" => one(&json!("View catalog"), product(action)),
        _ => Vec::new(),
    }
}

fn card(card: &Value) -> Vec<Tap> {
    let action = &card["action"];
    let parameters = &action["parameters"];
    match card["type"].as_str() {
        Some("product") => vec![Tap::new(&json!("View"), product(action))],
        _ if parameters["url"].is_string() => {
            vec![Tap::new(&parameters["display_text"], link(parameters))]
        }
        _ => elements(&action["buttons"]).map(button).collect(),
    }
}

/// A reply button, or a quick reply of a card.
fn button(button: &Value) -> Tap {
    let kind = button["type"].as_str().unwrap_or("reply");
    let reply = &button[kind];
    Tap::new(
        &reply["title"],
        TapAction::ReplyButton {
            id: text(&reply["id"]),
        },
    )
}

fn link(parameters: &Value) -> TapAction {
    TapAction::Link {
        url: text(&parameters["url"]),
    }
}

fn product(action: &Value) -> TapAction {
    TapAction::Catalog {
        catalog_id: text(&action["catalog_id"]),
        product: action["product_retailer_id"].as_str().map(str::to_owned),
    }
}

fn template(content: &Value, known: Option<&TemplateDefinition>) -> Vec<Tap> {
    let own = known.map_or(&[][..], TemplateDefinition::buttons);
    let mut taps = template_buttons(&content["components"], own);
    let cards = elements(&content["components"]).flat_map(|it| elements(&it["cards"]));
    for (index, card) in cards.enumerate() {
        let known = known.and_then(|known| known.cards().get(index));
        let mut of_card = known.into_iter().flat_map(|card| &card.components);
        let known = of_card.find(|it| !it.buttons.is_empty());
        let known = known.map_or(&[][..], |it| &it.buttons);
        let buttons = template_buttons(&card["components"], known);
        taps.extend(buttons.into_iter().map(|tap| tap.on_card(index)));
    }
    taps
}

/// The buttons of a template or of a card, in the definition's order: each as the message has it, or else as it is defined,
/// since a message names only those that have a value in it. What is not defined comes last.
fn template_buttons(components: &Value, known: &[ButtonDefinition]) -> Vec<Tap> {
    let is_button = |it: &&Value| {
        let kind = it["type"].as_str();
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
    };
    let mut sent: Vec<_> = elements(components)
        .filter(is_button)
        .filter_map(|button| Some((index_of(button), template_button(button, known)?)))
        .collect();
    let mut taps = Vec::new();
    for (index, button) in known.iter().enumerate() {
        match sent.iter().position(|(at, _)| *at == Some(index)) {
            Some(place) => taps.push(sent.remove(place).1),
            None => taps.extend(defined_button(button)),
        }
    }
    taps.extend(sent.into_iter().map(|(_, tap)| tap));
    taps
}

/// A button that has no value in the message.
fn defined_button(button: &ButtonDefinition) -> Option<Tap> {
    let (own, action) = match button.kind {
        ButtonKind::QuickReply => {
            let payload = button.text.clone().unwrap_or_default();
            ("", TapAction::TemplateButton { payload })
        }
        ButtonKind::Url => {
            let url = button.url.clone().unwrap_or_default();
            ("", TapAction::Link { url })
        }
        ButtonKind::PhoneNumber | ButtonKind::VoiceCall => ("Call", TapAction::Call),
        ButtonKind::Flow => ("Open the form", TapAction::Form { name: "flow" }),
        ButtonKind::Catalog | ButtonKind::Mpm | ButtonKind::Spm => {
            ("View catalog", product(&Value::Null))
        }
        ButtonKind::OrderDetails => ("Review and pay", TapAction::Payment),
        ButtonKind::RequestContactInfo => ("Share contact info", TapAction::ContactRequest),
        // What a code is stands in the message alone.
        _ => return None,
    };
    Some(Tap::new(
        &json!(button.text.as_deref().unwrap_or(own)),
        action,
    ))
}

fn index_of(button: &Value) -> Option<usize> {
    match &button["index"] {
        Value::String(text) => text.parse().ok(),
        number => usize::try_from(number.as_u64()?).ok(),
    }
}

fn template_button(button: &Value, known: &[ButtonDefinition]) -> Option<Tap> {
    let parameter = &button["parameters"][0];
    let known = index_of(button).and_then(|index| known.get(index));
    let label = |given: &str| json!(known.and_then(|it| it.text.as_deref()).unwrap_or(given));
    let kind = button["sub_type"].as_str()?.to_ascii_lowercase();
    Some(match kind.as_str() {
        "quick_reply" => {
            let payload = text(&parameter["payload"]);
            let label = label(&payload);
            Tap::new(&label, TapAction::TemplateButton { payload })
        }
        "url" => {
            let suffix = text(&parameter["text"]);
            let url = known.and_then(|it| it.url.as_ref());
            let url = url.map_or_else(|| suffix.clone(), |url| url.replace("{{1}}", &suffix));
            Tap::new(&label(&suffix), TapAction::Link { url })
        }
        "copy_code" => {
            let code = text(&parameter["coupon_code"]);
            Tap::new(&label("Copy code"), TapAction::CopyCode { code })
        }
        "flow" => Tap::new(&label("Open the form"), TapAction::Form { name: "flow" }),
        "catalog" | "mpm" | "spm" => Tap::new(&label("View catalog"), product(&Value::Null)),
        "order_details" => Tap::new(&label("Review and pay"), TapAction::Payment),
        "voice_call" => Tap::new(&label("Call"), TapAction::Call),
        _ => return None,
    })
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(taps: &[Tap]) -> Vec<&str> {
        taps.iter().map(|tap| tap.label.as_str()).collect()
    }

    #[test]
    fn every_kind_can_be_tapped() {
        let buttons = json!({"type": "button", "action": {"buttons": [
            {"type": "reply", "reply": {"id": "a", "title": "41"}},
            {"type": "reply", "reply": {"id": "b", "title": "42"}},
        ]}});
        assert_eq!(labels(&interactive(&buttons)), ["41", "42"]);
        let list = json!({"type": "list", "action": {"button": "Open", "sections": [
            {"title": "One", "rows": [{"id": "1", "title": "Red", "description": "warm"}]},
            {"title": "Two", "rows": [{"id": "2", "title": "Blue"}]},
        ]}});
        let taps = interactive(&list);
        assert_eq!(labels(&taps), ["Red", "Blue"]);
        assert!(
            matches!(&taps[1].action, TapAction::ListRow { id, section, .. } if id == "2" && section == "Two")
        );
        let carousel = json!({"type": "carousel", "action": {"cards": [
            {"action": {"buttons": [{"type": "quick_reply", "quick_reply": {"id": "q", "title": "Take it"}}]}},
            {"action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://example.com"}}},
        ]}});
        let taps = interactive(&carousel);
        assert_eq!(labels(&taps), ["Take it", "Open"]);
        assert_eq!((taps[0].card, taps[1].card), (Some(0), Some(1)));
        for (kind, label) in [
            ("location_request_message", "Send location"),
            ("address_message", "Provide address"),
            ("request_contact_info", "Share contact info"),
            ("call_permission_request", "Allow"),
            ("catalog_message", "View catalog"),
            ("order_details", "Review and pay"),
        ] {
            assert_eq!(labels(&interactive(&json!({"type": kind}))), [label]);
        }
        assert!(interactive(&json!({"type": "hologram"})).is_empty());
    }

    #[test]
    fn buttons_without_a_value_are_known_from_the_definition() {
        let definition = TemplateDefinition::utility("ready", "en")
            .body("It is ready.", [""; 0])
            .button(ButtonDefinition::quick_reply("Thanks"))
            .button(ButtonDefinition::url("Track", "https://example.com/{{1}}"))
            .button(ButtonDefinition::url("Help", "https://example.com/help"))
            .button(ButtonDefinition::phone_number("Ring us", "+919800000009"));
        let content = json!({"components": [
            {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "A1"}]},
        ]});
        let taps = template(&content, Some(&definition));
        assert_eq!(labels(&taps), ["Thanks", "Track", "Help", "Ring us"]);
        let link = |url: &str| TapAction::Link {
            url: url.to_owned(),
        };
        assert_eq!(taps[1].action, link("https://example.com/A1"));
        assert_eq!(taps[2].action, link("https://example.com/help"));
        assert_eq!(taps[3].action, TapAction::Call);
    }

    #[test]
    fn a_templates_button_is_known_by_its_payload() {
        let content = json!({"name": "booking", "components": [
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "again"}]},
            {"type": "BUTTON", "sub_type": "COPY_CODE", "index": 1, "parameters": [{"type": "coupon_code", "coupon_code": "X1"}]},
        ]});
        let taps = template(&content, None);
        assert_eq!(labels(&taps), ["again", "Copy code"]);
        let cards = json!({"name": "sale", "components": [{"type": "carousel", "cards": [
            {"card_index": 0, "components": [{"type": "button", "sub_type": "quick_reply", "index": "0",
                "parameters": [{"type": "payload", "payload": "boot"}]}]},
            {"card_index": 1, "components": [{"type": "button", "sub_type": "url", "index": "0",
                "parameters": [{"type": "text", "text": "sandal"}]}]},
        ]}]});
        let on_cards = template(&cards, None);
        assert_eq!(labels(&on_cards), ["boot", "sandal"]);
        assert_eq!((on_cards[0].card, on_cards[1].card), (Some(0), Some(1)));
        assert_eq!(
            taps[1].action,
            TapAction::CopyCode {
                code: "X1".to_owned()
            }
        );
    }
}
