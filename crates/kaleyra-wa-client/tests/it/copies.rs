//! Layers that make copies of a request: whatever they return, one copy of a send arrives, and the verdict is true.

use std::future::{Future, IntoFuture};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::{
    Phase, Request, ReqwestTransport, Response, SendOnce, Transport, TransportError,
    TransportErrorKind, async_trait, http,
};
use kaleyra_wa_client::{Client, Delivery, Error, ErrorKind, MediaFile, RetryPolicy};
use tokio::time::{sleep, timeout};

use crate::fixtures::{ACCEPTED, USER, account};
use crate::server::{Server, Then};

const BRIEF: Duration = Duration::from_millis(50);

/// What lies below the layers.
fn wire() -> ReqwestTransport {
    ReqwestTransport::builder()
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap()
}

/// The same request to the port of a service that went out of use.
fn to_a_closed_port(mut request: Request) -> Request {
    let path = request.uri().path().to_owned();
    *request.uri_mut() = format!("http://127.0.0.1:9{path}").parse().unwrap();
    request
}

fn refused() -> TransportError {
    TransportError::new(Phase::Connect, TransportErrorKind::Connect)
}

/// Waits until another request has arrived.
async fn one_more(log: &Mutex<Vec<String>>) {
    let before = log.lock().unwrap().len();
    while log.lock().unwrap().len() == before {
        sleep(Duration::from_millis(2)).await;
    }
}

/// A layer: what it does with a request and the wire.
struct Layer<F>(ReqwestTransport, F);

#[async_trait]
impl<F, O> Transport for Layer<F>
where
    F: Fn(ReqwestTransport, Request) -> O + Send + Sync,
    O: Future<Output = Result<Response, TransportError>> + Send,
{
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (self.1)(self.0.clone(), request).await
    }
}

/// A client through this layer, which would try again at once where it may; and one that never does.
fn clients<F, O>(server: &Server, layer: F) -> [(Client, u32); 2]
where
    F: Fn(ReqwestTransport, Request) -> O + Send + Sync + 'static,
    O: Future<Output = Result<Response, TransportError>> + Send + 'static,
{
    let transport: Arc<dyn Transport> = Arc::new(Layer(wire(), layer));
    let account = account(server.base_url());
    let client = Client::with_transport(account, transport);
    let at_once = RetryPolicy::default().longest_wait(Duration::ZERO);
    let never = RetryPolicy::never();
    [
        (client.clone().with_retry(at_once), 3),
        (client.with_retry(never), 1),
    ]
}

async fn accepting() -> Server {
    Server::responding("202 Accepted", "connection: close\r\n", ACCEPTED).await
}

/// Each operation that changes something, and how it went.
async fn each(client: &Client) -> Vec<Error> {
    let file = MediaFile::bytes("a.txt", "hello");
    vec![
        client.send(USER, "Hello").await.unwrap_err(),
        client.mark_read("wamid.A").await.unwrap_err(),
        client.block([USER]).await.unwrap_err(),
        client.unblock([USER]).await.unwrap_err(),
        client.upload(file).await.unwrap_err(),
    ]
}

/// Repeats until a deadline and returns the last error that it knows: that of the copy before the last.
#[tokio::test]
async fn the_last_known_error_is_not_about_the_last_copy() {
    let server = Server::start(Then::Hang).await;
    let log = server.log();
    let layer = move |wire: ReqwestTransport, request: Request| {
        let log = log.clone();
        async move {
            let first = wire.execute(to_a_closed_port(request.clone())).await;
            let known = first.unwrap_err();
            assert_eq!(known.phase(), Phase::Connect);
            tokio::select! {
                outcome = wire.execute(request) => outcome,
                () = one_more(&log) => Err(known),
            }
        }
    };
    for (client, _) in clients(&server, layer) {
        let before = server.requests().len();
        for error in each(&client).await {
            assert_eq!(error.delivery(), Delivery::Indeterminate, "{error}");
            assert_eq!(error.kind(), ErrorKind::Transport);
            assert_eq!(error.attempts(), 1, "it is not tried again");
            let below = error.transport_error().unwrap();
            assert_eq!(below.kind(), TransportErrorKind::Repeated);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("nothing was sent"), "{shown}");
        }
        assert_eq!(server.requests().len(), before + 5, "one copy of each");
    }
}

/// Gives up at once, while a copy in a task of its own has not begun yet.
#[tokio::test]
async fn a_copy_that_is_left_behind_never_leaves() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        tokio::spawn(async move {
            sleep(BRIEF).await;
            wire.execute(request).await
        });
        Err(refused())
    };
    for (client, attempts) in clients(&server, layer) {
        for error in each(&client).await {
            assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
            assert_eq!(error.attempts(), attempts);
        }
    }
    sleep(4 * BRIEF).await;
    assert!(server.requests().is_empty());
}

