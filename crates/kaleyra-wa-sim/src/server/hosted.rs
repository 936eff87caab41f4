//! `GET /media/{id}`: the files that users sent, for whoever has the link.

use http::{HeaderMap, StatusCode};

use super::answer::{self, Answer};
use crate::event::SimEvent;
use crate::shared::Shared;

/// Gives the file, also to who sends the API key along, as the storage would that Kaleyra's links lead to. But the key
/// has no business there, so that is told.
pub(super) fn answer(shared: &Shared, headers: &HeaderMap, id: &str) -> Answer {
    if headers.contains_key("api-key") {
        shared
            .leaked_keys
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        shared.events.emit(SimEvent::KeyLeaked);
    }
    let file = shared.hosted().find(id);
    match file {
        Some(file) => {
            let what = "a file that a user sent";
            shared.events.emit(SimEvent::Read { what });
            answer::file(file)
        }
        None => {
            let why = "there is no such file: newer ones may have taken its place";
            shared.rejected(404, None, why);
            answer::refused(StatusCode::NOT_FOUND, why)
        }
    }
}
