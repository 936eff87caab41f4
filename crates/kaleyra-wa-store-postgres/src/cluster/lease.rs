//! The lease of a worker: its row, its number, and how others find that it is gone.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio::time::sleep;

use super::notify::{channel, notify_sends};
use super::session::pooled;
use super::share::{give_up, owned, share};
use crate::db::{Db, Outcome, as_i64, get};
use crate::inbox::give_back;
use crate::store::Inner;

/// The second half of the key of the lock of those that open the store alone.
const ALONE: i32 = -2;

fn lease(inner: &Inner) -> i64 {
    as_i64(inner.lease.as_millis().try_into().unwrap_or(usize::MAX))
}

/// Becomes a worker with a new number, whose lock this connection holds. What this process had under its last one stays with
/// it, unless others took it.
pub(super) async fn register(inner: &Inner, db: Db, is_start: bool) -> Outcome<()> {
    let _turn = inner.sharing.lock().await;
    let mine = inner.all_mine();
    db.begin().await?;
    if is_start && inner.is_alone {
        db.execute(
            "SELECT pg_advisory_xact_lock($1, $2)",
            &[&inner.lock, &ALONE],
        )
        .await?;
        end_the_gone(inner, &db, 0).await?;
        let others = db.query_one("SELECT count(*) FROM kwa.worker", &[]).await?;
        if get::<i64>(&others, 0)? > 0 {
            let detail = "another process uses it";
            return Err(StoreError::new(StoreErrorKind::Owned, detail));
        }
    }
    let row = db
        .query_one(
            "INSERT INTO kwa.worker(handles, leased_until)
             VALUES ($1, clock_timestamp() + $2::bigint * interval '1 millisecond') RETURNING id",
            &[&inner.is_handling(), &lease(inner)],
        )
        .await?;
    let id: i64 = get(&row, 0)?;
    // Before anything is given to that number: who waits for what this changes finds it with the number, and knows it as its own.
    inner.may_become(id);
    // Held by the connection for as long as that lasts: others see by it that we are there.
    let key = i32::try_from(id).map_err(|_| crate::failure::unreadable())?;
    db.execute("SELECT pg_advisory_lock($1, $2)", &[&inner.lock, &key])
        .await?;
    if !mine.is_empty() {
        // One of them is there, unless others ended it: which, is not known where a response was lost.
        let gone = db
            .execute("DELETE FROM kwa.worker WHERE id = ANY($1)", &[&mine])
            .await?;
        if gone > 0 {
            for sql in [
                "UPDATE kwa.shard SET worker = $2 WHERE worker = ANY($1)",
                "UPDATE kwa.sender_lease SET worker = $2 WHERE worker = ANY($1)",
                "UPDATE kwa.send SET epoch = $2 WHERE epoch = ANY($1) AND state IN (1, 2)",
            ] {
                db.execute(sql, &[&mine, &id]).await?;
            }
        } else {
            inner.losses.fetch_add(1, Ordering::Relaxed);
            tracing::warn!("others took over what this process had: it gave no sign for too long");
        }
    }
    db.commit().await?;
    inner.become_worker(id);
    Ok(())
}

/// Waits until it can be told of every worker whether it is there: where the server was started a moment ago, all have lost their
/// locks, and those that live take them again.
pub(super) async fn wait_for_others(db: &Db) -> Outcome<()> {
    let row = db
        .query_one(
            "SELECT greatest(0, ceil(extract(epoch FROM
                      pg_postmaster_start_time() + interval '3 seconds' - clock_timestamp()) * 1000))::bigint,
                    EXISTS (SELECT 1 FROM kwa.worker)",
            &[],
        )
        .await?;
    let (wait, has_others): (i64, bool) = (get(&row, 0)?, get(&row, 1)?);
    if has_others && wait > 0 {
        sleep(Duration::from_millis(wait.unsigned_abs())).await;
    }
    Ok(())
}

/// Deletes the workers whose connection or whose lease ended, and says how many those were.
async fn end_the_gone(inner: &Inner, db: &Db, me: i64) -> Outcome<u64> {
    // Nobody waits here for who is stuck in a transaction.
    db.execute(
        "DELETE FROM kwa.worker WHERE id IN (
           SELECT id FROM kwa.worker WHERE id <> $1
              AND clock_timestamp() > pg_postmaster_start_time() + interval '3 seconds'
              AND (leased_until < clock_timestamp() OR pg_try_advisory_xact_lock($2, id::int))
              FOR UPDATE SKIP LOCKED)",
        &[&me, &inner.lock],
    )
    .await
}

/// Makes the lease longer, ends those who are gone, sees to a fair share, and puts back what is in nobody's hand.
pub(super) async fn renew(inner: &Inner, db: Db, backend: i32, is_settled: bool) -> Outcome<()> {
    let _turn = inner.sharing.lock().await;
    let me = inner.me();
    db.begin().await?;
    let held = db
        .query_opt(
            "UPDATE kwa.worker SET leased_until = clock_timestamp() + $2::bigint * interval '1 millisecond', handles = $3
              WHERE id = $1 RETURNING pg_backend_pid()",
            &[&me, &lease(inner), &inner.is_handling()],
        )
        .await?;
    let responds: Option<i32> = held.as_ref().map(|row| get(row, 0)).transpose()?;
    if responds.is_some_and(|it| it != backend) {
        return Err(pooled());
    }
    if responds.is_none() {
        drop(db);
        inner.shards.set(&BTreeSet::new());
        return Err(StoreError::new(StoreErrorKind::Io, "the lease was lost"));
    }
    let gone = if is_settled {
        end_the_gone(inner, &db, me).await?
    } else {
        0
    };
    if gone > 0 {
        // Somebody has to send in their place, and that need not be this process.
        notify_sends(&db, inner).await?;
    }
    let mut again = Vec::new();
    if inner.is_handling() {
        share(inner, &db, me).await?;
        let attempts = inner.attempts.load(Ordering::SeqCst);
        if attempts > 0 {
            again = give_back(&db, inner, me, attempts).await?;
        }
    } else {
        give_up(&db, me).await?;
    }
    let owned = owned(&db, me).await?;
    db.commit().await?;
    let mut has_moved = inner.shards.set(&owned);
    for (shard, event) in again {
        has_moved |= inner.shards.heard(shard, event.get());
    }
    if has_moved {
        inner.signals.moved();
    }
    Ok(())
}

/// Hands over what this process has.
pub(super) async fn leave(inner: &Inner, db: Db) {
    let me = inner.me();
    let left = async {
        db.begin().await?;
        give_up(&db, me).await?;
        for sql in [
            "DELETE FROM kwa.sender_lease WHERE worker = $1",
            "DELETE FROM kwa.worker WHERE id = $1",
        ] {
            db.execute(sql, &[&me]).await?;
        }
        db.execute("SELECT pg_notify($1, 's')", &[&channel(&inner.schema)])
            .await?;
        Ok::<_, StoreError>(())
    };
    let outcome = match left.await {
        Ok(()) => db.commit().await,
        Err(error) => Err(error),
    };
    inner.shards.clear();
    if let Err(error) = outcome {
        tracing::debug!(%error, "what this process had could not be handed over: others take it when the lease ends");
    }
}
