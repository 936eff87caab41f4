//! The suite passes what keeps the promises, and tells what does not.

use std::time::Duration;

use kaleyra_wa_transport::conformance::{self, Suite, Verdict};
use kaleyra_wa_transport::{Request, Response, Transport, TransportError, async_trait};

#[cfg(feature = "reqwest")]
use kaleyra_wa_transport::ReqwestTransport;

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn the_transport_over_reqwest_passes() {
    let transport = ReqwestTransport::new().unwrap();
    conformance::run(&transport).await.assert_passed();
}

#[cfg(feature = "reqwest")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_passes_behind_pointers() {
    use std::sync::Arc;

    let shared: Arc<dyn Transport> = Arc::new(ReqwestTransport::new().unwrap());
    conformance::run(shared).await.assert_passed();
    let boxed: Box<dyn Transport> = Box::new(ReqwestTransport::new().unwrap());
    conformance::run(boxed).await.assert_passed();
}

#[cfg(all(feature = "reqwest", feature = "http2"))]
#[tokio::test]
async fn it_passes_when_it_offers_http_2() {
    let transport = ReqwestTransport::builder().http2(true).build().unwrap();
    conformance::run(transport).await.assert_passed();
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn hyper_s_client_passes_as_a_service() {
    use kaleyra_wa_transport::TowerTransport;

    use crate::tower::{connecting, hyper_client};

    let transport = TowerTransport::new(hyper_client()).classify(connecting);
    conformance::run(transport).await.assert_passed();
}

#[cfg(all(feature = "reqwest", feature = "tower"))]
#[tokio::test]
async fn the_transport_over_reqwest_passes_there_and_back() {
    use kaleyra_wa_transport::{TowerTransport, TransportService};

    let service = TransportService::new(ReqwestTransport::new().unwrap());
    conformance::run(TowerTransport::new(service))
        .await
        .assert_passed();
}

/// Responds to everything at once, without asking anybody.
struct Lies;

#[async_trait]
impl Transport for Lies {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        Ok(Response::new("{}".into()))
    }
}

#[tokio::test]
async fn a_transport_that_sends_nothing_is_told_of_everything() {
    let report = conformance::run(Lies).await;
    assert_eq!(report.broken().count(), report.outcomes().len(), "{report}");
}

#[cfg(feature = "reqwest")]
mod decorated {
    use kaleyra_wa_transport::{
        Body, Operation, OperationClass, Phase, TransportErrorKind, read_whole,
    };

    use super::*;

    /// Those that take no time.
    const QUICK: [&str; 9] = [
        "refused-connection",
        "tls-to-plain-server",
        "closed-without-response",
        "reset-mid-upload",
        "not-http",
        "cut-response",
        "statuses",
        "redirects",
        "unchanged-request",
    ];

