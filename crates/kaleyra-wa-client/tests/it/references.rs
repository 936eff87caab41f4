//! Every message has a reference, and callbacks prove by it what became of the message.

use std::collections::HashSet;

use kaleyra_wa_client::transport::{
    Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};
use kaleyra_wa_client::types::SendRequest;
use kaleyra_wa_client::types::extra_info::ExtraInfo;
use kaleyra_wa_client::types::inbound::{Callback, Stage};
use kaleyra_wa_client::types::outbound::MessagingObject;
use kaleyra_wa_client::types::{PhoneNumber, Recipient, WaId};
use kaleyra_wa_client::{Client, Delivery, ErrorKind, Pod, Proof};
use serde_json::json;

use crate::fixtures::{Recording, USER, account, client};

/// Loses every response.
struct Lost;

#[async_trait]
impl Transport for Lost {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        Err(TransportError::new(
            Phase::InFlight,
            TransportErrorKind::Interrupted,
        ))
    }
}

#[tokio::test]
async fn the_reference_goes_out_and_comes_back() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let sent = client.send(USER, "Hello").await.unwrap();
    assert_eq!(sent.reference(), Some("fresh"));
    assert_eq!(transport.body()["extra_info"], json!({"ref": "fresh"}));

    let given = client
        .send(USER, "Hello")
        .reference("order-17")
        .reference1("b");
    assert_eq!(given.await.unwrap().reference(), Some("order-17"));
    let extra_info = json!({"ref": "order-17", "ref1": "b"});
    assert_eq!(transport.body()["extra_info"], extra_info);

    // A second reference is not the first.
    let second = client.send(USER, "Hello").reference1("b");
    assert_eq!(second.await.unwrap().reference(), Some("fresh"));
    assert_eq!(transport.body()["extra_info"]["ref"], "fresh");

    let none = client.send(USER, "Hello").without_reference();
    assert_eq!(none.await.unwrap().reference(), None);
    assert!(transport.body().get("extra_info").is_none());
}

/// Nothing could be found by it, and to replace it in silence would be worse.
#[tokio::test]
async fn an_empty_reference_is_refused() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let to: PhoneNumber = USER.parse().unwrap();
    let message = MessagingObject::new(Recipient::from(to), "Hello");
    let queued = SendRequest::new(message).extra_info(ExtraInfo::new().reference(""));
    let empty = client.clone().with_references(String::new);
    for sending in [
        client.send(USER, "Hello").reference(""),
        client.send(USER, "Hello").reference(" \t"),
        client.send(USER, "Hello").reference("").without_reference(),
        client
            .send(USER, "Hello")
            .extra_info(ExtraInfo::new().reference("")),
        client.send_request(queued),
        empty.send(USER, "Hello"),
    ] {
        let error = sending.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
        assert_eq!(
            error.to_string(),
            "not sent: the reference is empty: set a unique one, or set none to have one generated"
        );
    }
    let error = client.send(USER, "Hello").reference("").request();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(transport.requests().is_empty());

    let unchecked = client.send(USER, "Hello").reference("").unchecked();
    assert_eq!(unchecked.await.unwrap().reference(), Some("fresh"));
}

#[tokio::test]
async fn a_recipient_of_each_sort() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let wa_id = WaId::from("14155550123");
    for sending in [
        client.send(wa_id.clone(), "Hello"),
        client.send(&wa_id, "Hello"),
        client.send(std::borrow::Cow::Borrowed(USER), "Hello"),
    ] {
        sending.await.unwrap();
        assert_eq!(transport.body()["messaging_object"]["to"], USER);
    }
}

#[tokio::test]
async fn what_came_through_a_queue_keeps_its_own() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let to: PhoneNumber = USER.parse().unwrap();
    let message = MessagingObject::new(Recipient::from(to), "Hello");
    let sent = client
        .send_request(SendRequest::new(message))
        .await
        .unwrap();
    assert_eq!(sent.reference(), None);
    assert!(transport.body().get("extra_info").is_none());
}

#[tokio::test]
async fn an_indeterminate_error_has_the_reference_to_look_for() {
    let client = Client::with_transport(account(Pod::In), Lost);
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    let reference = error.reference().unwrap().to_owned();
    assert!(!format!("{error} {error:?}").contains(&reference));

    let callback = status("sent", &reference);
    let proof = Proof::from_callback(&callback).unwrap();
    assert_eq!(proof.reference(), reference);
    assert_eq!(proof.delivery(), Delivery::Accepted);

    let error = client
        .send(USER, "Hello")
        .reference("mine")
        .await
        .unwrap_err();
    assert_eq!(error.reference(), Some("mine"));
    assert_eq!(
        client.mark_read("wamid.A").await.unwrap_err().reference(),
        None
    );
}

#[test]
fn references_are_never_the_same_and_sort_by_time() {
    let client = Client::with_transport(account(Pod::In), Lost);
    let first = client.new_reference();
    std::thread::sleep(std::time::Duration::from_millis(2));
    let rest: HashSet<String> = (0..10_000).map(|_| client.new_reference()).collect();
    assert_eq!(rest.len(), 10_000);
    assert!(rest.iter().all(|later| later > &first && later.len() == 36));
}

fn status(status: &str, reference: &str) -> Callback {
    let callback = json!({
        "meta_object": {"field": "messages", "value": {"statuses": [{"id": "wamid.A", "status": status}]}},
        "extra_info": {"ref": reference},
    });
    Callback::from_slice(callback.to_string().as_bytes()).unwrap()
}

#[test]
fn a_callback_proves_what_became_of_the_message() {
    for (name, stage, delivery) in [
        ("sent", Some(Stage::Sent), Delivery::Accepted),
        ("read", Some(Stage::Read), Delivery::Accepted),
        ("failed", Some(Stage::Failed), Delivery::Rejected),
        ("of tomorrow", None, Delivery::Accepted),
    ] {
        let callback = status(name, "order-17");
        let proof = Proof::from_callback(&callback).unwrap();
        assert_eq!(proof.reference(), "order-17");
        assert_eq!(
            (proof.stage(), proof.delivery()),
            (stage, delivery),
            "{name}"
        );
    }
    let read = |callback: serde_json::Value| {
        Callback::from_slice(callback.to_string().as_bytes()).unwrap()
    };
    let stopped = read(json!({
        "code": "WAV2101", "status": "not sent", "reason": "Daily limit", "message_id": "wamid.A",
        "extra_info": {"ref": "order-17"},
    }));
    let proof = Proof::from_callback(&stopped).unwrap();
    assert_eq!(proof.delivery(), Delivery::Rejected);

    let answered = read(json!({
        "meta_object": {"field": "messages", "value": {"messages": [
            {"id": "wamid.B", "type": "text", "text": {"body": "Yes"}},
        ]}},
        "extra_info": {"ref": "order-17"},
    }));
    let proof = Proof::from_callback(&answered).unwrap();
    assert_eq!(
        (proof.stage(), proof.delivery()),
        (None, Delivery::Accepted)
    );

    for nothing in [
        status("sent", ""),
        read(
            json!({"meta_object": {"field": "messages", "value": {"statuses": [{"status": "sent"}]}}}),
        ),
        read(
            json!({"meta_object": {"field": "account_alerts", "value": {}}, "extra_info": {"ref": "order-17"}}),
        ),
    ] {
        assert_eq!(Proof::from_callback(&nothing), None);
    }
}
