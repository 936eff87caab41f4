//! What is tried again, how often, and after which waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::{
    Operation, OperationClass, Phase, Request, Response, Transport, TransportError,
    TransportErrorKind, async_trait,
};
use kaleyra_wa_client::{Clock, Delivery, RetryPolicy};

use crate::fixtures::{ACCEPTED, USER, answer, client};

/// Time passes only where somebody waits.
#[derive(Clone, Default)]
struct Film(Arc<Mutex<Vec<Duration>>>);

impl Film {
    fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl Clock for Film {
    fn now(&self) -> Duration {
        self.waits().iter().sum()
    }

    async fn sleep(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }
}

/// Fails so often in this phase, then accepts; keeps the operation of each request.
#[derive(Clone)]
struct Fails {
    times: u32,
    phase: Phase,
    seen: Arc<Mutex<Vec<Operation>>>,
}

fn fails(times: u32, phase: Phase) -> Fails {
    Fails {
        times,
        phase,
        seen: Arc::default(),
    }
}

impl Fails {
    fn attempts(&self) -> Vec<u32> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|operation| operation.attempt).collect()
    }
}

#[async_trait]
impl Transport for Fails {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request.extensions().get::<Operation>().unwrap();
        self.seen.lock().unwrap().push(operation.clone());
        if operation.attempt <= self.times {
            return Err(TransportError::new(self.phase, TransportErrorKind::Timeout));
        }
        Ok(answer(202, ACCEPTED))
    }
}

const SECOND: Duration = Duration::from_secs(1);

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .attempts(5)
        .shortest_wait(SECOND)
        .longest_wait(8 * SECOND)
        .deadline(100 * SECOND)
}

#[tokio::test]
async fn a_send_that_did_not_leave_is_tried_again() {
    let (transport, film) = (fails(3, Phase::Connect), Film::default());
    let client = client(transport.clone())
        .with_retry(policy())
        .with_clock(film.clone())
        .with_randomness(|| 0);
    let sent = client.send(USER, "Hello").await.unwrap();
    assert_eq!(sent.message_id().as_str(), "AX1");
    assert_eq!(transport.attempts(), [1, 2, 3, 4]);
    assert_eq!(film.waits(), [SECOND; 3]);
    let seen = transport.seen.lock().unwrap();
    assert!(
        seen.iter()
            .all(|operation| operation.class == OperationClass::Send)
    );
}

#[tokio::test]
async fn waits_grow_by_chance_up_to_the_longest() {
    let (transport, film) = (fails(9, Phase::Connect), Film::default());
    // The remainders are the upper ends: 3 s, 8 s, 8 s, 8 s.
    let client = client(transport.clone())
        .with_retry(policy())
        .with_clock(film.clone())
        .with_randomness({
            let draws = Mutex::new([2_u64, 7, 7, 7].into_iter());
            move || draws.lock().unwrap().next().unwrap() * 1_000_000_000
        });
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(film.waits(), [3, 8, 8, 8].map(Duration::from_secs));
    assert_eq!(error.attempts(), 5);
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_send_that_may_have_arrived_is_never_tried_again() {
    for phase in [
        Phase::InFlight,
        Phase::Body {
            status: answer(500, "").status(),
        },
    ] {
        let (transport, film) = (fails(1, phase), Film::default());
        let client = client(transport.clone())
            .with_retry(policy())
            .with_clock(film.clone());
        let error = client.send(USER, "Hello").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Indeterminate);
        let error = client.mark_read("wamid.A").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Indeterminate);
        assert_eq!((transport.attempts(), film.waits()), (vec![1, 1], vec![]));
    }
}

#[tokio::test]
async fn the_deadline_counts_what_passed_before() {
    let (transport, film) = (fails(9, Phase::Connect), Film::default());
    let client = client(transport.clone())
        .with_retry(policy().attempts(100).deadline(4 * SECOND))
        .with_clock(film.clone())
        .with_randomness(|| 0);
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(film.waits(), [SECOND; 4]);
    assert_eq!(error.attempts(), 5);
}

#[tokio::test]
async fn the_system_s_clock_waits() {
    let transport = fails(1, Phase::Connect);
    let brief = policy().shortest_wait(Duration::from_millis(5));
    let client = client(transport.clone()).with_retry(brief.longest_wait(Duration::from_millis(5)));
    client.send(USER, "Hello").await.unwrap();
    assert_eq!(transport.attempts(), [1, 2]);
}
