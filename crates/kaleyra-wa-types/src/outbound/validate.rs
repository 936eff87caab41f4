//! Which part of a message has which limits: the models say them, this leads there.

use super::{Content, MessagingObject, MessagingProduct, RecipientType};
use crate::Recipient;
use crate::validate::{Check, Rule, Validate};

impl Validate for MessagingObject {
    fn check(&self, check: &mut Check<'_>) {
        check_product(&self.messaging_product, check);
        self.check_recipient(check);
        if let Some(context) = &self.context {
            let mut check = check.member("context");
            check
                .member("message_id")
                .not_empty(context.message_id.as_str());
            if matches!(self.content, Content::Reaction(_)) {
                check.report(Rule::Forbidden("a reaction quotes nothing"));
            }
        }
        self.check_options(check);
        if let Content::Template(template) = &self.content
            && matches!(self.recipient, Recipient::User(_))
            && template.is_authentication()
        {
            check.member("recipient").report(Rule::Forbidden(
                "authentication templates go to phone numbers only (131062)",
            ));
        }
        self.content
            .check(&mut check.member(self.content.type_name()));
    }
}

/// Reports another product than WhatsApp. Meta answers code 100.
pub(super) fn check_product(product: &MessagingProduct, check: &mut Check<'_>) {
    if *product != MessagingProduct::Whatsapp {
        check
            .member("messaging_product")
            .report(Rule::Format("`whatsapp`"));
    }
}

impl MessagingObject {
    /// Reports whom no message can go to.
    ///
    /// Source: Meta's pages on phone number formats (a number that is none), messages (`recipient_type`, code 100) and
    /// business-scoped user ids (`recipient`: two letters of a country, a dot, letters and digits).
    fn check_recipient(&self, check: &mut Check<'_>) {
        if let Some(RecipientType::Unknown(_)) = self.recipient_type {
            check
                .member("recipient_type")
                .report(Rule::Format("`individual` or `group`"));
        }
        if self.is_to_group() && matches!(self.recipient, Recipient::User(_)) {
            check
                .member("to")
                .report(Rule::Required("it says which group is meant"));
        }
        if let Some(to) = self.recipient.unchecked()
            && !self.is_to_group()
            && let Err(why) = to.check_phone_number()
        {
            check.member("to").report(Rule::PhoneNumber(why));
        }
        if let Some(user_id) = self.recipient.user_id()
            && !is_business_scoped(user_id.as_str())
        {
            check.member("recipient").report(Rule::Format(
                "a business-scoped user id, as IN.13491208655302741918: a phone number goes into `to`",
            ));
        }
    }
}

/// Whether a text has the form of a business-scoped user id, `IN.1349…`, or of a parent's, `IN.ENT.118…`.
fn is_business_scoped(user_id: &str) -> bool {
    user_id.split_once('.').is_some_and(|(country, id)| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !id.is_empty()
            && id.bytes().all(is_plain)
    })
}

impl Validate for Content {
    fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::Audio(audio) => audio.check(check),
            Self::Contacts(contacts) => contacts.check(check),
            Self::Document(document) => document.check(check),
            Self::Image(image) => image.check(check),
            Self::Pin(pin) => pin.check(check),
            Self::Interactive(interactive) => interactive.check(check),
            Self::Location(location) => location.check(check),
            Self::Reaction(reaction) => reaction.check(check),
            Self::Sticker(sticker) => sticker.check(check),
            Self::Template(template) => template.check(check),
            Self::Text(text) => text.check(check),
            Self::Video(video) => video.check(check),
            Self::Unknown(_) => {}
        }
    }
}
