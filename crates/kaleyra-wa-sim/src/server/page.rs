//! `GET /`: what there is, with curl lines that work as they stand, but for the key.

use http::HeaderMap;
use http::header::HOST;

use crate::fault::Fault;
use crate::shared::Shared;

pub(super) fn page(shared: &Shared, headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let webhook = match &*shared.webhook() {
        Some(_) => "Callbacks are posted to the webhook that the simulator was given.",
        None => "The simulator was given no callback URL, so nothing can be posted.",
    };
    let faults: Vec<String> = Fault::ALL.iter().map(ToString::to_string).collect();
    include_str!("page.txt")
        .replace("{base}", &format!("http://{host}"))
        .replace("{sid}", &shared.account.sid)
        .replace("{sender}", &shared.account.sender)
        .replace("{webhook}", webhook)
        .replace("{faults}", &faults.join(", "))
}
