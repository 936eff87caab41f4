//! A clock that a test lets go.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use kaleyra_wa_client::Clock;
use kaleyra_wa_client::transport::async_trait;
use tokio::sync::watch;

/// It stands still until it is let go; from then on, whoever sleeps wakes at once, and the time has passed.
#[derive(Clone)]
pub(crate) struct Held {
    is_free: Arc<watch::Sender<bool>>,
    now: Arc<Mutex<Duration>>,
}

impl Held {
    pub(crate) fn new() -> Self {
        Self {
            is_free: Arc::new(watch::Sender::new(false)),
            now: Arc::default(),
        }
    }

    pub(crate) fn let_go(&self) {
        self.is_free.send_replace(true);
    }
}

#[async_trait]
impl Clock for Held {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        let mut is_free = self.is_free.subscribe();
        is_free.wait_for(|is_free| *is_free).await.unwrap();
        *self.now.lock().unwrap() += time;
    }
}
