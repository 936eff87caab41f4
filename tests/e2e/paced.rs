//! The client over a transport that holds sends back.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use kaleyra_wa_client::{Account, BaseUrl, Client, Delivery, RetryPolicy};
use kaleyra_wa_sim::Simulator;
use kaleyra_wa_transport::{Paced, ReqwestTransport, TransportErrorKind};

use crate::fault_server::{Fault, FaultServer};

const USER: &str = "+919800000001";

/// A client that would try again at once where it may.
fn client(
    base_url: &str,
    pace: impl FnOnce(Paced<ReqwestTransport>) -> Paced<ReqwestTransport>,
) -> Client {
    let transport = ReqwestTransport::builder()
        .timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    let base_url = BaseUrl::parse(base_url).unwrap();
    let account = Account::new(base_url, "HX1", "A1", "+918000000001").unwrap();
    let at_once = RetryPolicy::default().longest_wait(Duration::ZERO);
    Client::with_transport(account, pace(Paced::new(transport))).with_retry(at_once)
}

async fn simulator() -> Simulator {
    Simulator::builder("HX1", "A1", "+918000000001")
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

#[tokio::test]
async fn many_messages_go_out_at_the_pace_and_each_once() {
    let sim = simulator().await;
    let client = client(&sim.base_url(), |paced| paced.per_sender(50));
    let start = Instant::now();
    let recipients = (10..31).map(|number| format!("+9198000000{number}"));
    let outcomes = client.send_each(recipients, "Hello").collect().await;
    // The first goes at once, and each of the others 20 ms after the one before.
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(400), "{took:?}");
    let references: HashSet<_> = outcomes
        .iter()
        .map(|outcome| outcome.result.as_ref().unwrap().reference().unwrap())
        .collect();
    assert_eq!(references.len(), 21);
    assert_eq!(sim.accepted().len(), 21);
    sim.shutdown().await;
}

#[tokio::test]
async fn a_message_that_would_be_held_too_long_was_not_sent_and_is_not_tried_again() {
    let sim = simulator().await;
    let client = client(&sim.base_url(), |paced| {
        let one_an_hour = paced.per_pair(Duration::from_secs(3600), 1);
        one_an_hour.max_hold(Duration::from_secs(1))
    });
    client.send(USER, "Hello").await.unwrap();
    let error = client.send(USER, "Hello again").await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.transport_error().unwrap().kind(),
        TransportErrorKind::RateLimited
    );
    assert!(error.to_string().ends_with("nothing was sent"), "{error}");
    // Others are not held up by it.
    client.send("+919800000002", "Hello").await.unwrap();
    assert_eq!(sim.accepted().len(), 2);
    sim.shutdown().await;
}

/// A try that is known to have failed before it left takes a slot, as does each that comes after it.
#[tokio::test]
async fn a_message_that_was_held_has_the_same_verdict_as_one_that_was_not() {
    let pace = |paced: Paced<ReqwestTransport>| paced.per_sender(50);
    let server = FaultServer::start(Fault::Hang).await;
    let hung = client(&format!("http://{}", server.address()), pace);
    let nobody = client("http://127.0.0.1:9", pace);
    for _ in 0..2 {
        let error = nobody.send(USER, "Hello").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
        assert_eq!(error.attempts(), 3);
    }
    for copies in [1, 2] {
        let error = hung.send(USER, "Hello").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Indeterminate, "{error}");
        assert_eq!(error.attempts(), 1);
        assert_eq!(server.copies(), copies);
    }
}
