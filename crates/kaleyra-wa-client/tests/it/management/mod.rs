//! The account besides its messages, over real sockets.

mod account;
mod flows;
mod samples;
mod templates;

use kaleyra_wa_client::Waba;
use serde_json::{Value, json};

use crate::fixtures::{KEY, SID};
use crate::server::Server;

pub(crate) const WABA: &str = "102000000000001";

pub(crate) fn ok(data: Value) -> (u16, Value) {
    (
        200,
        json!({"code": "WA200", "message": "Request Processed Successfully", "data": data, "error": {}}),
    )
}

pub(crate) fn waba(server: &Server) -> Waba {
    server.client().waba(WABA)
}

/// Method and path of each request; every one has the key.
pub(crate) fn asked(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let lines = requests.iter().map(|request| {
        assert!(
            request
                .to_ascii_lowercase()
                .contains(&format!("api-key: {KEY}"))
        );
        let line = request
            .lines()
            .next()
            .unwrap()
            .trim_end_matches(" HTTP/1.1");
        line.replace(SID, "SID")
    });
    lines.collect()
}

/// The JSON that the only request had.
pub(crate) fn body(server: &Server) -> Value {
    let requests = server.requests();
    let [request] = requests.as_slice() else {
        panic!("{} requests", requests.len());
    };
    assert!(request.contains("content-type: application/json"));
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}
