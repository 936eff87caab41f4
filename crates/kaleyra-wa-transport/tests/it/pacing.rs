//! Sends are held to the limits, by a clock that the tests move.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_transport::http;
use kaleyra_wa_transport::{
    Body, Clock, Held, Operation, OperationClass, Paced, Phase, RecipientKey, Request, Response,
    Transport, TransportError, TransportErrorKind, async_trait,
};

const LONG: Duration = seconds(30);

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Goes on by itself when somebody sleeps, or stands still; then nobody wakes who sleeps for long.
#[derive(Clone, Default)]
struct Film {
    now: Arc<Mutex<Duration>>,
    stands: bool,
    slept: Arc<Mutex<Vec<Duration>>>,
}

#[async_trait]
impl Clock for Film {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        self.slept.lock().unwrap().push(time);
        if !self.stands {
            *self.now.lock().unwrap() += time;
        } else if time >= LONG {
            std::future::pending::<()>().await;
        }
    }
}

/// Keeps the time limits that requests came with.
#[derive(Clone, Default)]
struct Below(Arc<Mutex<Vec<Option<Duration>>>>);

#[async_trait]
impl Transport for Below {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request.extensions().get::<Operation>();
        let timeout = operation.and_then(|operation| operation.timeout);
        self.0.lock().unwrap().push(timeout);
        Ok(Response::new("{}".into()))
    }
}

fn request(sender: &str, class: OperationClass) -> Request {
    let url = format!("https://api.example/v2/HX1/whatsapp/{sender}/messages");
    let mut request = http::Request::post(url).body(Body::empty()).unwrap();
    let operation = Operation::new("send", class, 1);
    request.extensions_mut().insert(operation);
    request
}

fn to(recipient: &str) -> Request {
    let mut request = request("918000000001", OperationClass::Send);
    let operation = Operation::new("send", OperationClass::Send, 1);
    let recipient = RecipientKey::new(recipient);
    request
        .extensions_mut()
        .insert(operation.with_recipient(recipient));
    request
}

async fn held(transport: &impl Transport, request: Request) -> Duration {
    let response = transport.execute(request).await.unwrap();
    response.extensions().get::<Held>().unwrap().0
}

#[tokio::test]
async fn one_sender_sends_80_a_second() {
    let clock = Film::default();
    let transport = Paced::new(Below::default()).clock(clock.clone());
    for number in 0..161 {
        let spelling = ["918000000001", "+918000000001", "%2B918000000001"][number % 3];
        held(&transport, request(spelling, OperationClass::Send)).await;
    }
    assert_eq!(clock.now(), seconds(2));
    // Another one does not wait for the first.
    let other = request("918000000002", OperationClass::Send);
    assert_eq!(held(&transport, other).await, Duration::ZERO);
}

#[tokio::test]
async fn one_recipient_gets_45_and_then_one_in_6_seconds() {
    let clock = Film::default();
    let transport = Paced::new(Below::default())
        .per_sender(1_000_000)
        .clock(clock);
    let mut longest = Duration::ZERO;
    for _ in 0..45 {
        longest = longest.max(held(&transport, to("+919800000001")).await);
    }
    assert!(longest < Duration::from_millis(1), "{longest:?}");
    for _ in 0..3 {
        // Both spellings are one recipient.
        let wait = held(&transport, to("919800000001")).await;
        assert!((5.9..=6.0).contains(&wait.as_secs_f32()), "{wait:?}");
    }
    let other = held(&transport, to("+919800000002")).await;
    assert!(other < Duration::from_millis(1), "{other:?}");
}

#[tokio::test]
async fn those_who_wait_come_one_after_the_other() {
    let clock = Film {
        stands: true,
        ..Film::default()
    };
    let transport = Paced::new(Below::default())
        .per_sender(1_000_000_000)
        .per_pair(seconds(6), 1)
        .clock(clock.clone());
    for _ in 0..4 {
        held(&transport, to("+919800000001")).await;
    }
    let slept = clock.slept.lock().unwrap().clone();
    let whole: Vec<u64> = slept
        .iter()
        .map(Duration::as_secs)
        .filter(|s| *s > 0)
        .collect();
    assert_eq!(whole, [6, 12, 18]);
}

