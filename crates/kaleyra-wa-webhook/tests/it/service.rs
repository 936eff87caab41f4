//! The service without a server: with bodies other than hyper's own.

use http_body_util::Full;
use hyper::service::Service;
use kaleyra_wa_webhook::bytes::Bytes;
use kaleyra_wa_webhook::http::header::CONNECTION;
use kaleyra_wa_webhook::http::{Request, StatusCode};

use crate::fixtures::BUTTON;
use crate::server::{SECRET, collecting};

fn request(body: &'static str) -> Request<Full<Bytes>> {
    let request = Request::post("/").header("x-kaleyra-secret", SECRET);
    request.body(Full::from(body)).unwrap()
}

#[tokio::test]
async fn it_takes_any_body() {
    let (service, mut deliveries) = collecting();
    let response = service.call(request(BUTTON)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(deliveries.try_recv().unwrap().raw, BUTTON);
    assert!(response.headers().get(CONNECTION).is_none());
}

#[tokio::test]
async fn clones_share_the_sink_and_have_their_own_limits() {
    let (service, mut deliveries) = collecting();
    let narrow = service.clone().body_limit(1);
    let response = narrow.call(request("{}")).await.unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(response.headers()[CONNECTION], "close");

    let response = service.call(request("{}")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
}
