//! The trait behind pointers, and the mock.

use std::sync::Arc;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{
    Body, Request, Response, Transport, TransportError, async_trait, whole,
};

/// Answers with the body of the request.
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
    whole(response, 1024).await.unwrap().into_body()
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
    use kaleyra_wa_transport::{Class, MockTransport, Operation, Phase, TransportErrorKind};

    use super::*;

    #[tokio::test]
    async fn a_mock_answers_and_fails_as_told() {
        let mut mock = MockTransport::new();
        let send = |request: &Request| {
            request
                .extensions()
                .get::<Operation>()
                .is_some_and(|operation| operation.class == Class::Send)
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
            .insert(Operation::new("messages.send", Class::Send, 1));
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
