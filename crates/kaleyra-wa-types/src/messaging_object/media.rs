//! Files: image, audio, video, document, sticker.

use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;
use serde_json::Value;

use crate::validate::{Check, Rule, Validate};
use crate::wire::group::Group;
use crate::wire::member::{self, Blank};
use crate::wire::object::{deserialize_object, wire_object};
use crate::{Flag, MediaId, UnknownFields};

/// Where WhatsApp takes a file from: one that was uploaded, or a public link. Never both.
///
/// Source: *Send Media Messages*, table of the type object.
#[derive(Clone, Debug, PartialEq)]
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
        wire_object! {
            $(#[$meta])*
            pub struct $name {
                $($members)*
                ;
                /// Where WhatsApp takes the file from: `id` or `link`.
                pub source: ..MediaSource,
            }
        }

        deserialize_object!($name);

        impl $name {
            /// One from this source.
            pub fn new(source: impl Into<MediaSource>) -> Self {
                Self { $($field: None,)* source: source.into(), unknown: Default::default() }
            }

            /// One that was uploaded.
            pub fn id(id: impl Into<MediaId>) -> Self {
                Self::new(MediaSource::id(id))
            }

            /// One behind a public link.
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
    /// use kaleyra_wa_types::messaging_object::Image;
    ///
    /// let image = Image::link("https://example.com/shoe.png").caption("The blue one");
    /// assert_eq!(
    ///     serde_json::to_value(&image)?,
    ///     serde_json::json!({"link": "https://example.com/shoe.png", "caption": "The blue one"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Image {
        /// The text below the image, at most 1024 characters.
        pub caption: Option<String>,
    }
    new { caption }
}

media! {
    /// A sound: AAC, AMR, MP3, M4A or OGG with Opus, at most 16 MB. It has no caption.
    pub struct Audio {
        /// Whether it is a voice note: OGG with Opus only. The user's app then tells when it was played.
        pub voice: Option<Flag>,
    }
    new { voice }
}

media! {
    /// A video: MP4 or 3GP with H.264 and AAC, at most 16 MB.
    pub struct Video {
        /// The text below the video, at most 1024 characters.
        pub caption: Option<String>,
    }
    new { caption }
}

media! {
    /// A document: PDF, office formats, plain text; at most 100 MB.
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
    pub struct Sticker {}
    new {}
}

impl Audio {
    /// Makes it a voice note: OGG with Opus only.
    pub fn voice(mut self) -> Self {
        self.voice = Some(true.into());
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
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }
}

/// The most characters that a caption may have.
const CAPTION_MAX: usize = 1024;

impl Validate for Audio {
    fn check(&self, check: &mut Check<'_>) {
        self.source.check(&self.unknown, check);
        if self.unknown.get("caption").is_some() {
            check
                .member("caption")
                .report(Rule::Forbidden("a sound has no caption"));
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

#[derive(Default)]
pub(crate) struct PartialSource {
    id: Option<MediaId>,
    link: Option<String>,
    /// Members that were there and said nothing.
    blanks: Vec<(&'static str, Blank)>,
}

impl Group for MediaSource {
    type Partial = PartialSource;

    fn empty() -> Self {
        Self::Link(String::new())
    }

    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            "id" => {
                let blank = members.next_value_seed(member::Into(&mut partial.id))?;
                partial.blanks.extend(blank.map(|blank| ("id", blank)));
            }
            "link" => {
                let blank = members.next_value_seed(member::Into(&mut partial.link))?;
                partial.blanks.extend(blank.map(|blank| ("link", blank)));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish<E: Error>(
        &mut self,
        partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<(), E> {
        let is_empty = |name| partial.blanks.contains(&(name, Blank::EmptyText));
        let (is_empty_id, is_empty_link) = (is_empty("id"), is_empty("link"));
        for (name, blank) in partial.blanks {
            unknown.keep_blank(name, blank);
        }
        *self = match (partial.id, partial.link) {
            (Some(id), link) => {
                // A documentation sample shows both; the uploaded file counts, and `validate` reports the link.
                if let Some(link) = link {
                    unknown.insert("link", Value::String(link));
                }
                Self::Id(id)
            }
            (None, Some(link)) => Self::Link(link),
            // An empty one is one, to be reported as a violation.
            (None, None) if is_empty_id => Self::Id("".into()),
            (None, None) if is_empty_link => Self::Link(String::new()),
            (None, None) => return Err(E::custom("missing field `id` or `link`")),
        };
        Ok(())
    }

    fn write_members<M: SerializeMap>(
        &self,
        _: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error> {
        match self {
            Self::Id(id) => members.serialize_entry("id", id),
            Self::Link(link) => members.serialize_entry("link", link),
        }
    }

    fn owns(&self, name: &str) -> bool {
        match self {
            Self::Id(_) => name == "id",
            Self::Link(_) => name == "link",
        }
    }
}
