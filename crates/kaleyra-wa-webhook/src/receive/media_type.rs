//! What a head says about the body.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;

/// Types that are certainly not JSON, whatever follows the slash.
const BINARY: [&str; 6] = ["audio", "font", "image", "model", "multipart", "video"];

/// IANA's content codings, and what is in use beside them.
const CODINGS: [&str; 14] = [
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "lz4",
    "pack200-gzip",
    "snappy",
    "x-compress",
    "x-gzip",
    "zstd",
];

/// Whether the body may be JSON.
///
/// The header is often missing or wrong (a form, plain text, HTML), and what is in the body is easy
/// to see once it was read. So only what can't be JSON is refused: audio and images, a body of
/// several parts, and one that is compressed, which nobody announced that we would read. Anything but
/// a coding that there is, such as `UTF-8` or `application/json`, is a mistake in the header,
/// and says nothing about the body.
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
    let is_coded = |value: &[u8]| {
        let mut codings = value.split(|byte| *byte == b',');
        codings.any(|coding| {
            let is_it = |known: &&str| coding.trim_ascii().eq_ignore_ascii_case(known.as_bytes());
            CODINGS.iter().any(is_it)
        })
    };
    let types = head.headers.get_all(CONTENT_TYPE).iter();
    let encodings = head.headers.get_all(CONTENT_ENCODING).iter();
    types
        .map(|value| value.as_bytes())
        .all(|value| !is_binary(value))
        && !encodings.map(|value| value.as_bytes()).any(is_coded)
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
            ("content-encoding", "X-GZIP", false),
            ("content-encoding", "identity, zstd", false),
            ("content-encoding", "UTF-8", true),
            ("content-encoding", "none", true),
            ("content-encoding", "8bit", true),
            ("content-encoding", "application/json", true),
            ("content-encoding", "utf-8, identity", true),
            ("content-encoding", "", true),
            ("x-other", "image/png", true),
        ] {
            let request = Request::post("/").header(name, value);
            let (head, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(may_be_json(&head), expect, "{name}: {value}");
        }
    }
}