#[tokio::test]
async fn a_recipient_with_many_messages_does_not_hold_up_the_others() {
    let clock = Film {
        stands: true,
        ..Film::default()
    };
    let transport = Paced::new(Below::default())
        .per_sender(1)
        .per_pair(LONG, 1)
        .clock(clock.clone());
    held(&transport, to("+919800000001")).await;
    // It waits for its pair's slot, and has not taken the sender's for then.
    let waiting = transport.execute(to("+919800000001"));
    let limit = Duration::from_millis(10);
    assert!(tokio::time::timeout(limit, waiting).await.is_err());
    held(&transport, to("+919800000002")).await;
    assert_eq!(*clock.slept.lock().unwrap(), [LONG, seconds(1)]);
}

#[tokio::test]
async fn what_would_wait_too_long_fails_at_once_and_takes_no_slot() {
    let transport = Paced::new(Below::default())
        .per_pair(seconds(6), 1)
        .max_hold(seconds(5))
        .clock(Film::default());
    held(&transport, to("+919800000001")).await;
    for _ in 0..3 {
        let error = transport.execute(to("+919800000001")).await.unwrap_err();
        assert_eq!(
            (error.phase(), error.kind()),
            (Phase::Connect, TransportErrorKind::RateLimited)
        );
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "its turn is in 6 s, but it may wait only 5 s");
    }
    let other = held(&transport, to("+919800000002")).await;
    assert!(other < seconds(1), "{other:?}");
}

#[tokio::test]
async fn the_operation_s_time_limit_goes_on_while_it_waits() {
    let below = Below::default();
    let transport = Paced::new(below.clone())
        .per_pair(seconds(6), 1)
        .clock(Film::default());
    let limited = |limit| {
        let mut request = to("+919800000001");
        let operation = request.extensions_mut().get_mut::<Operation>();
        operation.unwrap().timeout = Some(seconds(limit));
        request
    };
    held(&transport, to("+919800000001")).await;
    let error = transport.execute(limited(5)).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Connect);
    held(&transport, limited(10)).await;
    assert_eq!(*below.0.lock().unwrap(), [None, Some(seconds(4))]);
}

#[tokio::test]
async fn only_sends_are_held_and_what_says_nothing() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = told.clone();
    let transport = Paced::new(Below::default())
        .per_sender(1)
        .on_held(move |held| log.lock().unwrap().push(held))
        .clock(Film::default());
    for class in [OperationClass::Read, OperationClass::Upload] {
        let request = request("918000000001", class);
        let response = transport.execute(request).await.unwrap();
        assert!(response.extensions().get::<Held>().is_none());
    }
    let mut silent = request("918000000001", OperationClass::Send);
    silent.extensions_mut().remove::<Operation>();
    held(&transport, silent.clone()).await;
    // Clones keep the limit together.
    held(&transport.clone(), silent).await;
    assert_eq!(*told.lock().unwrap(), [seconds(0), seconds(1)]);
}

#[tokio::test]
async fn the_machine_s_clock_waits_as_long_as_it_has_to() {
    let transport = Paced::new(Below::default()).per_sender(20);
    held(&transport, request("918000000001", OperationClass::Send)).await;
    let wait = held(&transport, request("918000000001", OperationClass::Send)).await;
    assert!(wait >= Duration::from_millis(40), "{wait:?}");
}

#[cfg(all(feature = "conformance", feature = "reqwest"))]
#[tokio::test]
async fn pacing_changes_nothing_of_a_transport() {
    use kaleyra_wa_transport::{ReqwestTransport, conformance};

    let inner = ReqwestTransport::new().unwrap();
    let transport = Paced::new(inner).per_sender(100_000);
    conformance::run(transport).await.assert_passed();
}
