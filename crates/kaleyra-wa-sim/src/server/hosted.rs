//! `GET /media/{id}`: the files that users sent, for whoever has the link.

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::response::{self, HttpResponse};
use crate::core::Core;
use crate::journal::{About, Fact};
use crate::model::basis::Basis;

/// How long a link is good. Kaleyra's pages do not tell; Meta keeps users' files for so long.
const LIFETIME: Duration = Duration::from_secs(7 * 86_400);

/// Gives the file, also to who sends the API key along, as the storage would that Kaleyra's links lead to. But the key
/// has no business there, so that is told.
pub(super) fn answer(core: &Core, headers: &HeaderMap, id: &str, request: u64) -> HttpResponse {
    let about = || About::cause(request);
    if headers.contains_key("api-key") {
        core.state.leaked_keys.fetch_add(1, Ordering::Relaxed);
        core.journal.write(about(), Fact::KeyLeaked);
    }
    let file = core.state.hosted().find(id);
    let age = |kept_at| {
        core.clock()
            .now()
            .duration_since(kept_at)
            .unwrap_or_default()
    };
    let why = match file {
        Some(file) if age(file.kept_at) <= LIFETIME => {
            let what = "a file that a user sent";
            core.journal.write(about(), Fact::Read { what });
            return response::file(file);
        }
        Some(_) => "the link has expired: users' files are kept for 7 days, as at Meta's",
        None => "there is no such file: newer ones may have taken its place",
    };
    let about = about().basis(Basis::Inferred(
        "how long Kaleyra's links are good is documented nowhere",
    ));
    core.rejected(about, 404, None, why);
    response::refused(StatusCode::NOT_FOUND, why)
}
