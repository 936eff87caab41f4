//! The recipient of a message, as the store has it.

use kaleyra_wa_client::types::Recipient;

/// The recipient as a string that can be parsed back.
pub(crate) fn name_of(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Phone(number) => number.as_str().to_owned(),
        Recipient::User(user_id) => user_id.as_str().to_owned(),
        Recipient::Unchecked(to) => to.as_str().to_owned(),
        _ => String::new(),
    }
}

/// The conversation with a recipient, as callbacks name it: the number's digits, or the id.
pub(crate) fn conversation_of(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Phone(number) => number.digits().to_owned(),
        other => {
            let name = name_of(other);
            name.strip_prefix('+').map_or(name.clone(), str::to_owned)
        }
    }
}
