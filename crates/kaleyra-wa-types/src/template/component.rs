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
/// ```
/// use kaleyra_wa_types::template::{ComponentDefinition, ComponentKind, HeaderFormat};
///
/// let body = ComponentDefinition::body("Hello {{1}}, your parcel is at {{2}}.", ["Anna", "Main Street"]);
/// assert_eq!(
///     serde_json::to_value(&body)?,
///     serde_json::json!({
///         "type": "BODY",
///         "text": "Hello {{1}}, your parcel is at {{2}}.",
///         "example": {"body_text": [["Anna", "Main Street"]]},
///     }),
/// );
///
/// let header: ComponentDefinition = serde_json::from_str(r#"{"type": "HEADER", "format": "IMAGE"}"#)?;
/// assert_eq!(header, ComponentDefinition::header(HeaderFormat::Image));
/// assert!(header.has_format(&HeaderFormat::Image));
/// assert_eq!(ComponentDefinition::new(ComponentKind::Footer).text, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
    /// Sample values for the variables and the file, for Meta's review.
    pub example: Option<Example>,
    /// The buttons.
    pub buttons: Vec<ButtonDefinition>,
    /// The cards of a carousel.
    pub cards: Vec<CardDefinition>,
    /// The limited-time offer.
    pub limited_time_offer: Option<OfferDefinition>,
    /// Body of a template for one-time codes: whether it says that the code is not to be shared.
    pub add_security_recommendation: Option<bool>,
    /// Footer of a template for one-time codes: how long the code is good for, 1 to 90 minutes.
    pub code_expiration_minutes: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Sample values for a component's variables and file, for Meta's review: never real personal data.
///
/// ```
/// use kaleyra_wa_types::template::ComponentDefinition;
///
/// let listed: ComponentDefinition =
///     serde_json::from_str(r#"{"type": "BODY", "text": "Hello {{1}}!", "example": {"body_text": ["Anna"]}}"#)?;
/// let example = listed.example.unwrap_or_default();
/// assert_eq!(example.body_texts(), ["Anna"]); // without the inner brackets, as some senders have it
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::template::{ComponentDefinition, NamedExample};
///
/// let body = ComponentDefinition::body_named("Hi {{first_name}}!", [("first_name", "Anna")]);
/// let example = body.example.unwrap_or_default();
/// assert_eq!(example.body_text_named_params, [NamedExample::new("first_name", "Anna")]);
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct NamedExample {
    /// The variable's name.
    pub param_name: Option<String>,
    /// Its sample value.
    pub example: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A limited-time offer.
///
/// ```
/// use kaleyra_wa_types::template::{OfferDefinition, TemplateDefinition};
///
/// let sale = TemplateDefinition::marketing("spring_sale", "en")
///     .header_image("4::aW1h…")
///     .limited_time_offer("Ends soon!", true)
///     .body("25% off all cups.", [] as [&str; 0]);
/// assert_eq!(sale.validate(), []);
/// assert_eq!(sale.components[1].limited_time_offer, Some(OfferDefinition::new("Ends soon!", true)));
/// ```
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
///
/// ```
/// use kaleyra_wa_types::template::{ComponentDefinition, ComponentKind};
///
/// let footer: ComponentDefinition = serde_json::from_str(r#"{"type": "footer", "text": "Example Post"}"#)?;
/// assert_eq!(footer.kind, ComponentKind::Footer); // in any case
/// assert_eq!(ComponentKind::Footer.as_str(), "FOOTER");
/// # Ok::<(), serde_json::Error>(())
/// ```
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
    /// `CAROUSEL`. Cards side by side.
    #[wire(name = "CAROUSEL")]
    Carousel,
    /// `FOOTER`. The small text below.
    #[wire(name = "FOOTER")]
    Footer,
    /// `HEADER`. What is shown above the text.
    #[wire(name = "HEADER")]
    Header,
    /// `LIMITED_TIME_OFFER`. A limited-time offer.
    #[wire(name = "LIMITED_TIME_OFFER")]
    LimitedTimeOffer,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What a header is.
///
/// ```
/// use kaleyra_wa_types::template::{ComponentKind, HeaderFormat, TemplateDefinition};
///
/// let bill = TemplateDefinition::utility("bill", "en").header_document("4::aW1h…");
/// let header = bill.part(&ComponentKind::Header);
/// assert_eq!(header.and_then(|header| header.format.clone()), Some(HeaderFormat::Document));
/// ```
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
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl ComponentDefinition {
    /// The maximum number of characters in a header's text.
    pub const HEADER_MAX: usize = 60;
    /// The maximum number of characters in a body.
    pub const BODY_MAX: usize = 1024;
    /// The maximum number of characters in a body beside a limited-time offer.
    pub const OFFER_BODY_MAX: usize = 600;
    /// The maximum number of characters in a footer.
    pub const FOOTER_MAX: usize = 60;
    /// The maximum number of buttons in a template.
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
    ///
    /// For an example see [`ComponentDefinition`].
    pub fn header(format: impl Into<HeaderFormat>) -> Self {
        let mut header = Self::new(ComponentKind::Header);
        header.format = Some(format.into());
        header
    }

    /// A header with a text and an example for its variable, if it has one.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ComponentDefinition;
    ///
    /// assert_eq!(
    ///     serde_json::to_value(ComponentDefinition::header_text("Parcel {{1}}", ["A-17"]))?,
    ///     serde_json::json!({
    ///         "type": "HEADER", "format": "TEXT", "text": "Parcel {{1}}",
    ///         "example": {"header_text": ["A-17"]},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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
    ///
    /// ```
    /// use kaleyra_wa_types::template::ComponentDefinition;
    ///
    /// let header = ComponentDefinition::header_text_named("Parcel {{parcel}}", "parcel", "A-17");
    /// assert_eq!(
    ///     serde_json::to_value(header)?["example"],
    ///     serde_json::json!({"header_text_named_params": [{"param_name": "parcel", "example": "A-17"}]}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ComponentDefinition, HeaderFormat};
    ///
    /// assert_eq!(
    ///     serde_json::to_value(ComponentDefinition::header_image("4::aW1h…"))?,
    ///     serde_json::json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1h…"]}}),
    /// );
    /// assert_eq!(ComponentDefinition::header_video("4::dmlk…").format, Some(HeaderFormat::Video));
    /// assert_eq!(ComponentDefinition::header_document("4::ZG9j…").format, Some(HeaderFormat::Document));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn header_image(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Image, handle)
    }

    /// A header with a video.
    ///
    /// For an example see [`header_image`](Self::header_image).
    pub fn header_video(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Video, handle)
    }

    /// A header with a document.
    ///
    /// For an example see [`header_image`](Self::header_image).
    pub fn header_document(handle: impl Into<String>) -> Self {
        Self::header_file(HeaderFormat::Document, handle)
    }

    /// A header with a place.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ComponentDefinition;
    ///
    /// let header = serde_json::to_value(ComponentDefinition::header_location())?;
    /// assert_eq!(header, serde_json::json!({"type": "HEADER", "format": "LOCATION"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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
    ///
    /// For an example see [`NamedExample`].
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
    ///
    /// ```
    /// use kaleyra_wa_types::template::ComponentDefinition;
    ///
    /// let body = ComponentDefinition::body("Hello {{1}}, your parcel is at {{2}}.", ["Anna", "Main Street"]);
    /// assert_eq!(body.example.unwrap_or_default().body_texts(), ["Anna", "Main Street"]);
    /// ```
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
    /// The maximum number of characters in its text.
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
