//! Any bytes as a request: method and target, headers, body, with a zero byte between them.

#![no_main]

use std::time::SystemTime;

use kaleyra_wa_webhook::http::Request;
use kaleyra_wa_webhook::http::header::{HeaderName, HeaderValue};
use kaleyra_wa_webhook::{
    Basic, ReceivedCallback, HmacSha256, MetaChallenge, PeerAddress, Receiver, SecretPath, SharedHeader,
    SourceAddresses, TokenIssuer, any_of,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let [Some(line), Some(headers), Some(body)] = [parts.next(), parts.next(), parts.next()] else {
        return;
    };
    let Some(request) = request(line, headers) else {
        return;
    };
    let (head, ()) = request.into_parts();
    let now = SystemTime::UNIX_EPOCH;

    let issuer = TokenIssuer::new("id", "secret").expect("a secret");
    if let Ok(token) = issuer.issue(&head, body, now) {
        assert_eq!(token.to_response().status(), 200);
    }
    let challenge = MetaChallenge::new("token").expect("a token");
    challenge.answer(&head);

    let receiver = Receiver::new(
        any_of(
            SharedHeader::new("x-secret", "s").expect("a secret"),
            SecretPath::new("/s").expect("a path"),
        )
        .or(Basic::new("u", "p").expect("a user"))
        .or(HmacSha256::new("s").expect("a secret"))
        .or(SourceAddresses::new(["192.0.2.0/24"])
            .and_then(|addresses| addresses.forwarded_by(["127.0.0.1"]))
            .expect("networks"))
        .or(issuer),
    );
    let receive = |receiver: &Receiver| receiver.receive(&head, body.to_vec().into(), now);
    let everybody = receive(&Receiver::dangerously_unverified());
    match receive(&receiver) {
        // What is let in is what there is for everybody, and its head had passed.
        Ok(delivery) => {
            assert_eq!(
                Ok(delivery.raw),
                everybody.as_ref().map(|all| all.raw.clone())
            );
            assert_eq!(receiver.check_head(&head, now), Ok(()));
        }
        Err(rejection) => assert!(rejection.to_response().status().as_u16() >= 400),
    }
    if let Ok(delivery) = everybody {
        assert!(delivery.events().count() > 0);
        let again = ReceivedCallback::from_raw(delivery.raw, now).expect("it was read before");
        assert_eq!(again.callback, delivery.callback);
    }
});

/// `METHOD target`, and lines of `name: value`.
fn request(line: &[u8], headers: &[u8]) -> Option<Request<()>> {
    let (method, target) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let request = Request::builder().method(method).uri(target);
    let mut request = request.body(()).ok()?;
    let peer = PeerAddress(([127, 0, 0, 1], 1).into());
    request.extensions_mut().insert(peer);
    let lines = headers.split(|byte| *byte == b'\n');
    for header in lines.filter(|line| !line.is_empty()) {
        let colon = header.iter().position(|byte| *byte == b':')?;
        let (name, value) = header.split_at_checked(colon)?;
        let name = HeaderName::from_bytes(name).ok()?;
        let value = HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}
