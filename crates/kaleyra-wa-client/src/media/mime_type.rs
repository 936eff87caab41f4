//! What a file is: its MIME type, given or determined from its name.

use std::borrow::Cow;

use super::MediaKind;

/// What WhatsApp names, and the extensions of each. Where an extension has two meanings, it is listed with the usual one.
const NAMED: &[(MediaKind, &str, &[&str])] = &[
    (MediaKind::Audio, "audio/aac", &["aac"]),
    (MediaKind::Audio, "audio/amr", &["amr"]),
    (MediaKind::Audio, "audio/mp4", &["m4a"]),
    (MediaKind::Audio, "audio/mpeg", &["mp3"]),
    (MediaKind::Audio, "audio/ogg", &["ogg", "opus"]),
    (MediaKind::Document, "application/msword", &["doc"]),
    (MediaKind::Document, "application/pdf", &["pdf"]),
    (MediaKind::Document, "application/vnd.ms-excel", &["xls"]),
    (
        MediaKind::Document,
        "application/vnd.ms-powerpoint",
        &["ppt"],
    ),
    (
        MediaKind::Document,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        &["pptx"],
    ),
    (
        MediaKind::Document,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &["xlsx"],
    ),
    (
        MediaKind::Document,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx"],
    ),
    (MediaKind::Document, "text/plain", &["txt"]),
    (MediaKind::Image, "image/jpeg", &["jpg", "jpeg"]),
    (MediaKind::Image, "image/png", &["png"]),
    (MediaKind::Sticker, "image/webp", &["webp"]),
    (MediaKind::Video, "video/3gpp", &["3gp"]),
    (MediaKind::Video, "video/mp4", &["mp4"]),
];

/// What else an extension can stand for.
const ALSO: &[(&str, &str)] = &[("mp4", "audio/mp4"), ("mpga", "audio/mpeg")];

/// Extensions of files that people try to send although WhatsApp accepts none of them: asking for the type would not
/// help.
const NOT_TAKEN: &[(MediaKind, &str, &[&str])] = &[
    (MediaKind::Audio, "audio/flac", &["flac"]),
    (MediaKind::Audio, "audio/wav", &["wav"]),
    (MediaKind::Document, "application/epub+zip", &["epub"]),
    (MediaKind::Document, "application/gzip", &["gz", "tgz"]),
    (MediaKind::Document, "application/json", &["json"]),
    (
        MediaKind::Document,
        "application/vnd.oasis.opendocument.presentation",
        &["odp"],
    ),
    (
        MediaKind::Document,
        "application/vnd.oasis.opendocument.spreadsheet",
        &["ods"],
    ),
    (
        MediaKind::Document,
        "application/vnd.oasis.opendocument.text",
        &["odt"],
    ),
    (MediaKind::Document, "application/rtf", &["rtf"]),
    (MediaKind::Document, "application/xml", &["xml"]),
    (MediaKind::Document, "application/zip", &["zip"]),
    (MediaKind::Document, "text/calendar", &["ics"]),
    (MediaKind::Document, "text/csv", &["csv"]),
    (MediaKind::Document, "text/html", &["htm", "html"]),
    (MediaKind::Document, "text/markdown", &["md"]),
    (MediaKind::Document, "text/vcard", &["vcf"]),
    (MediaKind::Image, "image/avif", &["avif"]),
    (MediaKind::Image, "image/bmp", &["bmp"]),
    (MediaKind::Image, "image/gif", &["gif"]),
    (MediaKind::Image, "image/heic", &["heic"]),
    (MediaKind::Image, "image/svg+xml", &["svg"]),
    (MediaKind::Image, "image/tiff", &["tif", "tiff"]),
    (MediaKind::Video, "video/quicktime", &["mov"]),
    (MediaKind::Video, "video/webm", &["webm"]),
    (MediaKind::Video, "video/x-matroska", &["mkv"]),
    (MediaKind::Video, "video/x-msvideo", &["avi"]),
];

/// A MIME type, and what WhatsApp makes of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MimeType {
    text: Cow<'static, str>,
    kind: MediaKind,
    is_taken: bool,
}

impl MimeType {
    /// What nothing is known about.
    pub(crate) const UNKNOWN: Self = Self {
        text: Cow::Borrowed("application/octet-stream"),
        kind: MediaKind::Document,
        is_taken: true,
    };

