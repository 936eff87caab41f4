//! A part of a template, as it is defined.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};
use serde_json::Value;

use super::{ButtonDefinition, CardDefinition};
use crate::Number;

/// A part of a template: a header, the text, a footer, the buttons, …; which fields count depends on the kind.
///
/// [`TemplateDefinition`](super::TemplateDefinition)'s setters make the usual ones; this is for all others, and for
/// reading.
///
/// Source: Meta's page on template components.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ComponentDefinition {
    /// Which part it is.
    #[wire(name = "type")]
    pub kind: ComponentKind,
    /// What a header is.
    pub format: Option<HeaderFormat>,
    /// The text of a header, a body or a footer.
    pub text: Option<String>,
    /// What stands for the variables and the file while the template is reviewed.
    pub example: Option<Example>,
    /// The buttons.
    pub buttons: Vec<ButtonDefinition>,
    /// The cards of a carousel.
    pub cards: Vec<CardDefinition>,
    /// The offer that ends.
    pub limited_time_offer: Option<OfferDefinition>,
    /// Body of a template for one-time codes: whether it says that the code is not to be shared.
    pub add_security_recommendation: Option<bool>,
    /// Footer of a template for one-time codes: how long the code is good for, 1 to 90 minutes.
    pub code_expiration_minutes: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What stands for a component's variables and file while the template is reviewed: never real data of a person.
