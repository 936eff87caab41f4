//! Files: image, audio, video, document, sticker.

use kaleyra_wa_derive::Wire;

use crate::validate::{Check, Rule, Validate};
use crate::{MediaId, UnknownFields};

/// Where WhatsApp takes a file from: one that was uploaded, or a public link. Never both.
///
/// ```
/// use kaleyra_wa_types::outbound::{Image, MediaSource};
/// use serde_json::{json, to_value};
///
/// let uploaded = Image::new(MediaSource::id("1037543291543636"));
/// assert_eq!(to_value(&uploaded)?, json!({"id": "1037543291543636"}));
///
/// let linked = Image::new(MediaSource::link("https://example.com/shoe.png"));
/// assert_eq!(to_value(&linked)?, json!({"link": "https://example.com/shoe.png"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Send Media Messages*, table of the type object.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(one_of)]
#[non_exhaustive]
pub enum MediaSource {
    /// The id that an upload gave; usable for many messages, for 30 days.
    Id(MediaId),
    /// A public `http://` or `https://` link, whose server must give the right `Content-Type`. WhatsApp caches what it
    /// fetched for 10 minutes per link.
    Link(String),
}

impl MediaSource {
    /// A file that was uploaded.
    pub fn id(id: impl Into<MediaId>) -> Self {
        Self::Id(id.into())
    }

    /// A file behind a public link.
    pub fn link(link: impl Into<String>) -> Self {
        Self::Link(link.into())
    }
}

impl From<MediaId> for MediaSource {
    fn from(id: MediaId) -> Self {
        Self::Id(id)
    }
}

/// Makes a kind of file: its struct and its two constructors.
macro_rules! media {
    ($(#[$meta:meta])* pub struct $name:ident { $($members:tt)* } new { $($field:ident),* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Wire)]
        #[non_exhaustive]
        pub struct $name {
            $($members)*
            /// Where WhatsApp takes the file from: `id` or `link`.
            #[wire(flatten)]
            pub source: MediaSource,
            /// Fields that this version does not know, kept as they came.
            pub unknown: UnknownFields,
        }

        impl $name {
            /// One from this source.
            ///
            /// For an example see [`Image`](crate::outbound::Image).
            pub fn new(source: impl Into<MediaSource>) -> Self {
                Self { $($field: None,)* source: source.into(), unknown: Default::default() }
            }

            /// One that was uploaded.
            ///
            /// For an example see [`Image`](crate::outbound::Image).
            pub fn id(id: impl Into<MediaId>) -> Self {
                Self::new(MediaSource::id(id))
            }

            /// One behind a public link.
            ///
            /// For an example see [`Image`](crate::outbound::Image).
            pub fn link(link: impl Into<String>) -> Self {
                Self::new(MediaSource::link(link))
            }
        }
    };
}

media! {
    /// An image: JPEG or PNG, at most 5 MB.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::{Image, MediaSource};
    ///
    /// let linked = Image::link("https://example.com/shoe.png").caption("The blue one");
    /// assert_eq!(
    ///     serde_json::to_value(&linked)?,
    ///     serde_json::json!({"link": "https://example.com/shoe.png", "caption": "The blue one"}),
    /// );
    ///
    /// let uploaded = Image::id("1037543291543636"); // the id that an upload gave
    /// assert_eq!(uploaded, Image::new(MediaSource::id("1037543291543636")));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Image {
        /// The text below the image, at most 1024 characters.
        pub caption: Option<String>,
    }
    new { caption }
}

media! {
    /// An audio file: AAC, AMR, MP3, M4A or OGG with Opus, at most 16 MB. It has no caption.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Audio;
    ///
    /// let note = Audio::link("https://example.com/note.ogg").voice();
    /// assert_eq!(
    ///     serde_json::to_value(&note)?,
    ///     serde_json::json!({"link": "https://example.com/note.ogg", "voice": true}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Audio {
        /// Whether it is a voice note: OGG with Opus only. The user's app then reports when it was played.
        pub voice: Option<bool>,
    }
    new { voice }
}

media! {
    /// A video: MP4 or 3GP with H.264 and AAC, at most 16 MB.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Video;
    ///
    /// let tour = Video::link("https://example.com/tour.mp4").caption("The workshop");
    /// assert_eq!(
    ///     serde_json::to_value(&tour)?,
    ///     serde_json::json!({"link": "https://example.com/tour.mp4", "caption": "The workshop"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Video {
        /// The text below the video, at most 1024 characters.
        pub caption: Option<String>,
    }
    new { caption }
}

media! {
    /// A document: PDF, office formats, plain text; at most 100 MB.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Document;
    ///
    /// let invoice = Document::id("1037543291543636").filename("invoice-17.pdf").caption("Thank you");
    /// assert_eq!(
    ///     serde_json::to_value(&invoice)?,
    ///     serde_json::json!({"id": "1037543291543636", "filename": "invoice-17.pdf", "caption": "Thank you"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Document {
        /// The text below the document, at most 1024 characters.
        pub caption: Option<String>,
        /// The name that the recipient sees; its extension picks the icon.
        pub filename: Option<String>,
    }
    new { caption, filename }
}

media! {
    /// A sticker: WebP, at most 100 KB, animated 500 KB. It has no caption.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Sticker;
    ///
    /// let cheers = Sticker::id("1037543291543636"); // uploaded before
    /// assert_eq!(serde_json::to_value(&cheers)?, serde_json::json!({"id": "1037543291543636"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Sticker {}
    new {}
}

impl Audio {
    /// Marks it as a voice note: OGG with Opus only.
    ///
    /// For an example see [`Audio`].
    pub fn voice(mut self) -> Self {
        self.voice = Some(true);
        self
    }
}

impl Image {
    /// The text below the image, at most 1024 characters.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }
}

impl Video {
    /// The text below the video, at most 1024 characters.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }
}

impl Document {
    /// The text below the document, at most 1024 characters.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The name that the recipient sees.
    ///
    /// For an example see [`Document`].
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }
}

/// The maximum number of characters that a caption may have.
const CAPTION_MAX: usize = 1024;

impl Validate for Audio {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        if self.unknown.get("caption").is_some() {
            check
                .member("caption")
                .report(Rule::Forbidden("audio has no caption"));
        }
    }
}

impl Validate for Document {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        check_caption(self.caption.as_deref(), check);
    }
}

impl Validate for Image {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        check_caption(self.caption.as_deref(), check);
    }
}

impl Validate for Sticker {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        if self.unknown.get("caption").is_some() {
            check
                .member("caption")
                .report(Rule::Forbidden("a sticker has no caption"));
        }
    }
}

impl Validate for Video {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        check_caption(self.caption.as_deref(), check);
    }
}

fn check_caption(caption: Option<&str>, check: &mut Check<'_>) {
    if let Some(caption) = caption {
        check.member("caption").length(caption, 0, CAPTION_MAX);
    }
}

impl MediaSource {
    /// Checks the source; `unknown` is what its object holds besides.
    pub(crate) fn check(&self, unknown: &UnknownFields, check: &mut Check<'_>) {
        match self {
            Self::Id(id) => {
                let mut checked = check.member("id");
                checked.not_empty(id.as_str());
                if id
                    .as_str()
                    .contains(|sign: char| sign == '/' || sign.is_whitespace())
                {
                    checked.report(Rule::Format(
                        "the id that an upload gave: a link goes into `link`",
                    ));
                }
                if unknown.get("link").is_some() {
                    check.member("link").report(Rule::OneOf("`id` or `link`"));
                }
            }
            Self::Link(link) => {
                check.member("link").web_link(link);
            }
        }
    }
}
