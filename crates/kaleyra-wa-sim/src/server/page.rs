//! The page for browsers: the files that it is made of, and what they may do there.

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

use super::response::{self, HttpResponse};

/// Nothing comes from other hosts, and no text ever becomes a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types lit-html";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Each file's path, content type and content.
macro_rules! files {
    ($($path:literal: $type:expr,)*) => {
        [$(($path, $type, include_bytes!(concat!("../../page/", $path)).as_slice())),*]
    };
}

const FILES: &[(&str, &str, &[u8])] = &files! {
    "index.html": "text/html; charset=utf-8",
    "src/api.js": SCRIPT,
    "src/bubble.js": SCRIPT,
    "src/chats.js": SCRIPT,
    "src/clock.js": SCRIPT,
    "src/composer.js": SCRIPT,
    "src/content.js": SCRIPT,
    "src/conversation.js": SCRIPT,
    "src/copies.js": SCRIPT,
    "src/emoji.js": SCRIPT,
    "src/exchange.js": SCRIPT,
    "src/exchanges.js": SCRIPT,
    "src/faults.js": SCRIPT,
    "src/forms.js": SCRIPT,
    "src/grip.js": SCRIPT,
    "src/icons.js": SCRIPT,
    "src/inspector.js": SCRIPT,
    "src/main.js": SCRIPT,
    "src/order.js": SCRIPT,
    "src/phone.js": SCRIPT,
    "src/sheets.js": SCRIPT,
    "src/store.js": SCRIPT,
    "src/taps.js": SCRIPT,
    "src/text.js": SCRIPT,
    "src/thread.js": SCRIPT,
    "style/base.css": STYLE,
    "style/chat.css": STYLE,
    "style/inspector.css": STYLE,
    "style/small.css": STYLE,
    "vendor/lit-html/LICENSE": "text/plain; charset=utf-8",
    "vendor/lit-html/directive-helpers.js": SCRIPT,
    "vendor/lit-html/directive.js": SCRIPT,
    "vendor/lit-html/directives/live.js": SCRIPT,
    "vendor/lit-html/directives/repeat.js": SCRIPT,
    "vendor/lit-html/lit-html.js": SCRIPT,
};

/// Whether a browser asks for it, and not a program that wants the guide.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

pub(super) fn answer(path: &str) -> HttpResponse {
    let found = FILES.iter().find(|(known, ..)| *known == path);
    let Some((path, content_type, content)) = found else {
        return response::refused(StatusCode::NOT_FOUND, "the page has no such file");
    };
    let mut answer = response::bytes(
        content_type,
        from_disk(path).unwrap_or(Bytes::from_static(content)),
    );
    let mut set = |name: HeaderName, value| {
        answer
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(CACHE_CONTROL, "no-cache");
    answer
}

/// The file as it lies in the folder that `KALEYRA_WA_PAGE_DIR` names: whoever works on the page needs no build then.
fn from_disk(path: &str) -> Option<Bytes> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let folder = std::env::var_os("KALEYRA_WA_PAGE_DIR")?;
    let file = std::path::Path::new(&folder).join(path);
    std::fs::read(file).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_served_and_nothing_else_of_the_folder() {
        for folder in ["src", "style"] {
            let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
            for entry in std::fs::read_dir(page.join(folder)).unwrap() {
                let path = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
                assert_eq!(answer(&path).status(), StatusCode::OK, "{path}");
            }
        }
        for path in ["package.json", "test/desk.js", "", "../Cargo.toml", "src/"] {
            assert_eq!(answer(path).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
