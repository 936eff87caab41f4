//! What a user's message says, in words.

use kaleyra_wa_types::contacts::Contact;
use kaleyra_wa_types::error_code::{CodeInfo, ErrorClass};
use kaleyra_wa_types::inbound::{
    Interactive, InteractiveReply, Location, Message, MessageContent, MetaError, Order, ReplyId,
    System,
};
use kaleyra_wa_types::{MessageId, Number};
use serde_json::Value;

use super::words::{quoted, short};

/// What a message says, in words.
pub(crate) fn message_says(message: &Message) -> String {
    let said = content_says(&message.content);
    let errors = errors_say(&message.errors);
    match (said.is_empty(), errors.is_empty()) {
        (_, true) => said,
        (true, false) => errors,
        (false, false) => format!("{said}: {errors}"),
    }
}

/// What errors of Meta's say: code, title and details of each.
pub(crate) fn errors_say<'a>(errors: impl IntoIterator<Item = &'a MetaError>) -> String {
    let one = |error: &MetaError| {
        let code = error.code.as_ref().map(|code| code.as_str());
        let title = error.title.as_deref().or(error.message.as_deref());
        let details = error.details();
        let details = details.filter(|details| Some(*details) != title);
        let words = words([code, title]);
        match details {
            Some(details) if words.is_empty() => details.to_owned(),
            Some(details) => format!("{words}: {details}"),
            None => words,
        }
    };
    join(errors.into_iter().map(one), "; ")
}

/// What is known about a code, and what to do about it.
pub(crate) fn advice_on(code: &str, info: &CodeInfo) -> String {
    format!("{code}: {}: {}", info.meaning, advice_in_words(info))
}

/// What to do about a code.
pub(crate) fn advice_in_words(info: &CodeInfo) -> String {
    match info.class {
        ErrorClass::Transient => {
            "it may work soon: try again, and wait longer each time".to_owned()
        }
        ErrorClass::Wait(pause) => format!(
            "try again after {} minutes at the earliest",
            pause.as_secs().div_ceil(60)
        ),
        ErrorClass::FixFirst => "set that right, then try again".to_owned(),
        ErrorClass::Never => "it won't work as it is: change it, or give it up".to_owned(),
        ErrorClass::Unclear => "it means several things: look at the details".to_owned(),
        _ => String::new(),
    }
}