///
/// Source: Meta's page on template components.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct Example {
    /// For the variable of a header.
    pub header_text: Vec<String>,
    /// For the variable of a header that has a name.
    pub header_text_named_params: Vec<NamedExample>,
    /// For the file of a header: what a resumable upload gave. It reads back as a URL.
    pub header_handle: Vec<String>,
    /// For the variables of a body: `[["Anna", "17"]]`. Some senders leave out a pair of brackets, or both.
    pub body_text: Option<Value>,
    /// For the variables of a body that have names.
    pub body_text_named_params: Vec<NamedExample>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An example for a variable that has a name.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct NamedExample {
    /// The variable's name.
    pub param_name: Option<String>,
    /// What stands for it.
    pub example: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An offer that ends.
///
/// Source: Meta's page on limited-time offer templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OfferDefinition {
    /// What it says, at most 16 characters.
    pub text: Option<String>,
    /// Whether each message says when it ends.
    pub has_expiration: Option<bool>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which part of a template a component is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum ComponentKind {
    /// `BODY`. The text.
    #[wire(name = "BODY")]
    Body,
    /// `BUTTONS`. The buttons, all in one component.
    #[wire(name = "BUTTONS")]
    Buttons,
    /// `CALL_PERMISSION_REQUEST`. The request to be allowed to call.
    #[wire(name = "CALL_PERMISSION_REQUEST")]
    CallPermissionRequest,
    /// `CAROUSEL`. Cards beside each other.
    #[wire(name = "CAROUSEL")]
    Carousel,
    /// `FOOTER`. The small text below.
    #[wire(name = "FOOTER")]
    Footer,
    /// `HEADER`. What stands above the text.
    #[wire(name = "HEADER")]
    Header,
    /// `LIMITED_TIME_OFFER`. An offer that ends.
    #[wire(name = "LIMITED_TIME_OFFER")]
    LimitedTimeOffer,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// What a header is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum HeaderFormat {
    /// `DOCUMENT`. A document.
    #[wire(name = "DOCUMENT")]
    Document,
    /// `GIF`. A moving image, as an MP4 of at most 3.5 MB; for the marketing messages API only.
    #[wire(name = "GIF")]
    Gif,
    /// `IMAGE`. An image.
    #[wire(name = "IMAGE")]
    Image,
    /// `LOCATION`. A place.
    #[wire(name = "LOCATION")]
    Location,
    /// `PRODUCT`. A product of the catalog.
    #[wire(name = "PRODUCT")]
    Product,
    /// `TEXT`. A text with one variable at most.
    #[wire(name = "TEXT")]
    Text,
    /// `VIDEO`. A video.
    #[wire(name = "VIDEO")]
    Video,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

impl ComponentDefinition {
    /// The most characters of a header's text.
    pub const HEADER_MAX: usize = 60;
    /// The most characters of a body.
    pub const BODY_MAX: usize = 1024;
    /// The most characters of a body beside an offer that ends.
    pub const OFFER_BODY_MAX: usize = 600;
    /// The most characters of a footer.
    pub const FOOTER_MAX: usize = 60;
    /// The most buttons of a template.
    pub const BUTTONS_MAX: usize = 10;
    /// The longest that a one-time code is said to be good for, in minutes.
    pub const CODE_EXPIRATION_MAX: i64 = 90;

    /// A component of this kind, with nothing in it.
    pub fn new(kind: impl Into<ComponentKind>) -> Self {
        Self {
            kind: kind.into(),
            format: None,
            text: None,
            example: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            limited_time_offer: None,
            add_security_recommendation: None,
            code_expiration_minutes: None,
            unknown: Default::default(),
        }
    }

    /// A header of this format, without an example.
    pub fn header(format: impl Into<HeaderFormat>) -> Self {
        let mut header = Self::new(ComponentKind::Header);
        header.format = Some(format.into());
        header
    }

    /// A header with a text and an example for its variable, if it has one.
    pub fn header_text(
        text: impl Into<String>,
        example: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let mut header = Self::header(HeaderFormat::Text);
        header.text = Some(text.into());
        let example: Vec<String> = example.into_iter().map(Into::into).collect();
        if !example.is_empty() {
            header.example = Some(Example {
                header_text: example,
                ..Example::default()
            });
        }
        header
    }

    /// A header with a text whose variable has a name, and an example for it.
    pub fn header_text_named(
        text: impl Into<String>,
        name: impl Into<String>,
        example: impl Into<String>,
    ) -> Self {
        let mut header = Self::header(HeaderFormat::Text);
        header.text = Some(text.into());
        header.example = Some(Example {
            header_text_named_params: vec![NamedExample::new(name, example)],
            ..Example::default()
        });
        header
    }

    /// A header with an image.
    pub fn header_image(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Image, handle)
    }

    /// A header with a video.
    pub fn header_video(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Video, handle)
    }

    /// A header with a document.
    pub fn header_document(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Document, handle)
    }

    /// A header with a place.
    pub fn header_location() -> Self {
        Self::header(HeaderFormat::Location)
    }

    fn header_file(format: HeaderFormat, handle: impl Into<String>) -> Self {
        let mut header = Self::header(format);
        header.example = Some(Example {
            header_handle: vec![handle.into()],
            ..Example::default()
        });
        header
    }

    /// A text, and an example for each variable.
    pub fn body(
        text: impl Into<String>,
        examples: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let mut body = Self::new(ComponentKind::Body);
        body.text = Some(text.into());
        let examples: Vec<String> = examples.into_iter().map(Into::into).collect();
        if !examples.is_empty() {
            body.example = Some(Example {
                body_text: Some(vec![Value::from(examples)].into()),
                ..Example::default()
            });
        }
        body
    }

    /// A text whose variables have names, and an example for each.
    pub fn body_named(
        text: impl Into<String>,
        examples: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let mut body = Self::new(ComponentKind::Body);
        body.text = Some(text.into());
        let examples = examples.into_iter();
        let named = examples.map(|(name, example)| NamedExample::new(name, example));
        body.example = Some(Example {
            body_text_named_params: named.collect(),
            ..Example::default()
        });
        body
    }

    /// Whether it is a header of this format.
    pub fn has_format(&self, format: &HeaderFormat) -> bool {
        self.format.as_ref() == Some(format)
    }
}

impl Example {
    /// The examples for the variables of a body that have no names, however they are nested.
    pub fn body_texts(&self) -> Vec<&str> {
        fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::String(text) => found.push(text),
                Value::Array(elements) => {
                    for element in elements {
                        collect(element, found);
                    }
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        // Of several sets of examples each would do.
        match &self.body_text {
            Some(Value::Array(sets)) if sets.first().is_some_and(Value::is_array) => {
                collect(&sets[0], &mut found);
            }
            Some(value) => collect(value, &mut found),
            None => {}
        }
        found
    }
}

impl NamedExample {
    /// An example for the variable of this name.
    pub fn new(name: impl Into<String>, example: impl Into<String>) -> Self {
        Self {
            param_name: Some(name.into()),
            example: Some(example.into()),
            unknown: Default::default(),
        }
    }
}

impl OfferDefinition {
    /// The most characters of its text.
    pub const TEXT_MAX: usize = 16;

    /// An offer with this text; with `has_expiration` each message says when it ends.
    pub fn new(text: impl Into<String>, has_expiration: bool) -> Self {
        Self {
            text: Some(text.into()),
            has_expiration: Some(has_expiration),
            unknown: Default::default(),
        }
    }
}
