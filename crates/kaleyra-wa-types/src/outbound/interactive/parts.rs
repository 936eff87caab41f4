//! The parts around an action: header, body, footer.

use crate::UnknownBody;
use crate::UnknownFields;
use crate::outbound::{Document, Image, Video};
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

/// What is shown above the body: a text, an image, a video or a document.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::interactive::Header;
///
/// let text = Header::from("Your table");
/// assert_eq!(text.text(), Some("Your table"));
///
/// let image = Header::new(Image::link("https://example.com/table.png"));
/// assert_eq!((image.content.type_name(), image.text()), ("image", None));
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Header {
    /// A second line, at most 60 characters. Only Meta's published schema has it, no page.
    pub sub_text: Option<String>,
    /// `type`, and the field that it names.
    #[wire(flatten)]
    pub content: HeaderContent,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a header shows: `type`, and the field that it names.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::{Header, HeaderContent};
///
/// let header: Header = serde_json::from_str(r#"{"type": "document", "document": {"id": "1037543291543636"}}"#)?;
/// assert!(matches!(header.content, HeaderContent::Document(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum HeaderContent {
    /// A document; it may have a filename.
    Document(Document),
    /// An image.
    Image(Image),
    /// A text, 1 to 60 characters.
    Text(Option<String>),
    /// A video.
    Video(Video),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// What the message says, `body`.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::Body;
///
/// assert_eq!(serde_json::to_value(Body::new("Shall we book it?"))?, serde_json::json!({"text": "Shall we book it?"}));
/// assert_eq!(Body::from("Shall we book it?"), Body::new("Shall we book it?"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Body {
    /// The text: at most 1024 characters, on a card 160.
    pub text: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Small print below the body, `footer`.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::Footer;
///
/// assert_eq!(serde_json::to_value(Footer::new("Free until Friday"))?, serde_json::json!({"text": "Free until Friday"}));
/// assert_eq!(Footer::from("Free until Friday"), Footer::new("Free until Friday"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Footer {
    /// The text, at most 60 characters; an empty one is not shown.
    pub text: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Header {
    /// The maximum number of characters in a text header, and of `sub_text`.
    pub const TEXT_MAX: usize = 60;

    /// A header that shows this.
    pub fn new(content: impl Into<HeaderContent>) -> Self {
        Self {
            sub_text: None,
            content: content.into(),
            unknown: Default::default(),
        }
    }

    /// A second line, at most 60 characters. Only Meta's published schema has it, no page.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::Header;
    ///
    /// let header = Header::from("Your table").sub_text("Friday at eight");
    /// assert_eq!(
    ///     serde_json::to_value(&header)?,
    ///     serde_json::json!({"sub_text": "Friday at eight", "type": "text", "text": "Your table"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sub_text(mut self, sub_text: impl Into<String>) -> Self {
        self.sub_text = Some(sub_text.into());
        self
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            HeaderContent::Text(text) => text.as_deref(),
            _ => None,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.content, HeaderContent::Text(_))
    }
}

impl From<&str> for Header {
    fn from(text: &str) -> Self {
        Self::new(Some(text.to_owned()))
    }
}

impl From<String> for Header {
    fn from(text: String) -> Self {
        Self::new(Some(text))
    }
}

impl From<Image> for Header {
    fn from(image: Image) -> Self {
        Self::new(image)
    }
}

impl From<Video> for Header {
    fn from(video: Video) -> Self {
        Self::new(video)
    }
}

impl From<Document> for Header {
    fn from(document: Document) -> Self {
        Self::new(document)
    }
}

/// The header of a card of a media carousel: an image or a video.
///
/// ```
/// use kaleyra_wa_types::outbound::Video;
/// use kaleyra_wa_types::outbound::interactive::{CardHeader, Header};
///
/// let tour = CardHeader::from(Video::link("https://example.com/tour.mp4"));
/// assert_eq!(Header::from(tour).content.type_name(), "video");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum CardHeader {
    /// An image.
    Image(Image),
    /// A video.
    Video(Video),
}

impl From<Image> for CardHeader {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<Video> for CardHeader {
    fn from(video: Video) -> Self {
        Self::Video(video)
    }
}

impl From<CardHeader> for Header {
    fn from(header: CardHeader) -> Self {
        match header {
            CardHeader::Image(image) => image.into(),
            CardHeader::Video(video) => video.into(),
        }
    }
}

impl Body {
    /// The maximum number of characters in a body, by Meta's pages on interactive messages, and on a card 160.
    pub const TEXT_MAX: usize = 1024;

    /// A body with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            unknown: Default::default(),
        }
    }
}

impl<T: Into<String>> From<T> for Body {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl Footer {
    /// The maximum number of characters in a footer.
    pub const TEXT_MAX: usize = 60;

    /// A footer with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            unknown: Default::default(),
        }
    }
}

impl<T: Into<String>> From<T> for Footer {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl Validate for Header {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(sub_text) = &self.sub_text {
            check.member("sub_text").length(sub_text, 0, Self::TEXT_MAX);
        }
        let mut check = check.member(self.content.type_name());
        match &self.content {
            HeaderContent::Document(document) => document.check(&mut check),
            HeaderContent::Image(image) => image.check(&mut check),
            HeaderContent::Text(Some(text)) => check.length(text, 1, Self::TEXT_MAX),
            HeaderContent::Text(None) => check.report(Rule::Required("a text header has a text")),
            HeaderContent::Video(video) => video.check(&mut check),
            HeaderContent::Unknown(_) => {}
        }
    }
}

impl Validate for Footer {
    fn check(&self, check: &mut Check<'_>) {
        check.member("text").length(&self.text, 0, Self::TEXT_MAX);
    }
}
