//! Which part of a message has which limits: the models say them, this leads there.

use super::{Content, MessagingObject};
use crate::Recipient;
use crate::validate::{Check, Rule, Validate};

impl Validate for MessagingObject {
    fn check(&self, check: &mut Check<'_>) {
        if let Recipient::Unchecked(to) = &self.recipient
            && !self.is_to_group()
            && !to.may_be_phone_number()
        {
            check.member("to").report(Rule::PhoneNumber);
        }
        if self.unknown.get("recipient").is_some() {
            let both = Rule::OneOf("`to` or `recipient`");
            check.member("recipient").report(both);
        }
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
        self.content
            .check(&mut check.member(self.content.type_name()));
    }
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
