//! The limits of each part of a message.

use super::{Content, Document, Image, MediaSource, MessagingObject, Text, Video};
use crate::validate::{Check, Rule, Validate};
use crate::{Recipient, UnknownFields};

/// The most characters that a caption may have.
const CAPTION_MAX: usize = 1024;

impl Validate for MessagingObject {
    fn check(&self, check: &mut Check<'_>) {
        if let Recipient::Unchecked(_) = self.recipient {
            check.member("to").report(Rule::PhoneNumber);
        }
        let mut body = check.member(self.content.type_name());
        match &self.content {
            Content::Audio(audio) => source(&audio.source, &audio.unknown, &mut body),
            Content::Document(document) => document.check(&mut body),
            Content::Image(image) => image.check(&mut body),
            Content::Sticker(sticker) => source(&sticker.source, &sticker.unknown, &mut body),
            Content::Text(text) => text.check(&mut body),
            Content::Video(video) => video.check(&mut body),
            Content::Unknown(_) => {}
        }
    }
}

impl Validate for Text {
    fn check(&self, check: &mut Check<'_>) {
        check.member("body").length(&self.body, 1, Self::BODY_MAX);
    }
}

impl Validate for Image {
    fn check(&self, check: &mut Check<'_>) {
        source(&self.source, &self.unknown, check);
        caption(self.caption.as_deref(), check);
    }
}

impl Validate for Video {
    fn check(&self, check: &mut Check<'_>) {
        source(&self.source, &self.unknown, check);
        caption(self.caption.as_deref(), check);
    }
}

impl Validate for Document {
    fn check(&self, check: &mut Check<'_>) {
        source(&self.source, &self.unknown, check);
        caption(self.caption.as_deref(), check);
    }
}

fn caption(caption: Option<&str>, check: &mut Check<'_>) {
    if let Some(caption) = caption {
        check.member("caption").length(caption, 0, CAPTION_MAX);
    }
}

fn source(source: &MediaSource, unknown: &UnknownFields, check: &mut Check<'_>) {
    match source {
        MediaSource::Id(id) => {
            check.member("id").length(id.as_str(), 1, usize::MAX);
            if unknown.get("link").is_some() {
                check.member("link").report(Rule::OneOf("`id` or `link`"));
            }
        }
        MediaSource::Link(link) => {
            let is_web = ["http://", "https://"]
                .iter()
                .any(|scheme| link.starts_with(scheme));
            if !is_web {
                check.member("link").report(Rule::WebLink);
            }
        }
    }
}
