//! How processes tell each other what happened: by `NOTIFY`, in the transaction that does it.

use crate::db::{Db, Outcome};
use crate::store::Inner;

/// The channel that all who share a store listen on.
pub(super) fn channel(schema: &str) -> String {
    format!("kwa_{schema}")
}

/// Tells all workers, once this is committed, of events that were kept or put back: by shard and id.
pub(crate) async fn notify_events(db: &Db, inner: &Inner, events: &[(i64, i64)]) -> Outcome<()> {
    // A notification has 8,000 bytes at most, and an event 24.
    for some in events.chunks(300) {
        let names: Vec<String> = some
            .iter()
            .map(|(shard, id)| format!("{shard}:{id}"))
            .collect();
        let payload = format!("e {}", names.join(","));
        db.execute(
            "SELECT pg_notify($1, $2)",
            &[&channel(&inner.schema), &payload],
        )
        .await?;
    }
    Ok(())
}

/// Tells all, once this is committed, that there may be something to send.
pub(crate) async fn notify_sends(db: &Db, inner: &Inner) -> Outcome<()> {
    db.execute("SELECT pg_notify($1, 's')", &[&channel(&inner.schema)])
        .await
        .map(drop)
}
