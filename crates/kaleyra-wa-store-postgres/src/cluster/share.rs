//! Fair shares of the conversations: which shards this process has, from the moment at which it begins to handle events to the
//! moment at which it ends that.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use kaleyra_wa_store::{StoreError, StoreErrorKind};

use crate::db::{Db, Outcome, get};
use crate::inbox::recover_shards;
use crate::schema::SHARDS;
use crate::store::Inner;

/// Becomes one of those that handle events, and takes what nobody else has.
pub(crate) async fn begin_handling(inner: &Inner) -> Outcome<()> {
    if !inner.handles || inner.is_handling() {
        return Ok(());
    }
    let _turn = inner.sharing.lock().await;
    let me = inner.me();
    let db = inner.transaction().await?;
    let is_there = db
        .execute(
            "UPDATE kwa.worker SET handles = true WHERE id = $1 AND leased_until > clock_timestamp()",
            &[&me],
        )
        .await?;
    if is_there == 0 {
        let detail = "the lease was lost: try again";
        return Err(StoreError::new(StoreErrorKind::Io, detail));
    }
    share(inner, &db, me).await?;
    let owned = owned(&db, me).await?;
    db.commit().await?;
    inner.hands.clear();
    inner.shards.clear();
    inner.shards.set(&owned);
    inner.is_handling.store(true, Ordering::SeqCst);
    Ok(())
}

/// Handles nothing any more: others may have all of it. Where this fails, the session sees to it.
pub(crate) async fn end_handling(inner: &Inner) -> Outcome<()> {
    if !inner.is_handling.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let _turn = inner.sharing.lock().await;
    inner.attempts.store(0, Ordering::SeqCst);
    inner.hands.clear();
    inner.shards.clear();
    let me = inner.me();
    let db = inner.transaction().await?;
    db.execute(
        "UPDATE kwa.worker SET handles = false WHERE id = $1",
        &[&me],
    )
    .await?;
    give_up(&db, me).await?;
    db.commit().await
}

/// The shards of this worker, as the table has it.
pub(super) async fn owned(db: &Db, me: i64) -> Outcome<BTreeSet<i64>> {
    let rows = db
        .query("SELECT id FROM kwa.shard WHERE worker = $1", &[&me])
        .await?;
    rows.iter().map(|row| get(row, 0)).collect()
}

/// Leaves all shards to others.
pub(super) async fn give_up(db: &Db, me: i64) -> Outcome<()> {
    db.execute(
        "UPDATE kwa.shard SET worker = NULL WHERE worker = $1",
        &[&me],
    )
    .await
    .map(drop)
}

/// Takes shards that nobody has, up to a fair share, or gives up those that are more.
pub(super) async fn share(inner: &Inner, db: &Db, me: i64) -> Outcome<()> {
    let row = db
        .query_one(
            "SELECT (SELECT count(*) FROM kwa.worker WHERE handles), (SELECT count(*) FROM kwa.shard WHERE worker = $1)",
            &[&me],
        )
        .await?;
    let (workers, mine): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
    let fair = (SHARDS + workers.max(1) - 1) / workers.max(1);
    if mine < fair {
        let rows = db
            .query(
                "UPDATE kwa.shard SET worker = $1 WHERE id IN (
                   SELECT s.id FROM kwa.shard s
                    WHERE s.worker IS NULL OR NOT EXISTS (SELECT 1 FROM kwa.worker w WHERE w.id = s.worker)
                    LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id",
                &[&me, &(fair - mine)],
            )
            .await?;
        let taken: Vec<i64> = rows.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
        let attempts = inner.attempts.load(Ordering::SeqCst);
        if !taken.is_empty() && attempts > 0 {
            recover_shards(db, &taken, attempts, inner.now()).await?;
        }
    } else if mine > fair {
        // Locked first, and looked at then: an attempt that begins meanwhile holds its shard.
        let rows = db
            .query(
                "SELECT id FROM kwa.shard WHERE worker = $1 ORDER BY id DESC LIMIT $2 FOR UPDATE SKIP LOCKED",
                &[&me, &(mine - fair)],
            )
            .await?;
        let surplus: Vec<i64> = rows.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
        db.execute(
            "UPDATE kwa.shard s SET worker = NULL WHERE s.id = ANY($1)
                AND NOT EXISTS (SELECT 1 FROM kwa.event e WHERE e.shard = s.id AND e.state = 1)",
            &[&surplus],
        )
        .await?;
    }
    Ok(())
}
