//! What a head says about the body.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;

/// Types that surely are no JSON text, whatever follows the slash.
const BINARY: [&str; 6] = ["audio", "font", "image", "model", "multipart", "video"];

/// Whether the body may be JSON.
///
/// The header is often missing or wrong (a form, plain text, HTML), and what is in the body is easy
/// to see once it was read. So only what can't be JSON is refused: sound and pictures, a body of
/// several parts, and one that is compressed, which nobody announced that we would read.
pub(super) fn may_be_json(head: &Parts) -> bool {
    let is_binary = |value: &[u8]| {
        // As nearly all say.
        if value == b"application/json" {
            return false;
        }
        let name = value.split(|byte| *byte == b'/').next().unwrap_or_default();
        BINARY
            .iter()
            .any(|binary| name.trim_ascii().eq_ignore_ascii_case(binary.as_bytes()))
    };
    let is_plain = |value: &[u8]| {
        let value = value.trim_ascii();
        value.is_empty() || value.eq_ignore_ascii_case(b"identity")
    };
    let types = head.headers.get_all(CONTENT_TYPE).iter();
    let encodings = head.headers.get_all(CONTENT_ENCODING).iter();
    types
        .map(|value| value.as_bytes())
        .all(|value| !is_binary(value))
        && encodings.map(|value| value.as_bytes()).all(is_plain)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_what_surely_is_no_json_is_refused() {
        for (name, value, expect) in [
            ("content-type", "application/json", true),
            ("content-type", "application/json; charset=utf-8", true),
            ("content-type", "application/vnd.kaleyra+json", true),
            ("content-type", "text/plain", true),
            ("content-type", "text/html", true),
            ("content-type", "application/x-www-form-urlencoded", true),
            ("content-type", "application/octet-stream", true),
            ("content-type", "imagery", true),
            ("content-type", "", true),
            ("content-type", "multipart/form-data; boundary=a", false),
            ("content-type", "Image/JPEG", false),
            ("content-type", "video/mp4", false),
            ("content-encoding", "identity", true),
            ("content-encoding", "gzip", false),
            ("content-encoding", "br", false),
            ("x-other", "image/png", true),
        ] {
            let request = Request::post("/").header(name, value);
            let (head, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(may_be_json(&head), expect, "{name}: {value}");
        }
    }
}
