//! Events that may have been kept: the response to a COMMIT was lost.
//!
//! Kaleyra is asked to send them again, and finds that they are there; but the inbox was told of none of them. So their shards
//! are read again, and until then what is kept in them is not handed to the inbox past those events.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::StoreErrorKind;
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::db::Outcome;
use crate::store::Inner;

/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// A COMMIT that is under way. Where this is dropped before it is known to have succeeded, the shards are read again.
pub(super) struct Doubt {
    inner: Arc<Inner>,
    shards: Vec<i64>,
}

impl Doubt {
    pub(super) fn new(inner: &Arc<Inner>, shards: Vec<i64>) -> Self {
        let inner = Arc::clone(inner);
        Self { inner, shards }
    }

    /// It succeeded.
    pub(super) fn over(mut self) {
        self.shards.clear();
    }
}

impl Drop for Doubt {
    fn drop(&mut self) {
        let shards = std::mem::take(&mut self.shards);
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if shards.is_empty() {
            return;
        }
        let inner = Arc::clone(&self.inner);
        inner.shards.doubt(&shards);
        runtime.spawn(async move {
            while let Err(error) = wait_for(&inner, &shards).await {
                if error.kind() == StoreErrorKind::Closed {
                    return;
                }
                sleep(PAUSE).await;
            }
            inner.shards.certain(&shards);
            inner.signals.moved();
        });
    }
}

/// Waits until the transaction is over that had these shards: it locked them before its COMMIT.
async fn wait_for(inner: &Inner, shards: &[i64]) -> Outcome<()> {
    let db = inner.transaction().await?;
    db.query(
        "SELECT id FROM kwa.shard WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        &[&shards],
    )
    .await?;
    db.commit().await
}