fn content_says(content: &MessageContent) -> String {
    if let Some(media) = content.media() {
        let name = match content {
            MessageContent::Document(document) => document.filename.as_deref(),
            _ => None,
        };
        let caption = media.caption.map(quoted);
        let kind = media.mime_type.unwrap_or("a file");
        return words([Some(kind), name, caption.as_deref()]);
    }
    match content {
        MessageContent::Text(text) => quoted(&text.body),
        MessageContent::Button(button) => format!(
            "tapped {} (payload {})",
            quoted(button.text.as_deref().unwrap_or_default()),
            quoted(button.payload.as_deref().unwrap_or_default())
        ),
        MessageContent::Reaction(reaction) => match &reaction.emoji {
            Some(emoji) => format!("{emoji} on {}", which(reaction.message_id.as_ref())),
            None => format!(
                "took the reaction back from {}",
                which(reaction.message_id.as_ref())
            ),
        },
        MessageContent::Contacts(contacts) => join(contacts.iter().map(contact_says), "; "),
        MessageContent::Edit(edit) => {
            let changed = which(edit.original_message_id.as_ref());
            match &edit.message {
                Some(message) => format!("changed {changed} to {}", content_says(&message.content)),
                None => format!("changed {changed}"),
            }
        }
        MessageContent::Interactive(interactive) => interactive_says(interactive),
        MessageContent::Location(location) => location_says(location),
        MessageContent::Order(order) => order_says(order),
        MessageContent::RequestWelcome(_) => "opened the chat for the first time".to_owned(),
        MessageContent::Revoke(revoke) => {
            format!("took {} back", which(revoke.original_message_id.as_ref()))
        }
        MessageContent::System(system) => system_says(system),
        MessageContent::Unsupported(Some(unsupported)) => unsupported
            .kind
            .as_ref()
            .map_or_else(String::new, |kind| kind.as_str().to_owned()),
        MessageContent::Unknown(unknown) => {
            unknown.body().map(ToString::to_string).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// An earlier message, by its id.
fn which(id: Option<&MessageId>) -> String {
    id.map_or_else(|| "a message".to_owned(), |id| short(id.as_str()))
}

fn contact_says(contact: &Contact) -> String {
    let phones = contact.phones.iter();
    let phones = phones.filter_map(|phone| phone.phone.as_ref().map(|phone| phone.as_str()));
    let phones = join(phones, ", ");
    let name = contact.display_name().map(quoted);
    words([name.as_deref(), Some(&phones)])
}

fn interactive_says(interactive: &Interactive) -> String {
    let picked = |verb: &str, title: &Option<String>, id: &Option<ReplyId>| {
        format!(
            "{verb} {} (id {})",
            quoted(title.as_deref().unwrap_or_default()),
            quoted(id.as_deref().unwrap_or_default())
        )
    };
    match &interactive.reply {
        InteractiveReply::ButtonReply(reply) => picked("tapped", &reply.title, &reply.id),
        InteractiveReply::ListReply(reply) => picked("picked", &reply.title, &reply.id),
        InteractiveReply::NfmReply(reply) => words([
            Some("filled in"),
            reply.name.as_ref().map(|name| name.as_str()),
            reply.response_json.as_deref().or(reply.body.as_deref()),
        ]),
        InteractiveReply::CallPermissionReply(reply) => words([
            Some("may be called:"),
            reply.response.as_ref().map(|response| response.as_str()),
        ]),
        InteractiveReply::PaymentMethod(payment) => words([
            Some("pays by"),
            payment.payment_method.as_deref(),
            payment.reference_id.as_ref().map(|id| id.as_str()),
        ]),
        InteractiveReply::PaymentNotification(body) => {
            body.as_ref().map(Value::to_string).unwrap_or_default()
        }
        InteractiveReply::Unknown(unknown) => {
            unknown.body().map(ToString::to_string).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn location_says(location: &Location) -> String {
    let degrees = |number: &Option<Number>| {
        number
            .as_ref()
            .map_or_else(|| "?".to_owned(), Number::to_string)
    };
    let at = format!(
        "{}, {}",
        degrees(&location.latitude),
        degrees(&location.longitude)
    );
    let name = location.name.as_deref().map(quoted);
    words([Some(&at), name.as_deref(), location.address.as_deref()])
}

fn order_says(order: &Order) -> String {
    let items = order.product_items.iter().map(|item| {
        let quantity = item.quantity.as_ref().map(|number| format!("{number} ×"));
        let price = item
            .item_price
            .as_ref()
            .map(|number| format!("at {number}"));
        words([
            quantity.as_deref(),
            item.product_retailer_id.as_ref().map(|id| id.as_str()),
            price.as_deref(),
            item.currency.as_deref(),
        ])
    });
    let text = order.text.as_deref().map(quoted);
    words([Some(&join(items, ", ")), text.as_deref()])
}

fn system_says(system: &System) -> String {
    let change = system.change().map(|change| change.as_str());
    let number = system.new_number().map(|number| number.as_str());
    match &system.body {
        Some(body) => body.clone(),
        None => words([change, number]),
    }
}

/// What is there of these, with blanks between.
fn words<const N: usize>(parts: [Option<&str>; N]) -> String {
    join(parts.into_iter().flatten(), " ")
}

fn join(parts: impl Iterator<Item = impl AsRef<str>>, separator: &str) -> String {
    let mut joined = String::new();
    for part in parts {
        let part = part.as_ref();
        if !joined.is_empty() && !part.is_empty() {
            joined += separator;
        }
        joined += part;
    }
    joined
}
