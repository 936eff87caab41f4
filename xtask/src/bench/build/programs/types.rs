//! Reads a callback and writes a message.

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::inbound::Callback;

fn main() {
    let body = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
    let events = Callback::from_slice(body.as_bytes()).map_or(0, |callback| callback.events().count());
    let is_send = SendRequest::from_slice(body.as_bytes()).is_ok();
    println!("{events} {is_send}");
}
