//! A template, filled from the flags or from a file.

use kaleyra_wa_types::outbound::template::{Button, Component};
use kaleyra_wa_types::outbound::{Document, Image, Template, Video};
use serde_json::Value;

use super::file::read_json;
use super::flags::ContentFlags;
use super::media::Uploader;
use crate::exit::Exit;

impl ContentFlags {
    /// The template of this name with the values that the flags give.
    pub(super) async fn filled_template(
        &self,
        name: &str,
        uploader: &Uploader<'_>,
    ) -> Result<Template, Exit> {
        let language = self.language.as_deref().unwrap_or("en");
        if let Some(code) = &self.otp {
            return Ok(Template::authentication(name, language, code));
        }
        let mut template = Template::new(name, language);
        if let Some(text) = &self.header_text {
            template = template.header(text);
        } else if let Some(image) = &self.header_image {
            template = template.header(Image::new(uploader.source("--header-image", image).await?));
        } else if let Some(video) = &self.header_video {
            template = template.header(Video::new(uploader.source("--header-video", video).await?));
        } else if let Some(document) = &self.header_document {
            let name = uploader.file_name(document);
            let mut document = Document::new(uploader.source("--header-document", document).await?);
            document.filename = name;
            template = template.header(document);
        }
        if !self.parameters.is_empty() {
            template = template.body(&self.parameters);
        } else if !self.named.is_empty() {
            let pairs = self.named.iter().map(|pair| {
                pair.split_once('=').ok_or_else(|| {
                    Exit::bad_input("--named: give name and value, such as customer=Asha")
                })
            });
            template = template.body_named(pairs.collect::<Result<Vec<_>, _>>()?);
        } else if let Some(path) = &self.params {
            template = of_file(template, read_json("--params", path)?)?;
        }
        for text in &self.url_button {
            let (place, end) = placed("--url-button", text)?;
            template = template.button(Button::url(place, end));
        }
        for text in &self.reply_button {
            let (place, payload) = placed("--reply-button", text)?;
            template = template.button(Button::quick_reply(place, payload));
        }
        for text in &self.code_button {
            let (place, code) = placed("--code-button", text)?;
            template = template.button(Button::copy_code(place, code));
        }
        Ok(template)
    }
}

/// Fills in a file's values: texts in order, texts by name, or whole components.
fn of_file(template: Template, values: Value) -> Result<Template, Exit> {
    let wrong = || {
        Exit::bad_input(
            "--params: the file has a list of texts, such as [\"Asha\", \"17\"], an object of named ones, or Meta's list of \
             components",
        )
    };
    let values = match values {
        Value::Object(mut members) => match members.remove("components") {
            Some(components) => components,
            None => {
                let pairs = members.into_iter();
                let pairs = pairs.map(|(name, value)| Some((name, text_of(&value)?)));
                let pairs: Option<Vec<_>> = pairs.collect();
                return Ok(template.body_named(pairs.ok_or_else(wrong)?));
            }
        },
        values => values,
    };
    let values = values.as_array().ok_or_else(wrong)?.clone();
    if values.iter().all(Value::is_object) {
        return values.into_iter().try_fold(template, |template, value| {
            let component: Component = serde_json::from_value(value)
                .map_err(|error| Exit::bad_input(format!("--params: {error}")))?;
            Ok(template.component(component))
        });
    }
    let texts: Option<Vec<_>> = values.iter().map(text_of).collect();
    Ok(template.body(texts.ok_or_else(wrong)?.iter().map(String::as_str)))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A button's place, and what it is filled with.
fn placed(flag: &str, text: &str) -> Result<(u8, String), Exit> {
    let placed = text.split_once('=');
    let placed = placed.and_then(|(place, value)| Some((place.parse().ok()?, value.to_owned())));
    placed.filter(|(place, _)| *place < 10).ok_or_else(|| {
        Exit::bad_input(format!(
            "{flag}: give the button's place, 0 to 9, and the value, such as 0=orders/17"
        ))
    })
}
