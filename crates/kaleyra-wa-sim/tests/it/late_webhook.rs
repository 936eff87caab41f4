//! A webhook whose address is told after the start, and the transcript of what happened.

use std::time::Duration;

use kaleyra_wa_sim::{CallbackError, InvalidWebhook};
use serde_json::json;

use super::wire::{KEY, Webhook, builder, send, simulator, text_to};

#[tokio::test]
async fn callbacks_go_where_they_were_told_last() {
    let sim = simulator().await;
    // Accepted before there is a webhook, so it has no status.
    send(&sim, &text_to("+919800000001")).await;
    let error = sim.post_callback(&json!({})).await.unwrap_err();
    assert!(matches!(error, CallbackError::NotConfigured), "{error}");

    for _ in 0..2 {
        let mut webhook = Webhook::answering(&[200]).await;
        sim.post_callbacks_to(&webhook.url, ("x-kaleyra-secret", "s3cret"))
            .unwrap();
        assert_eq!(
            sim.post_callback(&json!({"as": "given"})).await.unwrap(),
            200
        );
        let callback = webhook.next().await;
        assert_eq!(callback.header("x-kaleyra-secret"), Some("s3cret"));
        assert_eq!(callback.json(), json!({"as": "given"}));

        send(&sim, &text_to("+919800000001")).await;
        let status = webhook.next().await.json();
        let status = &status["meta_object"]["value"]["statuses"][0];
        assert_eq!(status["status"], "sent", "{status}");
    }
}

#[tokio::test]
async fn what_is_no_webhook_leaves_the_one_that_is() {
    let webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    for url in ["ftp://example.com/", "example.com", "http://a@b/", ""] {
        assert_eq!(
            sim.post_callbacks_to(url, None),
            Err(InvalidWebhook::Url),
            "{url}"
        );
    }
    assert_eq!(
        sim.post_callbacks_to(&webhook.url, ("x secret", "s")),
        Err(InvalidWebhook::Header)
    );
    assert_eq!(sim.post_callback(&json!({})).await.unwrap(), 200);
}

#[tokio::test]
async fn the_transcript_tells_what_happened_in_order() {
    let webhook = Webhook::answering(&[503]).await;
    let sim = builder().statuses(false).bind("127.0.0.1:0").await.unwrap();
    sim.post_callbacks_to(&webhook.url, ("x-kaleyra-secret", "s3cret"))
        .unwrap();
    let user = sim.end_user("Asha Example", "919800000001");
    let callback = user.text("Are you open?").callback();
    assert_eq!(sim.post_callback(&callback).await.unwrap(), 503);
    send(&sim, &text_to("+919800000001")).await;
    send(&sim, "{}").await;
    sim.wait_for_accepted(2, Duration::from_millis(1))
        .await
        .unwrap_err();

    let transcript = sim.transcript();
    let lines: Vec<&str> = transcript.lines().collect();
    for (line, part) in lines.iter().zip([
        "posts a callback: {",
        "callback refused: the webhook responded with 503",
        "202 A",
        "400 WA400  messaging_object",
    ]) {
        assert!(line.contains(part), "{transcript}");
    }
    assert_eq!(lines.len(), 4, "{transcript}");
    assert!(
        lines[2].contains("Your order is on its way."),
        "{transcript}"
    );
    for secret in [KEY, "s3cret"] {
        assert!(!transcript.contains(secret), "{transcript}");
    }
}