/// As before, but the copy has the permission by then: nobody knows whether it will get through.
#[tokio::test]
async fn a_copy_that_is_on_its_way_leaves_it_open() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        let claim = SendOnce::claim(request.extensions())?;
        let (mut bare, outcome) = (request, Err(refused()));
        bare.extensions_mut().remove::<SendOnce>();
        tokio::spawn(async move {
            sleep(BRIEF).await;
            claim.settle(wire.execute(bare).await)
        });
        outcome
    };
    for (client, _) in clients(&server, layer) {
        for error in each(&client).await {
            assert_eq!(error.delivery(), Delivery::Indeterminate, "{error}");
            assert_eq!(error.attempts(), 1);
        }
    }
    sleep(4 * BRIEF).await;
    assert_eq!(server.requests().len(), 10, "one copy of each");
}

/// Sends two copies at once and takes what comes first.
#[tokio::test]
async fn hedging_sends_one_copy() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        let (one, other) = (wire.execute(request.clone()), wire.execute(request));
        match tokio::join!(one, other) {
            (Ok(response), _) | (_, Ok(response)) => Ok(response),
            (Err(error), _) => Err(error),
        }
    };
    for (client, _) in clients(&server, layer) {
        client.send(USER, "Hello").await.unwrap();
    }
    assert_eq!(server.requests().len(), 2, "one for each client");
}

/// Asks another server where the first can't be reached.
#[tokio::test]
async fn failing_over_works_where_nothing_was_sent_and_nowhere_else() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        match wire.execute(to_a_closed_port(request.clone())).await {
            Err(_) => wire.execute(request).await,
            answered => answered,
        }
    };
    for (client, _) in clients(&server, layer) {
        let sent = client.send(USER, "Hello").await.unwrap();
        assert_eq!(sent.message_id().as_str(), "AX1");
    }
    assert_eq!(server.requests().len(), 2);

    // From a server that has it and does not respond to one that can't be reached.
    let mute = Server::start(Then::Respond(String::new())).await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        match wire.execute(request.clone()).await {
            Err(_) => {
                let second = wire.execute(to_a_closed_port(request)).await;
                // A layer that takes a refusal for what it is not.
                Err(second.unwrap_err().in_phase(Phase::Connect))
            }
            answered => answered,
        }
    };
    for (client, _) in clients(&mute, layer) {
        let before = mute.requests().len();
        let error = client.send(USER, "Hello").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Indeterminate);
        assert_eq!(mute.requests().len(), before + 1);
    }
}

/// Whoever gives a send up may send another message: the first is not to follow it.
#[tokio::test]
async fn a_send_that_is_given_up_sends_nothing_later() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        let later = tokio::spawn(async move {
            sleep(2 * BRIEF).await;
            wire.execute(request).await
        });
        later.await.unwrap()
    };
    for (client, _) in clients(&server, layer) {
        let sending = client.send(USER, "Hello").into_future();
        timeout(BRIEF / 5, sending).await.unwrap_err();
    }
    sleep(4 * BRIEF).await;
    assert!(server.requests().is_empty());
}

/// What comes to an end in another way may have a copy that was left behind, too.
#[tokio::test]
async fn a_copy_that_is_left_behind_by_an_answer_never_leaves() {
    let server = accepting().await;
    let layer = |wire: ReqwestTransport, request: Request| async move {
        tokio::spawn(async move {
            sleep(BRIEF).await;
            wire.execute(request).await
        });
        // Of a transport that claims nothing.
        let mut response = Response::new(ACCEPTED.into());
        *response.status_mut() = http::StatusCode::ACCEPTED;
        Ok(response)
    };
    for (client, _) in clients(&server, layer) {
        client.send(USER, "Hello").await.unwrap();
    }
    sleep(3 * BRIEF).await;
    assert!(server.requests().is_empty());
}

/// An upload may be copied; with a policy that repeats uploads, doubt is no reason to stop.
#[tokio::test]
async fn an_upload_in_doubt_is_tried_again_where_that_is_asked_for() {
    let server = Server::start(Then::Hang).await;
    let log = server.log();
    let layer = move |wire: ReqwestTransport, request: Request| {
        let log = log.clone();
        async move {
            let first = wire.execute(to_a_closed_port(request.clone())).await;
            tokio::select! {
                outcome = wire.execute(request) => outcome,
                () = one_more(&log) => first,
            }
        }
    };
    let [(client, attempts), _] = clients(&server, layer);
    let at_once = RetryPolicy::default().longest_wait(Duration::ZERO);
    let client = client.with_retry(at_once.repeat_uploads());
    let file = MediaFile::bytes("a.txt", "hello");
    let error = client.upload(file).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert_eq!(error.attempts(), attempts);
    assert_eq!(server.requests().len(), 3);
}
