//! One content to several recipients: lazily, a few at once, an outcome for each.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{FutureExt as _, Stream, StreamExt as _};
use kaleyra_wa_client::transport::{
    Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};
use kaleyra_wa_client::types::extra_info::WaSource;
use kaleyra_wa_client::types::{PhoneNumber, UserId};
use kaleyra_wa_client::{
    Client, Delivery, ErrorKind, IntoRecipient, NoRecipient, Pod, RetryPolicy, SendEach,
    SendOutcome,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::fixtures::{ACCEPTED, Recording, account, answer};

/// References are made by the client itself here.
fn client(transport: impl Transport + 'static) -> Client {
    Client::with_transport(account(Pod::In), transport).with_retry(RetryPolicy::never())
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap()
}

/// Made-up numbers, as many as are asked for.
fn numbers() -> impl Iterator<Item = String> + Send {
    (0_u64..).map(|index| format!("+1415{index:07}"))
}

/// Responds when it may; knows how many wait for it.
#[derive(Clone)]
struct Gate {
    open: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    seen: Arc<AtomicUsize>,
}

impl Gate {
    fn new(open: usize) -> Self {
        Self {
            open: Arc::new(Semaphore::new(open)),
            waiting: Arc::default(),
            most: Arc::default(),
            seen: Arc::default(),
        }
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Transport for Gate {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        self.seen.fetch_add(1, Ordering::SeqCst);
        let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(waiting, Ordering::SeqCst);
        self.open.acquire().await.unwrap().forget();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        Ok(answer(202, ACCEPTED))
    }
}

#[tokio::test]
async fn each_gets_the_content_with_a_reference_of_its_own() {
    let transport = Recording::default();
    let outcomes = client(transport.clone())
        .send_each(["+14155550123", "+14155550124"], "Hello")
        .reference1("spring")
        .reference2("2026")
        .source(WaSource::Hubspot)
        .collect()
        .await;
    let bodies: Vec<Value> = transport.requests().iter().map(body).collect();
    assert_eq!((outcomes.len(), bodies.len()), (2, 2));
    let mut references = HashSet::new();
    for (outcome, to) in outcomes.iter().zip(["+14155550123", "+14155550124"]) {
        let reference = outcome.reference().unwrap();
        assert!(references.insert(reference));
        let expected = json!({
            "messaging_object": {
                "messaging_product": "whatsapp", "recipient_type": "individual",
                "to": to, "type": "text", "text": {"body": "Hello"},
            },
            "extra_info": {"ref": reference, "ref1": "spring", "ref2": "2026", "wa_source": "hubspot"},
        });
        assert!(bodies.contains(&expected), "{bodies:?}");
        assert_eq!(outcome.recipient, Some(to.try_into().unwrap()));
    }
}

#[tokio::test]
async fn references_may_be_known_beforehand() {
    let transport = Recording::default();
    let outcomes = client(transport.clone())
        .send_each(numbers().take(3), "Hello")
        .references(|index| format!("spring-{index}"))
        .collect()
        .await;
    let references: Vec<_> = outcomes.iter().map(SendOutcome::reference).collect();
    assert_eq!(
        references,
        [Some("spring-0"), Some("spring-1"), Some("spring-2")]
    );
    let sent: HashSet<String> = transport
        .requests()
        .iter()
        .map(|request| body(request)["extra_info"]["ref"].to_string())
        .collect();
    assert_eq!(sent.len(), 3);
}

/// Never responds to the fourth.
struct Stuck(AtomicUsize);

#[async_trait]
impl Transport for Stuck {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        if self.0.fetch_add(1, Ordering::SeqCst) == 3 {
            std::future::pending::<()>().await;
        }
        Ok(answer(202, ACCEPTED))
    }
}

#[tokio::test]
async fn one_that_never_ends_holds_up_no_other() {
    let mut sending = client(Stuck(AtomicUsize::new(0)))
        .send_each(numbers().take(20), "Hello")
        .concurrency(2);
    let mut indices = HashSet::new();
    while let Some(Some(outcome)) = sending.next().now_or_never() {
        assert!(outcome.result.is_ok());
        indices.insert(outcome.index);
    }
    assert_eq!(indices.len(), 19);
    assert!(!indices.contains(&3));
}

#[tokio::test]
async fn one_bad_recipient_fails_alone() {
    let transport = Recording::default();
    let recipients = [
        "+14155550123",
        "98000",
        "+14155550124,+14155550125",
        "+14155550126",
    ];
    let outcomes = client(transport.clone())
        .send_each(recipients, "Hello")
        .collect()
        .await;
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.result.as_ref().err().map(|error| error.kind()))
        .collect();
    let bad = Some(ErrorKind::InvalidRecipient);
    assert_eq!(kinds, [None, bad, bad, None]);
    assert!(outcomes.iter().map(|outcome| outcome.index).eq(0..4));
    assert!(outcomes[1].recipient.is_none() && outcomes[1].reference().is_none());
    assert_eq!(transport.requests().len(), 2);
    assert!(!format!("{outcomes:?}").contains("4155550"), "{outcomes:?}");
}

