//! Once anything of a request has begun, no failure counts as "nothing was sent", whatever its causes look like.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use http_body_util::{Full, StreamBody};
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{
    Body, BodyReader, ChunkStream, Operation, OperationClass, Phase, Request, SendOnce, Source,
    TowerTransport, Transport, TransportError, TransportErrorKind, http,
};
use tower::service_fn;

use crate::server::{Server, post};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
/// The port of a service that went out of use.
const CLOSED: &str = "http://127.0.0.1:9/";

/// A file of an object store that can't be reached any more after so many bytes.
struct Lost {
    after: usize,
}

impl Source for Lost {
    fn len(&self) -> u64 {
        1_000_000
    }

    fn open(&self) -> ChunkStream {
        let pieces = vec![Bytes::from_static(&[b'x'; 20_000]); self.after / 20_000];
        let pieces = stream::iter(pieces).map(|piece| Ok(http_body::Frame::data(piece)));
        let end = stream::once(async {
            let store = crate::tower::hyper_client();
            let request = http::Request::get(CLOSED).body(BodyReader::from(Body::empty()));
            let error = store.request(request.unwrap()).await.unwrap_err();
            assert!(error.is_connect());
            Err(io::Error::other(error))
        });
        Box::pin(StreamBody::new(pieces.chain(end)))
    }
}

fn of_class(class: OperationClass, url: &str, body: impl Into<Body>) -> Request {
    let mut request = post(url, body);
    let operation = Operation::new("test", class, 1);
    request.extensions_mut().insert(operation);
    request
}

fn check(error: &TransportError, expected: (Phase, TransportErrorKind)) {
    assert_eq!((error.phase(), error.kind()), expected, "{error:?}");
}

