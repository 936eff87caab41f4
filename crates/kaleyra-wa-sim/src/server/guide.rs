//! `GET /`: what there is, with curl lines that work as they stand, but for the key.

use http::HeaderMap;
use http::header::HOST;

use crate::core::Core;
use crate::fault::Fault;

pub(super) fn guide(core: &Core, headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let webhook = match core.webhook() {
        Some(_) => "Callbacks are posted to the webhook that the simulator was given.",
        None => "The simulator was given no callback URL, so nothing can be posted.",
    };
    let faults: Vec<String> = Fault::ALL.iter().map(ToString::to_string).collect();
    include_str!("guide.txt")
        .replace("{base}", &format!("http://{host}"))
        .replace("{sid}", core.accounts.first().sid())
        .replace("{waba}", core.accounts.first().waba())
        .replace("{sender}", &core.accounts.first_number().sender)
        .replace("{webhook}", webhook)
        .replace("{faults}", &faults.join(", "))
}