#[tokio::test]
async fn broken_limits_are_reported_for_each_and_can_be_skipped() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let too_long = "x".repeat(5000);
    let outcomes = client
        .send_each(numbers().take(2), &too_long)
        .collect()
        .await;
    for outcome in &outcomes {
        let error = outcome.result.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.violations().len(), 1);
    }
    assert!(transport.requests().is_empty());

    let unchecked = client.send_each(numbers().take(2), &too_long).unchecked();
    assert!(unchecked.collect().await.iter().all(|o| o.result.is_ok()));
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn recipients_are_read_as_there_is_room() {
    let gate = Gate::new(0);
    let read = AtomicUsize::new(0);
    let endless = numbers().inspect(|_| {
        read.fetch_add(1, Ordering::SeqCst);
    });
    let mut sending = client(gate.clone())
        .send_each(endless, "Hello")
        .concurrency(5);
    assert_eq!((read.load(Ordering::SeqCst), gate.seen()), (0, 0));
    for _ in 0..3 {
        assert!(sending.next().now_or_never().is_none());
        assert_eq!((read.load(Ordering::SeqCst), gate.seen()), (5, 5));
    }
    for outcomes in 1..=20 {
        gate.open.add_permits(1);
        assert!(sending.next().await.unwrap().result.is_ok());
        let begun = read.load(Ordering::SeqCst);
        assert!(begun <= outcomes + 5, "{begun} after {outcomes} outcomes");
    }
    // Whoever drops it has stopped it.
    drop(sending);
    gate.open.add_permits(100);
    tokio::task::yield_now().await;
    assert!(gate.seen() <= 25);
}

#[tokio::test]
async fn never_more_than_allowed_are_on_their_way() {
    for (concurrency, expected) in [(None, 8), (Some(0), 1), (Some(3), 3)] {
        let gate = Gate::new(0);
        let mut sending = client(gate.clone()).send_each(numbers().take(40), "Hello");
        if let Some(concurrency) = concurrency {
            sending = sending.concurrency(concurrency);
        }
        let opened = tokio::spawn({
            let gate = gate.clone();
            async move {
                for _ in 0..40 {
                    gate.open.add_permits(1);
                    tokio::task::yield_now().await;
                }
            }
        });
        assert_eq!(sending.collect().await.len(), 40);
        opened.await.unwrap();
        assert_eq!(gate.most.load(Ordering::SeqCst), expected);
    }
}

/// Responds to the first request only after all others.
#[derive(Clone, Default)]
struct Reversed(Arc<Mutex<usize>>, Arc<tokio::sync::Notify>);

#[async_trait]
impl Transport for Reversed {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let number = {
            let mut number = self.0.lock().unwrap();
            *number += 1;
            *number
        };
        match number {
            1 => self.1.notified().await,
            4 => self.1.notify_one(),
            2 => {
                return Err(TransportError::new(
                    Phase::InFlight,
                    TransportErrorKind::Timeout,
                ));
            }
            _ => {}
        }
        Ok(answer(202, ACCEPTED))
    }
}

#[tokio::test]
async fn outcomes_come_as_they_come() {
    let mut sending = client(Reversed::default()).send_each(["+14155550123"; 4], "Hello");
    let mut order = Vec::new();
    while let Some(outcome) = sending.next().await {
        order.push(outcome.index);
        if let Err(error) = &outcome.result {
            assert_eq!(
                (outcome.index, error.delivery()),
                (1, Delivery::Indeterminate)
            );
            assert_eq!(outcome.reference(), error.reference());
            assert!(outcome.reference().is_some());
        }
    }
    assert_eq!(order, [1, 2, 3, 0]);
    assert!(sending.next().await.is_none(), "it stays at its end");

    let outcomes = client(Reversed::default()).send_each(["+14155550123"; 4], "Hello");
    let outcomes = outcomes.collect().await;
    assert!(outcomes.iter().map(|outcome| outcome.index).eq(0..4));
}

#[tokio::test]
async fn it_is_a_stream_and_can_be_spawned() {
    fn stream(sending: SendEach<'static>) -> impl Stream<Item = SendOutcome> + Send + Unpin {
        sending
    }
    let sending = client(Recording::default()).send_each(numbers().take(100), "Hello");
    assert_eq!(sending.size_hint(), (100, Some(100)));
    let accepted = tokio::spawn(
        stream(sending)
            .filter(|outcome| {
                let is_accepted = outcome.result.is_ok();
                async move { is_accepted }
            })
            .count(),
    );
    assert_eq!(accepted.await.unwrap(), 100);
}

