//! The spans of calls: OpenTelemetry's names, and never on somebody else's span.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::{
    Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};
use kaleyra_wa_client::{BaseUrl, Client, RetryPolicy};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Instrument, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::fixtures::{ACCEPTED, Responding, USER, account, answer, client};

type Fields = BTreeMap<String, String>;

/// Every span that ever was, by its number, with what was recorded on it.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, Fields>>>);

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut fields =
            Fields::from([("name".to_owned(), attributes.metadata().name().to_owned())]);
        attributes.record(&mut Into(&mut fields));
        self.0.lock().unwrap().insert(id.into_u64(), fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        values.record(&mut Into(spans.get_mut(&id.into_u64()).unwrap()));
    }
}

/// Runs this with our spans heard or not, and gives all spans in the order of their names.
fn heard<F: Future<Output = ()>>(ours: bool, run: F) -> Vec<Fields> {
    let spans = Spans::default();
    let is_heard = filter_fn(move |metadata| ours || !metadata.target().starts_with("kaleyra_wa"));
    let subscriber = tracing_subscriber::registry()
        .with(spans.clone())
        .with(is_heard);
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(run);
    });
    let mut found: Vec<_> = spans.0.lock().unwrap().values().cloned().collect();
    found.sort_by(|left, right| left["name"].cmp(&right["name"]));
    found
}

fn check(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(
            fields.get(*name).map(String::as_str),
            Some(*value),
            "{name} in {fields:?}"
        );
    }
}

/// Fails to connect so often before it responds.
struct Late(u32);

#[async_trait]
impl Transport for Late {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request
            .extensions()
            .get::<kaleyra_wa_client::transport::Operation>();
        if operation.unwrap().attempt <= self.0 {
            return Err(TransportError::new(
                Phase::Connect,
                TransportErrorKind::Connect,
            ));
        }
        Ok(answer(202, ACCEPTED))
    }
}

fn soon() -> RetryPolicy {
    RetryPolicy::default().longest_wait(Duration::ZERO)
}

#[test]
fn every_operation_notes_its_status() {
    let empty = json!({"code": "WA200", "data": {}});
    let found = heard(true, async {
        let client = client(Responding::with([(200, empty)]));
        client.mark_read("wamid.A").await.unwrap();
        client.block([USER]).await.unwrap();
        client.unblock([USER]).await.unwrap();
        client.blocked_users().limit(3).await.unwrap();
        client.phone_number_details().await.unwrap();
    });
    let block = "/v2/{sid}/whatsapp/{sender}/block_users";
    for (fields, (operation, method, template)) in found.iter().zip([
        ("block", "POST", block),
        ("blocked_users", "GET", block),
        ("mark_read", "POST", "/v2/{sid}/whatsapp/{sender}/messages"),
        (
            "phone_number_details",
            "GET",
            "/v2/{sid}/whatsapp/{sender}/phone_number_details",
        ),
        ("unblock", "DELETE", block),
    ]) {
        check(
            fields,
            &[
                ("name", &format!("kaleyra_wa.{operation}")),
                ("otel.kind", "client"),
                ("otel.name", &format!("{method} {template}")),
                ("kaleyra_wa.operation", operation),
                ("kaleyra_wa.delivery", "accepted"),
                ("http.request.method", method),
                ("http.response.status_code", "200"),
                ("server.address", "api.in.kaleyra.io"),
                ("server.port", "443"),
                ("url.scheme", "https"),
                ("url.template", template),
            ],
        );
        for absent in [
            "error.type",
            "http.request.resend_count",
            "otel.status_code",
            "url.full",
        ] {
            assert!(!fields.contains_key(absent), "{absent}");
        }
    }
    assert_eq!(found.len(), 5);
}

