//! Answers questions about sends.

use bytes::Bytes;
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{OutboxStats, Purpose, SendId, SendQuery, SendRecord, SendState};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::insert::NO_TIME;
use super::land::last_callback;
use super::sender;
use crate::db::{Db, Outcome, as_i64, count, get, maybe_moment, moment, name, small};
use crate::failure::unreadable;
use crate::tracking;

const COLUMNS: &str = "id, key, reference, campaign, line, sender, recipient, conversation, body, fallback, params, \
     purpose, state, attempt, queued_at, not_before, expires_at, next_at, flown_at, as_fallback, landed_at, http, code, \
     message_id, retry_of, reason, refusals";

pub(super) async fn by_id(db: &Db, send: SendId) -> Outcome<Option<SendRecord>> {
    one(db, "id", &send.get()).await
}

/// By key, else by reference.
pub(super) async fn by_name(db: &Db, wanted: &str) -> Outcome<Option<SendRecord>> {
    let name = name(wanted);
    match one(db, "key", &name).await? {
        Some(found) => Ok(Some(found)),
        None => one(db, "reference", &name).await,
    }
}

async fn one(db: &Db, column: &str, value: &(dyn ToSql + Sync)) -> Outcome<Option<SendRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM kwa.send WHERE {column} = $1");
    match db.query_opt(&sql, &[value]).await? {
        Some(row) => Ok(Some(with_message(db, record(&row)?).await?)),
        None => Ok(None),
    }
}

async fn with_message(db: &Db, mut record: SendRecord) -> Outcome<SendRecord> {
    record.message = tracking::message(db, &record.reference).await?;
    Ok(record)
}

pub(super) async fn list(db: &Db, query: &SendQuery) -> Outcome<Vec<SendRecord>> {
    let mut sql = format!("SELECT {COLUMNS} FROM kwa.send WHERE id > $1");
    let after = query.after.get();
    let state = query.state.map(SendState::code);
    let campaign = query.campaign.map(CampaignId::get);
    let conversation = query.conversation.as_deref().map(name);
    let limit = as_i64(query.limit);
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&after];
    let mut and = |condition: &str, value| {
        params.push(value);
        sql.push_str(&format!(" AND {condition} = ${}", params.len()));
    };
    if let Some(state) = &state {
        and("state", state);
    }
    if let Some(campaign) = &campaign {
        and("campaign", campaign);
    }
    if let Some(conversation) = &conversation {
        and("conversation", conversation);
    }
    params.push(&limit);
    sql.push_str(&format!(" ORDER BY id LIMIT ${}", params.len()));
    let mut found = Vec::new();
    for row in &db.query(&sql, &params).await? {
        found.push(with_message(db, record(row)?).await?);
    }
    Ok(found)
}

fn record(row: &Row) -> Outcome<SendRecord> {
    let bytes =
        |nth| -> Outcome<Option<Bytes>> { Ok(get::<Option<Vec<u8>>>(row, nth)?.map(Bytes::from)) };
    let next_at: i64 = get(row, 17)?;
    let http: Option<i64> = get(row, 21)?;
    let mut record = SendRecord::default();
    record.id = SendId::new(get(row, 0)?);
    record.key = get(row, 1)?;
    record.reference = get(row, 2)?;
    record.campaign = get::<Option<i64>>(row, 3)?.map(CampaignId::new);
    record.line = get::<Option<i64>>(row, 4)?.map(i64::unsigned_abs);
    record.sender = get(row, 5)?;
    record.recipient = get(row, 6)?;
    record.conversation = get(row, 7)?;
    record.body = bytes(8)?;
    record.fallback = bytes(9)?;
    record.params = get(row, 10)?;
    record.purpose = Purpose::from_code(get(row, 11)?).ok_or_else(unreadable)?;
    record.state = SendState::from_code(get(row, 12)?).ok_or_else(unreadable)?;
    record.attempt = small(row, 13)?;
    record.queued_at = moment(row, 14)?;
    record.not_before = moment(row, 15)?;
    record.expires_at = maybe_moment(row, 16)?;
    record.next_at = (next_at < NO_TIME).then(|| Moment::from_millis(next_at));
    record.flown_at = maybe_moment(row, 18)?;
    record.as_fallback = get(row, 19)?;
    record.landed_at = maybe_moment(row, 20)?;
    record.http = http.and_then(|http| u16::try_from(http).ok());
    record.code = get(row, 22)?;
    record.message_id = get(row, 23)?;
    record.retry_of = get::<Option<i64>>(row, 24)?.map(SendId::new);
    record.reason = get(row, 25)?;
    record.refusals = small(row, 26)?;
    Ok(record)
}

/// How many sends of a sender are queued.
pub(super) async fn queued(db: &Db, sender: &str) -> Outcome<u64> {
    let sql = "SELECT count(*) FROM kwa.send WHERE state = 0 AND sender = $1";
    count(&db.query_one(sql, &[&name(sender)]).await?, 0)
}

/// Whether the store was restored from a backup, and nobody has adopted it yet.
pub(super) async fn is_restored(db: &Db) -> Outcome<bool> {
    let restored = "SELECT 1 FROM kwa.meta WHERE name = 'is_restored'";
    Ok(db.query_opt(restored, &[]).await?.is_some())
}

pub(super) async fn stats(db: &Db, now: Moment) -> Outcome<OutboxStats> {
    let mut stats = OutboxStats::default();
    stats.paused = sender::pauses(db, now).await?;
    stats.is_restored = is_restored(db).await?;
    stats.last_callback = last_callback(db).await?;
    let rows = db
        .query(
            "SELECT state, count(*), min(queued_at) FROM kwa.send GROUP BY state",
            &[],
        )
        .await?;
    for row in &rows {
        let Some(state) = SendState::from_code(get(row, 0)?) else {
            continue;
        };
        stats.states.insert(state, count(row, 1)?);
        if state == SendState::Queued {
            stats.oldest_queued = maybe_moment(row, 2)?;
        }
    }
    Ok(stats)
}

/// The conversations that templates were sent to since then.
pub(super) async fn initiated(
    db: &Db,
    sender: &str,
    since: Moment,
) -> Outcome<Vec<(String, Moment)>> {
    let rows = db
        .query(
            "SELECT conversation, max(flown_at) FROM kwa.send
              WHERE flown_at > $2 AND sender = $1 AND (NOT needs_window OR as_fallback) AND state IN (1, 2, 8, 13)
              GROUP BY conversation",
            &[&name(sender), &since.as_millis()],
        )
        .await?;
    let pair = |row: &Row| Ok((get(row, 0)?, moment(row, 1)?));
    rows.iter().map(pair).collect()
}