    /// Of the file with this name, if its extension tells.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let extension = extension(name)?;
        let is_listed = |listed: &str| listed.eq_ignore_ascii_case(extension);
        let find = |types: &'static [(MediaKind, &'static str, &[&str])], is_taken| {
            let (kind, text, _) = types
                .iter()
                .find(|(.., extensions)| extensions.iter().any(|listed| is_listed(listed)))?;
            Some(Self {
                text: Cow::Borrowed(text),
                kind: *kind,
                is_taken,
            })
        };
        find(NAMED, true).or_else(|| find(NOT_TAKEN, false))
    }

    /// Of a text such as `audio/ogg; codecs=opus`; `None` if it is not a MIME type.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        let (top, sub) = essence.trim().split_once('/')?;
        // It becomes a line of the form: a line break in it would begin another.
        let is_printable = |sign: u8| sign.is_ascii_graphic() || sign == b' ';
        if !is_token(top) || !is_token(sub) || !parameters.bytes().all(is_printable) {
            return None;
        }
        let essence = essence.trim().to_ascii_lowercase();
        let named = NAMED.iter().find(|(_, named, _)| *named == essence);
        let (kind, is_taken) = match (named, top.to_ascii_lowercase().as_str()) {
            (Some((kind, ..)), _) => (*kind, true),
            (None, "audio") => (MediaKind::Audio, false),
            (None, "image") => (MediaKind::Image, false),
            (None, "video") => (MediaKind::Video, false),
            (None, _) => (MediaKind::Document, false),
        };
        let text = Cow::Owned(text.to_owned());
        Some(Self {
            text,
            kind,
            is_taken,
        })
    }

    /// Whether a file of this name is another type's by its extension: WhatsApp shows a file by its type, and whoever
    /// opens it goes by its name.
    pub(crate) fn contradicts(&self, name: &str) -> bool {
        let (Some(told), Some(extension)) = (Self::of_name(name), extension(name)) else {
            return false;
        };
        let (told, given) = (told.essence(), self.essence());
        let is_also = ALSO
            .iter()
            .any(|(listed, also)| listed.eq_ignore_ascii_case(extension) && *also == given);
        // Every text type is plain text, too.
        let is_text =
            told.starts_with("text/") || told.ends_with("/json") || told.ends_with("/xml");
        told != given && !is_also && !(is_text && given == "text/plain")
    }

    /// Without its parameters, in lower case.
    fn essence(&self) -> String {
        let essence = self.text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The kind that it is sent as.
    pub(crate) fn kind(&self) -> MediaKind {
        self.kind
    }

    /// Whether WhatsApp accepts it.
    pub(crate) fn is_taken(&self) -> bool {
        self.is_taken
    }
}

fn extension(name: &str) -> Option<&str> {
    Some(name.rsplit_once('.')?.1)
}

/// A token of RFC 9110.
fn is_token(text: &str) -> bool {
    let is_allowed = |sign: u8| sign.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&sign);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_tells_in_any_case() {
        for (name, expected) in [
            (
                "invoice.pdf",
                Some(("application/pdf", MediaKind::Document)),
            ),
            ("a.b.JPG", Some(("image/jpeg", MediaKind::Image))),
            (".png", Some(("image/png", MediaKind::Image))),
            ("wave.webp", Some(("image/webp", MediaKind::Sticker))),
            ("note.opus", Some(("audio/ogg", MediaKind::Audio))),
            ("clip.3GP", Some(("video/3gpp", MediaKind::Video))),
            ("page.html", Some(("text/html", MediaKind::Document))),
            ("a.xyz", None),
            ("pdf", None),
            ("invoice.", None),
            ("", None),
        ] {
            let found = MimeType::of_name(name);
            let found = found
                .as_ref()
                .map(|mime_type| (mime_type.as_str(), mime_type.kind()));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_given_type_is_sent_as_given_and_known_without_its_parameters() {
        for (text, kind, is_taken) in [
            ("audio/ogg; codecs=opus", MediaKind::Audio, true),
            ("IMAGE/PNG", MediaKind::Image, true),
            ("image/webp", MediaKind::Sticker, true),
            ("image/svg+xml", MediaKind::Image, false),
            ("audio/flac", MediaKind::Audio, false),
            ("Video/webm", MediaKind::Video, false),
            ("text/plain; charset=utf-8", MediaKind::Document, true),
            ("text/csv;charset=utf-8", MediaKind::Document, false),
            ("application/zip", MediaKind::Document, false),
            ("application/octet-stream", MediaKind::Document, false),
        ] {
            let mime_type = MimeType::parse(text).unwrap();
            let found = (mime_type.as_str(), mime_type.kind(), mime_type.is_taken());
            assert_eq!(found, (text, kind, is_taken));
        }
        assert_eq!(MimeType::parse(" text/csv ").unwrap().as_str(), "text/csv");
    }

    #[test]
    fn a_type_that_the_extension_belies_is_noticed() {
        for (name, given, contradicts) in [
            ("a.pdf", "application/pdf", false),
            ("a.PDF", "Application/PDF; version=2", false),
            ("a.ogg", "audio/ogg; codecs=opus", false),
            ("a.jpeg", "image/jpeg", false),
            ("a.mp4", "audio/mp4", false),
            ("a.csv", "text/plain", false),
            ("a.json", "text/plain; charset=utf-8", false),
            ("a.log", "text/plain", false),
            ("a", "application/pdf", false),
            ("a.pdf", "image/png", true),
            ("a.png", "image/jpeg", true),
            ("a.mp4", "audio/mpeg", true),
            ("a.mp3", "video/mp4", true),
            ("a.csv", "application/pdf", true),
            ("a.zip", "text/plain", true),
            ("a.docx", "application/msword", true),
            ("a.txt", "application/pdf", true),
        ] {
            let given = MimeType::parse(given).unwrap();
            assert_eq!(given.contradicts(name), contradicts, "{name} {given:?}");
        }
    }

    #[test]
    fn what_is_no_mime_type_is_refused() {
        for text in [
            "",
            "pdf",
            ".pdf",
            "application/",
            "/pdf",
            "a b/c",
            "text/plain\r\nx: y",
            "text/plain; a=\r\nx: y",
            "text/plain; a=é",
            "text/pläin",
        ] {
            assert_eq!(MimeType::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_named_type_is_known_by_its_name_and_by_its_extensions() {
        for (kind, text, extensions) in NAMED {
            let mime_type = MimeType::parse(text).unwrap();
            assert_eq!((mime_type.kind(), mime_type.is_taken()), (*kind, true));
            for extension in *extensions {
                assert_eq!(
                    MimeType::of_name(&format!("x.{extension}")).unwrap(),
                    mime_type
                );
            }
        }
    }
}