    /// Which of these checks find something.
    async fn broken(transport: impl Transport, checks: &[&'static str]) -> Vec<&'static str> {
        let suite = Suite::new().timeout(Duration::from_millis(900));
        let report = suite.only(checks.iter().copied()).run(transport).await;
        assert!(!report.passed());
        report.broken().map(|outcome| outcome.check()).collect()
    }

    /// Does something wrong with each request.
    struct Wrong<F>(ReqwestTransport, F);

    #[async_trait]
    impl<F, O> Transport for Wrong<F>
    where
        F: Fn(ReqwestTransport, Request) -> O + Send + Sync,
        O: Future<Output = Result<Response, TransportError>> + Send,
    {
        async fn execute(&self, request: Request) -> Result<Response, TransportError> {
            (self.1)(self.0.clone(), request).await
        }
    }

    async fn broken_by<F, O>(checks: &[&'static str], wrong: F) -> Vec<&'static str>
    where
        F: Fn(ReqwestTransport, Request) -> O + Send + Sync,
        O: Future<Output = Result<Response, TransportError>> + Send,
    {
        broken(Wrong(ReqwestTransport::new().unwrap(), wrong), checks).await
    }

    #[tokio::test]
    async fn repeats_are_told() {
        let found = broken_by(&QUICK, |inner, mut request: Request| async move {
            request
                .extensions_mut()
                .remove::<kaleyra_wa_transport::SendOnce>();
            let first = inner.execute(request.clone()).await;
            match first {
                Ok(response) if response.status().is_success() => Ok(response),
                _ => inner.execute(request).await,
            }
        })
        .await;
        for check in [
            "closed-without-response",
            "reset-mid-upload",
            "not-http",
            "statuses",
            "redirects",
        ] {
            assert!(found.contains(&check), "{found:?}");
        }
    }

    #[tokio::test]
    async fn copies_that_are_not_told_apart_are_told() {
        let found = broken_by(
            &["send-once", "closed-without-response", "statuses"],
            |inner, mut request: Request| async move {
                request
                    .extensions_mut()
                    .remove::<kaleyra_wa_transport::SendOnce>();
                inner.execute(request).await
            },
        )
        .await;
        assert_eq!(found, ["send-once"]);
        // A claim that is never settled: nobody may try again.
        let found = broken_by(&["send-once"], |inner, mut request: Request| async move {
            let permission = request
                .extensions_mut()
                .remove::<kaleyra_wa_transport::SendOnce>()
                .unwrap();
            let mut extensions = http::Extensions::new();
            extensions.insert(permission);
            let _claim = kaleyra_wa_transport::SendOnce::claim(&extensions)?;
            inner.execute(request).await
        })
        .await;
        assert_eq!(found, ["send-once"]);
    }

    #[tokio::test]
    async fn every_failure_as_not_sent_is_told() {
        let found = broken_by(&QUICK, |inner, request| async move {
            inner
                .execute(request)
                .await
                .map_err(|error| TransportError::new(Phase::Connect, error.kind()))
        })
        .await;
        assert_eq!(
            found,
            ["closed-without-response", "reset-mid-upload", "not-http"]
        );
    }

    #[tokio::test]
    async fn statuses_as_errors_are_told() {
        let found = broken_by(&QUICK, |inner, request| async move {
            let response = inner.execute(request).await?;
            if response.status().is_client_error() || response.status().is_server_error() {
                let kind = TransportErrorKind::Other;
                return Err(TransportError::new(Phase::InFlight, kind));
            }
            Ok(response)
        })
        .await;
        assert_eq!(found, ["statuses"]);
    }

    #[tokio::test]
    async fn bodies_in_memory_are_told() {
        let found = broken_by(
            &[
                "cut-response",
                "flat-upload",
                "flat-response",
                "whole-response",
            ],
            |inner, request: Request| async move {
                let (head, body) = request.into_parts();
                let kind = TransportErrorKind::UnreadableBody;
                let body = body
                    .collect()
                    .await
                    .map_err(|_| TransportError::new(Phase::Connect, kind))?;
                let request = Request::from_parts(head, Body::from(body));
                let response = read_whole(inner.execute(request).await?, usize::MAX).await?;
                Ok(response.map(Into::into))
            },
        )
        .await;
        assert_eq!(found, ["flat-upload", "flat-response"]);
    }

    #[tokio::test]
    async fn a_time_limit_of_one_s_own_is_told() {
        let found = broken_by(
            &["hang", "statuses"],
            |inner, mut request: Request| async move {
                let slow = Operation::new("send", OperationClass::Send, 1)
                    .with_timeout(Duration::from_secs(9));
                request.extensions_mut().insert(slow);
                inner.execute(request).await
            },
        )
        .await;
        assert_eq!(found, ["hang"]);
    }

    #[tokio::test]
    async fn words_about_contents_are_told() {
        let found = broken_by(
            &["refused-connection", "silence"],
            |inner, request: Request| async move {
                let url = request.uri().to_string();
                let outcome = inner.execute(request).await;
                outcome.map_err(|error| error.with_source(format!("could not reach {url}")))
            },
        )
        .await;
        assert_eq!(found, ["silence"]);
    }

    #[tokio::test]
    async fn changed_requests_are_told() {
        let found = broken_by(&QUICK, |inner, mut request: Request| async move {
            request.headers_mut().remove("x-twice");
            inner.execute(request).await
        })
        .await;
        assert_eq!(found, ["unchanged-request"]);
    }
}

#[tokio::test]
async fn what_is_skipped_is_told_and_has_to_exist() {
    let suite = Suite::new()
        .timeout(Duration::from_millis(100))
        .skip("hang", "it has no clock")
        .skip("hangs", "a slip");
    let report = suite.run(Lies).await;
    let hang = report
        .outcomes()
        .iter()
        .find(|outcome| outcome.check() == "hang");
    let reason = "it has no clock".to_owned();
    assert_eq!(hang.unwrap().verdict(), &Verdict::Skipped { reason });
    let text = report.to_string();
    assert!(text.contains("skipped  hang: it has no clock\n"), "{text}");
    assert!(text.contains("there is no check `hangs`"), "{text}");
}
