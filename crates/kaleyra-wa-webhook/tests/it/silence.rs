//! No secret and no personal data in `Debug` and in the log, which says what one needs to know.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use kaleyra_wa_webhook::http::Request;
use kaleyra_wa_webhook::{
    ReceivedCallback, Receiver, Server, SharedHeader, SinkError, Unverified, WebhookService,
    sink_fn,
};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::fixtures::{MEDIA_REPLY, REACTION};
use crate::server::{Running, SECRET, collecting, post, receiver};

/// What must not be seen: secret, numbers, names, contents.
const CANARIES: [&str; 7] = [
    SECRET, "98000000", "Asha", "wamid.", "order-17", "shoe", "canary",
];

pub(crate) fn assert_silent(text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
}

#[test]
fn debug_shows_no_contents() {
    let verifier = SharedHeader::new("x-kaleyra-secret", SECRET).unwrap();
    let delivery = ReceivedCallback::from_raw(MEDIA_REPLY.into(), SystemTime::now()).unwrap();
    let (service, _deliveries) = collecting();
    let (head, ()) = Request::post("/canary")
        .header("x-kaleyra-secret", SECRET)
        .body(())
        .unwrap()
        .into_parts();
    let unverified = Unverified::whole(&head, MEDIA_REPLY.as_bytes(), SystemTime::now());
    let invalid = SharedHeader::new("x-kaleyra-secret", "canary\n").unwrap_err();

    for shown in [
        format!("{verifier:?} {verifier:#?}"),
        format!("{delivery:?} {delivery:#?}"),
        format!(
            "{:?} {service:?} {:?}",
            receiver(),
            Server::new(service.clone())
        ),
        format!("{unverified:?}"),
        format!("{invalid:?} {invalid}"),
    ] {
        assert_silent(&shown);
    }
    assert!(format!("{delivery:?}").contains("events: 1"));
    assert!(format!("{:?}", Receiver::dangerously_unverified()).contains("verified: false"));
}

/// What is logged on this thread.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes all from now on, until the guard is dropped.
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter("trace")
            .with_ansi(false)
            .with_span_events(FmtSpan::FULL)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// One thread, so that the log of this test is that of its server.
#[tokio::test]
async fn the_log_tells_the_story_without_contents() {
    let log = Log::default();
    let _guard = log.listen();

    let sink = sink_fn(|delivery: ReceivedCallback| async move {
        match delivery.raw == REACTION {
            true => Err(SinkError::new("the queue is full")),
            false => Ok(()),
        }
    });
    let server = Running::start(Server::new(WebhookService::new(receiver(), sink))).await;
    // What should be Kaleyra's id, and is a text.
    let long = MEDIA_REPLY.replace("trace-media", &"canary".repeat(100_000));
    let spaced = MEDIA_REPLY.replace("trace-media", "a canary\\n");
    for (request, status) in [
        (post(SECRET, MEDIA_REPLY), 200),
        (post(SECRET, &long), 200),
        (post(SECRET, &spaced), 200),
        (post(SECRET, REACTION), 503),
        (post("canary", MEDIA_REPLY), 401),
        (post(SECRET, "{\"canary\""), 400),
    ] {
        assert_eq!(server.exchange(&request).await.status, status);
    }

    let log = log.text();
    assert_silent(&log);
    let size = format!("http.request.body.size={}", MEDIA_REPLY.len());
    for told in [
        "http.response.status_code=200",
        "http.response.status_code=401",
        size.as_str(),
        "kaleyra.events=1",
        "kaleyra.trace_id=\"trace-media\"",
        "kaleyra.waba_id=\"300000000000001\"",
        "the queue is full",
        "not JSON",
    ] {
        assert!(log.contains(told), "no {told} in {log}");
    }
}