#[tokio::test]
async fn recipients_may_be_borrowed_and_of_any_kind() {
    struct Customer(Option<&'static str>);
    impl IntoRecipient for &Customer {
        fn into_recipient(self) -> Result<kaleyra_wa_client::types::Recipient, NoRecipient> {
            let number = self
                .0
                .ok_or(NoRecipient::new("the customer has no number"))?;
            number.into_recipient()
        }
    }
    let client = client(Recording::default());
    let customers = [Customer(Some("+14155550123")), Customer(None)];
    let outcomes = client.send_each(&customers, "Hello").collect().await;
    assert!(outcomes[0].result.is_ok());
    let error = outcomes[1].result.as_ref().unwrap_err();
    assert_eq!(error.to_string(), "not sent: the customer has no number");

    let texts: &[&str] = &["+14155550123"];
    let owned = vec!["+14155550123".to_owned()];
    let numbers: Vec<PhoneNumber> = vec!["+14155550123".parse().unwrap()];
    let ids = [UserId::from("US.13491208655302741918")];
    assert!(
        client.send_each(texts, "Hello").collect().await[0]
            .result
            .is_ok()
    );
    assert!(
        client.send_each(&owned, "Hello").collect().await[0]
            .result
            .is_ok()
    );
    assert!(
        client.send_each(&numbers, "Hello").collect().await[0]
            .result
            .is_ok()
    );
    assert!(
        client.send_each(&ids, "Hello").collect().await[0]
            .result
            .is_ok()
    );
    assert!(
        client.send_each(owned, "Hello").collect().await[0]
            .result
            .is_ok()
    );
    let nobody: [&str; 0] = [];
    assert!(client.send_each(nobody, "Hello").collect().await.is_empty());
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn over_sockets_each_recipient_gets_one_copy() {
    use crate::server::Server;

    let server = Server::responding("202 Accepted", "connection: close\r\n", ACCEPTED).await;
    let outcomes = server
        .client()
        .send_each(numbers().take(30), "Hello")
        .concurrency(4)
        .collect()
        .await;
    assert!(
        outcomes.iter().all(|outcome| outcome.result.is_ok()),
        "{outcomes:?}"
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 30);
    for number in numbers().take(30) {
        assert_eq!(
            requests
                .iter()
                .filter(|text| text.contains(&number))
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn each_gets_a_content_of_its_own() {
    let transport = Recording::default();
    let messages = [
        ("+14155550123", "first"),
        ("no number", "second"),
        ("+14155550124", "third"),
    ];
    let outcomes = client(transport.clone())
        .send_each_own(messages)
        .concurrency(1)
        .collect()
        .await;
    let results: Vec<bool> = outcomes
        .iter()
        .map(|outcome| outcome.result.is_ok())
        .collect();
    assert_eq!(results, [true, false, true]);
    let sent: Vec<(Value, Value)> = transport
        .requests()
        .iter()
        .map(|request| {
            let message = &body(request)["messaging_object"];
            (message["to"].clone(), message["text"]["body"].clone())
        })
        .collect();
    assert_eq!(
        sent,
        [
            (json!("+14155550123"), json!("first")),
            (json!("+14155550124"), json!("third"))
        ]
    );
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.duplicate_of.is_none())
    );
}

#[tokio::test]
async fn duplicates_are_told_or_skipped() {
    // The same number in other writing is the same; Brazil's ninth digit may be another person's.
    let members = [
        "+1 415 555-0123",
        "+551187654321",
        "+14155550123",
        "+5511987654321",
        "no number",
        "+14155550123",
    ];
    for (skips, sent) in [(false, 5), (true, 3)] {
        let transport = Recording::default();
        let client = client(transport.clone());
        let sending = client.send_each(members, "Hello");
        let sending = if skips {
            sending.skip_duplicates()
        } else {
            sending.tell_duplicates()
        };
        let outcomes = sending.collect().await;
        let told: Vec<Option<usize>> = outcomes
            .iter()
            .map(|outcome| outcome.duplicate_of)
            .collect();
        assert_eq!(told, [None, None, Some(0), None, None, Some(0)]);
        assert_eq!(transport.requests().len(), sent);
        assert!(outcomes[2].recipient.is_some());
        if skips {
            let error = outcomes[2].result.as_ref().unwrap_err();
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::InvalidRecipient, Delivery::NotSent)
            );
            assert!(error.to_string().contains("there before"));
        }
    }
}
