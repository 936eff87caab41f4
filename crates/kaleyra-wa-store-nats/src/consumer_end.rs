//! What is left of a consumer, and the end of it.

use std::time::Duration;

use async_nats::Client;
use async_nats::client::Request;
use bytes::Bytes;
use serde::Deserialize;

/// How long nothing may come of what was there before it is asked whether it is there.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    num_pending: Option<u64>,
}

/// Deletes a consumer that nobody reads any more; by itself the server does so half a minute later.
pub(crate) struct ConsumerEnd {
    client: Client,
    /// Its stream's and its own.
    name: String,
}

impl ConsumerEnd {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Whether the consumer has nothing more to deliver, as far as it is known.
    pub(crate) async fn is_at_end(&self) -> bool {
        let subject = format!("$JS.API.CONSUMER.INFO.{}", self.name);
        let request = Request::new().timeout(Some(LOOK_AGAIN));
        let Ok(message) = self.client.send_request(subject, request).await else {
            return false;
        };
        let response = serde_json::from_slice::<Info>(&message.payload);
        response.is_ok_and(|it| it.num_pending == Some(0))
    }
}

impl Drop for ConsumerEnd {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let client = self.client.clone();
        let subject = format!("$JS.API.CONSUMER.DELETE.{}", self.name);
        runtime.spawn(async move {
            let _ = client.publish(subject, Bytes::new()).await;
        });
    }
}
