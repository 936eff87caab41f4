//! A transport whose behaviour a test spells out.

// Generated code, whose helper modules have no docs.
#![allow(missing_docs)]

use async_trait::async_trait;

use crate::{Request, Response, Transport, TransportError};

mockall::mock! {
    /// A [`Transport`] made by [mockall], for tests about the code that calls one: what it sends,
    /// how often, and what it does with a response or a failure.
    ///
    /// Expect calls with `expect_execute()`; what was expected and did not happen panics when the
    /// mock is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use kaleyra_wa_transport::http::Method;
    /// use kaleyra_wa_transport::{
    ///     Body, MockTransport, Phase, Request, Response, Transport, TransportError, TransportErrorKind, read_whole,
    /// };
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut mock = MockTransport::new();
    /// mock.expect_execute()
    ///     .withf(|request| request.method() == Method::GET)
    ///     .times(1)
    ///     .returning(|_| Ok(Response::new("{}".into())));
    /// mock.expect_execute()
    ///     .returning(|_| Err(TransportError::new(Phase::InFlight, TransportErrorKind::Timeout)));
    ///
    /// let transport: Arc<dyn Transport> = Arc::new(mock);
    /// let first = transport.execute(Request::new(Body::empty())).await;
    /// assert_eq!(read_whole(first.unwrap(), 1024).await.unwrap().body(), "{}");
    ///
    /// let second = transport.execute(Request::new(Body::empty())).await;
    /// assert_eq!(second.unwrap_err().phase(), Phase::InFlight);
    /// # }
    /// ```
    ///
    /// [mockall]: https://docs.rs/mockall
    pub Transport {}

    #[async_trait]
    impl Transport for Transport {
        async fn execute(&self, request: Request) -> Result<Response, TransportError>;
    }
}
