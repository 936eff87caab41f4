//! What is noted of senders and of what users want, and who sends for a number.

use kaleyra_wa_store::outbox::{Pause, Purpose};
use kaleyra_wa_store::{Change, Moment};
use tokio_postgres::Row;

use crate::db::{Db, Outcome, get, maybe_moment, name, text};
use crate::store::Inner;

/// A number as callbacks write it.
pub(crate) fn digits(sender: &str) -> String {
    let digits: String = sender.chars().filter(char::is_ascii_digit).collect();
    name(&digits).into_owned()
}

/// Who sends for a number.
pub(super) enum Lease {
    /// This worker, until the transaction ends at least.
    Held,
    /// The same, since now: another had it before.
    TakenOver,
    /// Another one.
    Elsewhere,
    /// It is not known: this worker's own lease has to be seen to first.
    Unknown,
}

/// Takes the right to send for this number, or keeps it.
pub(super) async fn lease(db: &Db, inner: &Inner, sender: &str, me: i64) -> Outcome<Lease> {
    // Others can't end us before this is committed.
    let is_there = db
        .query_opt(
            "SELECT 1 FROM kwa.worker WHERE id = $1 AND leased_until > clock_timestamp() FOR KEY SHARE",
            &[&me],
        )
        .await?;
    if is_there.is_none() {
        return Ok(Lease::Unknown);
    }
    let sender = name(sender);
    let new = db
        .execute(
            "INSERT INTO kwa.sender_lease(sender, worker) VALUES ($1, $2) ON CONFLICT(sender) DO NOTHING",
            &[&sender, &me],
        )
        .await?;
    if new == 1 {
        return Ok(Lease::TakenOver);
    }
    // Not locked first: who has it may be at a long look, and it is no use to wait for its end to be told so.
    let other = db
        .query_opt(
            "SELECT 1 FROM kwa.sender_lease l JOIN kwa.worker w ON w.id = l.worker WHERE l.sender = $1 AND l.worker <> ALL($2)",
            &[&sender, &inner.all_mine()],
        )
        .await?;
    if other.is_some() {
        return Ok(Lease::Elsewhere);
    }
    let found = db
        .query_opt(
            "SELECT worker, EXISTS (SELECT 1 FROM kwa.worker w WHERE w.id = worker)
               FROM kwa.sender_lease WHERE sender = $1 FOR UPDATE",
            &[&sender],
        )
        .await?;
    // Whoever had it gave it up a moment ago: the next look finds that.
    let Some(row) = found else {
        return Ok(Lease::Unknown);
    };
    let holder = get::<i64>(&row, 0)?;
    if holder == me {
        return Ok(Lease::Held);
    }
    if get::<bool>(&row, 1)? {
        // Looked at now: this worker may have got another number while it waited for the row.
        return Ok(if inner.all_mine().contains(&holder) {
            Lease::Unknown
        } else {
            Lease::Elsewhere
        });
    }
    db.execute(
        "UPDATE kwa.sender_lease SET worker = $2 WHERE sender = $1",
        &[&sender, &me],
    )
    .await?;
    Ok(Lease::TakenOver)
}

/// Pauses a sender. A pause that somebody has to end is not made shorter by one that ends by itself.
pub(crate) async fn pause(
    db: &Db,
    sender: &str,
    why: &str,
    until: Option<Moment>,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let before = pause_of(db, sender, now).await?;
    if let Some(before) = &before
        && before
            .until
            .is_none_or(|end| until.is_some_and(|until| until <= end))
        && (before.why == why || until.is_some())
    {
        return Ok(());
    }
    db.execute(
        "INSERT INTO kwa.sender(sender, paused_at, paused_until, why) VALUES ($1, $2, $3, $4)
         ON CONFLICT(sender) DO UPDATE SET paused_at = $2, paused_until = $3, why = $4",
        &[
            &name(sender),
            &now.as_millis(),
            &until.map(Moment::as_millis),
            &text(why),
        ],
    )
    .await?;
    changes.push(Change::SenderPaused {
        why: why.to_owned(),
        until,
    });
    Ok(())
}

pub(super) async fn resume(
    db: &Db,
    sender: &str,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<bool> {
    let was_paused = pause_of(db, sender, now).await?.is_some();
    db.execute("DELETE FROM kwa.sender WHERE sender = $1", &[&name(sender)])
        .await?;
    if was_paused {
        changes.push(Change::SenderResumed);
    }
    Ok(was_paused)
}

/// The pause of a sender, while it lasts.
pub(super) async fn pause_of(db: &Db, sender: &str, now: Moment) -> Outcome<Option<Pause>> {
    let found = db
        .query_opt(
            "SELECT sender, paused_at, paused_until, why FROM kwa.sender WHERE sender = $1 AND paused_at IS NOT NULL",
            &[&name(sender)],
        )
        .await?;
    let found = found.as_ref().map(read).transpose()?;
    Ok(found.filter(|pause| pause.until.is_none_or(|until| now < until)))
}

/// Why a sender sends nothing: by a pause, or since nobody has adopted the store after it was restored.
pub(super) async fn hold_of(db: &Db, sender: &str, now: Moment) -> Outcome<Option<Pause>> {
    if !super::query::is_restored(db).await? {
        return pause_of(db, sender, now).await;
    }
    let mut pause = Pause::default();
    sender.clone_into(&mut pause.sender);
    pause.why =
        "the store was restored from a backup, and what is queued may have been sent since: adopt it first".to_owned();
    pause.since = now;
    Ok(Some(pause))
}

/// All pauses that last.
pub(super) async fn pauses(db: &Db, now: Moment) -> Outcome<Vec<Pause>> {
    let rows = db
        .query(
            "SELECT sender, paused_at, paused_until, why FROM kwa.sender WHERE paused_at IS NOT NULL ORDER BY sender",
            &[],
        )
        .await?;
    let mut found: Vec<Pause> = rows.iter().map(read).collect::<Outcome<_>>()?;
    found.retain(|pause| pause.until.is_none_or(|until| now < until));
    Ok(found)
}

fn read(row: &Row) -> Outcome<Pause> {
    let mut pause = Pause::default();
    pause.sender = get(row, 0)?;
    pause.since = maybe_moment(row, 1)?.unwrap_or_default();
    pause.until = maybe_moment(row, 2)?;
    pause.why = get::<Option<String>>(row, 3)?.unwrap_or_default();
    Ok(pause)
}

/// What was said last counts; of what was said at the same moment, the no.
pub(crate) async fn set_opt_out(
    db: &Db,
    sender: &str,
    conversation: &str,
    (purpose, is_out): (Purpose, bool),
    at: Moment,
    source: &str,
) -> Outcome<()> {
    db.execute(
        "INSERT INTO kwa.opt_out AS o(sender, conversation, purpose, is_out, since, source) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT(sender, conversation, purpose) DO UPDATE
            SET is_out = excluded.is_out, since = excluded.since, source = excluded.source
          WHERE excluded.since > o.since OR (excluded.since = o.since AND excluded.is_out > o.is_out)",
        &[
            &digits(sender),
            &name(conversation),
            &purpose.code(),
            &is_out,
            &at.as_millis(),
            &text(source),
        ],
    )
    .await
    .map(drop)
}