#[cfg(feature = "reqwest")]
fn over_reqwest() -> [kaleyra_wa_transport::ReqwestTransport; 2] {
    use kaleyra_wa_transport::ReqwestTransport;
    [ReqwestTransport::new().unwrap(), crate::settings::foreign()]
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_body_whose_source_can_t_connect() {
    let server = Server::responding(OK).await;
    let unreadable = (Phase::InFlight, TransportErrorKind::UnreadableBody);
    let hyper = TowerTransport::new(crate::tower::hyper_client());
    let hyper = hyper.classify(crate::tower::connecting);
    for class in [OperationClass::Upload, OperationClass::Send] {
        for after in [0, 200_000] {
            let body = || Body::from_source(Lost { after });
            for transport in over_reqwest() {
                let request = of_class(class, &server.url(), body());
                check(&transport.execute(request).await.unwrap_err(), unreadable);
                // Of a part, as an upload has it.
                let form = Body::concat([Body::from("head".to_owned()), body()]);
                let request = of_class(class, &server.url(), form);
                check(&transport.execute(request).await.unwrap_err(), unreadable);
            }
            let request = of_class(class, &server.url(), body());
            check(&hyper.execute(request).await.unwrap_err(), unreadable);
        }
    }
    assert!(server.received().is_empty(), "none looks whole");
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_body_whose_source_can_t_connect_does_not_hide_that_nothing_was_sent() {
    for transport in over_reqwest() {
        let body = Body::from_source(Lost { after: 0 });
        let request = of_class(OperationClass::Upload, CLOSED, body);
        let error = transport.execute(request).await.unwrap_err();
        check(&error, (Phase::Connect, TransportErrorKind::Connect));
    }
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_redirect_that_can_t_be_followed() {
    for to in [
        "ftp://127.0.0.1/",
        "intent:send",
        "mailto:asha@example.com",
        "tel:+919800000001",
        CLOSED,
    ] {
        for status in [301, 302, 303] {
            let response = format!(
                "HTTP/1.1 {status} Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"
            );
            let server = Server::responding(response).await;
            let [_, foreign] = over_reqwest();
            let sent = post(&server.url(), "hello".to_owned());
            let mut read = post(&server.url(), Body::empty());
            *read.method_mut() = http::Method::GET;
            let mut unblock = read.clone();
            *unblock.method_mut() = http::Method::DELETE;
            for request in [sent, read, unblock] {
                let error = foreign.execute(request).await.unwrap_err();
                assert_eq!(error.phase(), Phase::InFlight, "{status} {to}: {error:?}");
            }
            assert_eq!(server.received().len(), 3);
        }
    }
}

/// What a stack does that has failed: it says that it could not connect.
fn refused() -> BoxError {
    io::Error::from(io::ErrorKind::ConnectionRefused).into()
}

fn connecting(cause: &(dyn std::error::Error + 'static)) -> Option<(Phase, TransportErrorKind)> {
    let error = cause.downcast_ref::<io::Error>()?;
    (error.kind() == io::ErrorKind::ConnectionRefused)
        .then_some((Phase::Connect, TransportErrorKind::Connect))
}

#[tokio::test]
async fn a_copy_that_was_left_behind_does_not_leave_later() {
    for class in [OperationClass::Send, OperationClass::Upload] {
        let (tell, told) = tokio::sync::oneshot::channel();
        let tell = Arc::new(std::sync::Mutex::new(Some(tell)));
        let stack = service_fn(move |request: http::Request<Body>| {
            let tell = tell.lock().unwrap().take();
            tokio::spawn(async move {
                // After the attempt is over.
                tokio::time::sleep(Duration::from_millis(20)).await;
                let claimed = SendOnce::claim(request.extensions()).is_ok();
                let read = request.body().collect().await.is_ok();
                tell.unwrap().send((claimed, read))
            });
            async { Err::<http::Response<Full<Bytes>>, _>(refused()) }
        });
        let transport = TowerTransport::new(stack).classify(connecting);
        let request = of_class(class, "http://127.0.0.1/", "hello".to_owned());
        let error = transport.execute(request).await.unwrap_err();
        check(&error, (Phase::Connect, TransportErrorKind::Connect));
        assert_eq!(told.await.unwrap(), (false, false));
    }
}

#[tokio::test]
async fn the_last_known_error_does_not_speak_for_a_later_copy() {
    for class in [OperationClass::Send, OperationClass::Upload] {
        for reads in [true, false] {
            // The first copy was refused; the second is taken, and the time runs out before its response.
            let stack = service_fn(move |request: http::Request<Body>| async move {
                let claim = SendOnce::claim(request.extensions()).unwrap();
                let failure = TransportError::new(Phase::Connect, TransportErrorKind::Connect);
                let first = claim.settle(Err(failure)).unwrap_err();
                if reads {
                    request.body().collect().await?;
                } else {
                    let _claim = SendOnce::claim(request.extensions())?;
                }
                Err::<http::Response<Full<Bytes>>, _>(BoxError::from(first))
            });
            let request = of_class(class, "http://127.0.0.1/", "hello".to_owned());
            let error = TowerTransport::new(stack).execute(request).await;
            check(
                &error.unwrap_err(),
                (Phase::InFlight, TransportErrorKind::Connect),
            );
        }
    }
}

#[tokio::test]
async fn of_what_has_no_body_nothing_shows_whether_it_left() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let stack = service_fn(move |_: http::Request<Body>| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Err::<http::Response<Full<Bytes>>, _>(refused()) }
    });
    let transport = TowerTransport::new(stack).classify(connecting);
    for (method, phase) in [
        (http::Method::DELETE, Phase::InFlight),
        (http::Method::POST, Phase::InFlight),
        (http::Method::GET, Phase::InFlight),
    ] {
        let mut request = post("http://127.0.0.1/", Body::empty());
        *request.method_mut() = method;
        let error = transport.execute(request).await.unwrap_err();
        assert_eq!(error.phase(), phase);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 3);
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn no_time_is_too_long() {
    use kaleyra_wa_transport::{Clock, ReqwestTransport, SystemClock};

    let server = Server::responding(OK).await;
    let patient = ReqwestTransport::builder()
        .connect_timeout(Duration::MAX)
        .timeout(Duration::MAX)
        .idle_timeout(Duration::MAX)
        .build()
        .unwrap();
    let stack = TowerTransport::new(crate::tower::hyper_client()).timeout(Duration::MAX);
    let endless = Operation::new("send", OperationClass::Send, 1).with_timeout(Duration::MAX);
    let mut set = endless.clone();
    set.timeout = Some(Duration::MAX);
    let transports: [&dyn Transport; 2] = [&patient, &stack];
    for transport in transports {
        for operation in [None, Some(endless.clone()), Some(set.clone())] {
            let mut request = post(&server.url(), "hello".to_owned());
            if let Some(operation) = operation {
                request.extensions_mut().insert(operation);
            }
            assert_eq!(transport.execute(request).await.unwrap().status(), 200);
        }
    }
    let sleeping = SystemClock.sleep(Duration::MAX);
    let soon = tokio::time::timeout(Duration::from_millis(5), sleeping);
    soon.await.unwrap_err();
}

#[cfg(feature = "pacing")]
#[tokio::test]
async fn no_rate_is_too_slow_and_no_burst_too_large() {
    use kaleyra_wa_transport::{Held, Paced, RecipientKey};

    let accepts = || {
        TowerTransport::new(service_fn(|_: http::Request<Body>| async {
            Ok::<_, BoxError>(http::Response::new(Full::<Bytes>::default()))
        }))
    };
    for (interval, burst, passes) in [
        (Duration::MAX, u32::MAX, 100),
        (Duration::MAX, 1, 1),
        (Duration::from_secs(6), u32::MAX, 100),
        (Duration::ZERO, 0, 100),
    ] {
        let paced = Paced::new(accepts())
            .per_sender(u32::MAX)
            .per_pair(interval, burst)
            .max_hold(Duration::from_secs(9));
        let send = || {
            let mut request = post("http://127.0.0.1/whatsapp/1/messages", "{}".to_owned());
            let operation = Operation::new("send", OperationClass::Send, 1);
            let operation = operation.with_recipient(RecipientKey::new("+919800000001"));
            request.extensions_mut().insert(operation);
            request
        };
        for _ in 0..passes {
            let response = paced.execute(send()).await.unwrap();
            let Held(held) = response.extensions().get().unwrap();
            assert!(*held < Duration::from_secs(1), "{held:?}");
        }
        if passes == 1 {
            let error = paced.execute(send()).await.unwrap_err();
            check(&error, (Phase::Connect, TransportErrorKind::RateLimited));
        }
        let endless = Paced::new(accepts()).max_hold(Duration::MAX);
        endless.execute(send()).await.unwrap();
    }
}
