//! The trait behind pointers, and the mock.

use std::sync::Arc;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{
    Body, Request, Response, Transport, TransportError, async_trait, read_whole,
};

/// Responds with the body of the request.
struct Echo;

#[async_trait]
impl Transport for Echo {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        Ok(Response::new(
            request.body().collect().await.unwrap().into(),
        ))
    }
}

async fn echo(transport: impl Transport) -> Bytes {
    let request = Request::new(Body::from("same".to_owned()));
    read(transport.execute(request).await.unwrap()).await
}

async fn read(response: Response) -> Bytes {
    read_whole(response, 1024).await.unwrap().into_body()
}

#[tokio::test]
async fn pointers_to_a_transport_are_transports() {
    let shared: Arc<dyn Transport> = Arc::new(Echo);
    let boxed: Box<dyn Transport> = Box::new(Echo);
    assert_eq!(echo(&Echo).await, "same");
    assert_eq!(echo(shared).await, "same");
    assert_eq!(echo(boxed).await, "same");
}

#[cfg(feature = "mock")]
mod mock {
    use kaleyra_wa_transport::{
        MockTransport, Operation, OperationClass, Phase, TransportErrorKind,
    };

    use super::*;

    #[tokio::test]
    async fn a_mock_answers_and_fails_as_told() {
        let mut mock = MockTransport::new();
        let send = |request: &Request| {
            request
                .extensions()
                .get::<Operation>()
                .is_some_and(|operation| operation.class == OperationClass::Send)
        };
        mock.expect_execute()
            .withf(send)
            .times(1)
            .returning(|request| {
                let body = request.into_body().as_bytes().cloned();
                Ok(Response::new(body.unwrap_or_default().into()))
            });
        mock.expect_execute().times(1).returning(|_| {
            Err(TransportError::new(
                Phase::Connect,
                TransportErrorKind::Connect,
            ))
        });
        let transport: Arc<dyn Transport> = Arc::new(mock);

        let mut request = Request::new(Body::from("hi".to_owned()));
        request
            .extensions_mut()
            .insert(Operation::new("messages.send", OperationClass::Send, 1));
        assert_eq!(read(transport.execute(request).await.unwrap()).await, "hi");

        let error = transport
            .execute(Request::new(Body::empty()))
            .await
            .unwrap_err();
        assert_eq!(error.phase(), Phase::Connect);
    }

    #[tokio::test]
    #[should_panic(expected = "MockTransport::execute")]
    async fn a_mock_objects_to_what_was_not_expected() {
        let _ = MockTransport::new()
            .execute(Request::new(Body::empty()))
            .await;
    }
}

#[cfg(feature = "test-util")]
mod scripted {
    use std::error::Error;

    use kaleyra_wa_transport::http::Method;
    use kaleyra_wa_transport::{
        Failing, Never, Operation, OperationClass, Phase, Scripted, TransportErrorKind,
    };

    use super::*;

    #[tokio::test]
    async fn a_script_is_kept_to_and_rules_go_first() {
        let script = Scripted::new()
            .respond(200, "one")
            .when(|request| request.method() == Method::DELETE)
            .fail(Phase::InFlight, TransportErrorKind::Timeout)
            .respond(200, "two");
        let kept = script.clone();
        let transport: Arc<dyn Transport> = Arc::new(script);
        for expect in ["one", "two"] {
            let mut request = Request::new(Body::empty());
            *request.method_mut() = Method::DELETE;
            let error = transport.execute(request).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Timeout);
            let answer = transport.execute(Request::new(Body::empty())).await;
            assert_eq!(read(answer.unwrap()).await, expect);
        }
        kept.assert_finished();
        assert_eq!(kept.requests().len(), 4);
    }

    #[tokio::test]
    async fn requests_are_kept_with_bodies_in_memory() {
        let script = Scripted::new().respond(200, "");
        let parts = ["a", "b"].map(|part| Body::from(part.to_owned()));
        let mut request = Request::new(Body::concat(parts));
        request
            .extensions_mut()
            .insert(Operation::new("upload", OperationClass::Upload, 2));
        script.execute(request).await.unwrap();
        let [kept] = script.requests().try_into().unwrap();
        assert_eq!(kept.body().as_bytes().unwrap(), "ab");
        assert_eq!(kept.extensions().get::<Operation>().unwrap().attempt, 2);
        assert_eq!(
            format!("{script:?}"),
            "Scripted { requests: 1, remaining: 0, .. }"
        );
    }

    #[tokio::test]
    async fn the_end_of_a_script_is_told_clearly() {
        let script = Scripted::new();
        let mut request = Request::new(Body::empty());
        let operation = Operation::new("send", OperationClass::Send, 1);
        request.extensions_mut().insert(operation);
        let error = script.execute(request).await.unwrap_err();
        assert_eq!(error.phase(), Phase::Connect);
        assert_eq!(error.kind(), TransportErrorKind::Unscripted);
        let cause = error.source().unwrap().to_string();
        assert_eq!(
            cause,
            "request 1, `send` (GET) came after the end of the script"
        );
        let finished = std::panic::catch_unwind(|| script.assert_finished());
        assert!(finished.is_err(), "it is told at the end of the test, too");
    }

    #[tokio::test]
    #[should_panic(expected = "1 steps left")]
    async fn a_script_that_is_not_at_its_end_is_told() {
        Scripted::new().respond(200, "").assert_finished();
    }

    #[tokio::test]
    async fn the_silent_and_the_failing_count() {
        let failing = Failing::new(Phase::Connect, TransportErrorKind::Connect);
        for count in 1..3 {
            failing
                .execute(Request::new(Body::empty()))
                .await
                .unwrap_err();
            assert_eq!(failing.clone().requests(), count);
        }
        let never = Never::new();
        let sending = never.execute(Request::new(Body::empty()));
        let limit = std::time::Duration::from_millis(10);
        assert!(tokio::time::timeout(limit, sending).await.is_err());
        assert_eq!(never.requests(), 1);
    }
}