/// The name belongs to the operation, so that a new one has one without being listed anywhere.
#[test]
fn operations_on_the_account_have_spans_of_their_own() {
    let answer = json!({"code": "WA200", "data": []});
    let found = heard(true, async {
        let client = client(Responding::with([(200, answer)]));
        let waba = client.waba("102");
        waba.templates().await.unwrap();
        waba.delete_template("parcel").await.unwrap();
        client
            .call_permissions([USER.parse().unwrap()])
            .await
            .unwrap();
        let post = kaleyra_wa_client::transport::http::Method::POST;
        client.request(post, "/v2/{sid}/x").await.unwrap();
    });
    let templates = "/v2/{sid}/whatsapp/{waba}/message_templates";
    for (fields, (operation, method, template)) in found.iter().zip([
        (
            "call_permissions",
            "GET",
            "/v2/{sid}/whatsapp/call_permissions",
        ),
        ("delete_template", "DELETE", templates),
        ("request", "POST", "{path}"),
        ("templates", "GET", templates),
    ]) {
        check(
            fields,
            &[
                ("name", &format!("kaleyra_wa.{operation}")),
                ("kaleyra_wa.operation", operation),
                ("http.request.method", method),
                ("url.template", template),
                ("kaleyra_wa.delivery", "accepted"),
            ],
        );
    }
    assert_eq!(found.len(), 4);
    assert!(!format!("{found:?}").contains("1415"));
}

#[test]
fn retries_are_counted_whether_it_ends_well_or_not() {
    let found = heard(true, async {
        let late = client(Late(2)).with_retry(soon());
        late.send(USER, "Hello").await.unwrap();
    });
    check(
        &found[0],
        &[
            ("http.request.resend_count", "2"),
            ("http.response.status_code", "202"),
        ],
    );
    let found = heard(true, async {
        let never = client(Late(9)).with_retry(soon());
        never.send(USER, "Hello").await.unwrap_err();
    });
    check(
        &found[0],
        &[
            ("http.request.resend_count", "2"),
            ("error.type", "transport"),
            ("kaleyra_wa.delivery", "not_sent"),
            ("otel.status_code", "ERROR"),
        ],
    );
    assert!(!found[0].contains_key("http.response.status_code"));
}

#[test]
fn errors_are_named_by_their_status_or_their_kind() {
    for (status, body, error_type, code) in [
        (401, r#"{"code":"RBC001"}"#, "401", Some("RBC001")),
        (429, "", "429", None),
        (502, "<html>", "502", None),
        (307, "", "redirect", None),
        (202, "", "unreadable_response", None),
        (
            200,
            r#"{"code":"E110"}"#,
            "unexpected_response",
            Some("E110"),
        ),
        (400, r#"{"code":"call +14155550123"}"#, "400", None),
    ] {
        let found = heard(true, async {
            let client = client(Responding::with_bodies([(status, body.to_owned())]));
            client.send(USER, "Hello").await.unwrap_err();
        });
        let status = status.to_string();
        check(
            &found[0],
            &[
                ("error.type", error_type),
                ("http.response.status_code", &status),
                ("otel.status_code", "ERROR"),
            ],
        );
        assert_eq!(found[0].get("kaleyra_wa.code").map(String::as_str), code);
    }
}

#[test]
fn a_call_that_is_given_up_says_so() {
    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
            std::future::pending().await
        }
    }

    let found = heard(true, async {
        let sending = client(Silent).send(USER, "Hello").into_future();
        let _ = tokio::time::timeout(Duration::from_millis(1), sending).await;
    });
    check(
        &found[0],
        &[
            ("error.type", "dropped"),
            ("kaleyra_wa.delivery", "indeterminate"),
            ("otel.status_code", "ERROR"),
        ],
    );
}

/// Where a filter has turned ours off, the current span is the caller's, with the same names on it perhaps.
#[test]
fn nothing_is_noted_on_the_span_of_the_caller() {
    let call = || async {
        let span = tracing::info_span!(
            target: "shop",
            "checkout",
            http.response.status_code = tracing::field::Empty,
            http.request.resend_count = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        let client = client(Late(1)).with_retry(soon());
        async { client.send(USER, "Hello").await.unwrap() }
            .instrument(span)
            .await;
    };
    let quiet = heard(false, call());
    assert_eq!(quiet.len(), 1);
    assert_eq!(
        quiet[0],
        Fields::from([("name".to_owned(), "checkout".to_owned())])
    );

    let loud = heard(true, call());
    assert_eq!((loud.len(), loud[0].len()), (2, 1));
    check(&loud[1], &[("http.response.status_code", "202")]);
}

#[test]
fn the_server_is_named_without_brackets() {
    let found = heard(true, async {
        let server = BaseUrl::parse("http://[::1]:8090").unwrap();
        let client = Client::with_transport(account(server), Late(0));
        client.send(USER, "Hello").await.unwrap();
    });
    check(
        &found[0],
        &[
            ("server.address", "::1"),
            ("server.port", "8090"),
            ("url.scheme", "http"),
        ],
    );
}
