//! What a file is sent as.

use std::path::Path;

use kaleyra_wa_types::MediaKind;

/// What a file is sent as, by its name: its kind, its MIME type, and whether it is a voice note. What is not known is a document.
///
/// ```
/// use kaleyra_wa_sim::callback::{MediaKind, kind_of_file};
///
/// assert_eq!(kind_of_file("photos/cup.JPG".as_ref()), (MediaKind::Image, "image/jpeg", false));
/// assert_eq!(kind_of_file("hello.ogg".as_ref()), (MediaKind::Audio, "audio/ogg; codecs=opus", true));
/// ```
pub fn kind_of_file(path: &Path) -> (MediaKind, &'static str, bool) {
    let extension = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => (MediaKind::Image, "image/jpeg", false),
        "png" => (MediaKind::Image, "image/png", false),
        "webp" => (MediaKind::Sticker, "image/webp", false),
        "mp4" => (MediaKind::Video, "video/mp4", false),
        "3gp" => (MediaKind::Video, "video/3gpp", false),
        "ogg" | "opus" => (MediaKind::Audio, "audio/ogg; codecs=opus", true),
        "mp3" => (MediaKind::Audio, "audio/mpeg", false),
        "m4a" => (MediaKind::Audio, "audio/mp4", false),
        "aac" => (MediaKind::Audio, "audio/aac", false),
        "amr" => (MediaKind::Audio, "audio/amr", false),
        "pdf" => (MediaKind::Document, "application/pdf", false),
        "txt" => (MediaKind::Document, "text/plain", false),
        _ => (MediaKind::Document, "application/octet-stream", false),
    }
}
