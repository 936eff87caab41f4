//! Queries about sends.

use bytes::Bytes;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row};

use super::insert::NO_TIME;
use super::land::last_callback;
use super::sender;
use crate::Moment;
use crate::campaign::CampaignId;
use crate::outbox::{OutboxStats, Purpose, SendId, SendQuery, SendRecord, SendState};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::owner::meta;
use crate::sqlite::tracking;

const COLUMNS: &str = "id, key, reference, campaign, line, sender, recipient, conversation, body, fallback, params, \
     purpose, state, attempt, queued_at, not_before, expires_at, next_at, flown_at, as_fallback, landed_at, http, code, \
     message_id, retry_of, reason, refusals";

pub(super) fn by_id(db: &Connection, send: SendId) -> SqlResult<Option<SendRecord>> {
    one(db, "id = ?1", &send.get())
}

/// By key, else by reference.
pub(super) fn by_name(db: &Connection, name: &str) -> SqlResult<Option<SendRecord>> {
    match one(db, "key = ?1", &name)? {
        Some(found) => Ok(Some(found)),
        None => one(db, "reference = ?1", &name),
    }
}

fn one(db: &Connection, condition: &str, value: &dyn ToSql) -> SqlResult<Option<SendRecord>> {
    let mut find = db.prepare_cached(&format!("SELECT {COLUMNS} FROM send WHERE {condition}"))?;
    let found = find.query_row([value], record).optional()?;
    found.map(|found| with_message(db, found)).transpose()
}

fn with_message(db: &Connection, mut record: SendRecord) -> SqlResult<SendRecord> {
    record.message = tracking::message(db, &record.reference)?;
    Ok(record)
}

pub(super) fn list(db: &Connection, query: &SendQuery) -> SqlResult<Vec<SendRecord>> {
    let mut sql = format!("SELECT {COLUMNS} FROM send WHERE id > ?1");
    let after = query.after.get();
    let state = query.state.map(SendState::code);
    let campaign = query.campaign.map(CampaignId::get);
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut params: Vec<&dyn ToSql> = vec![&after];
    let mut and = |condition: &str, value| {
        params.push(value);
        sql.push_str(&format!(" AND {condition} = ?{}", params.len()));
    };
    if let Some(state) = &state {
        // The order of ids is the way: the indexes of states have another.
        and("+state", state);
    }
    if let Some(campaign) = &campaign {
        and("campaign", campaign);
    }
    if let Some(conversation) = &query.conversation {
        and("conversation", conversation);
    }
    params.push(&limit);
    sql.push_str(&format!(" ORDER BY id LIMIT ?{}", params.len()));
    let mut find = db.prepare(&sql)?;
    let found: Vec<SendRecord> = find
        .query_map(&params[..], record)?
        .collect::<SqlResult<_>>()?;
    found
        .into_iter()
        .map(|record| with_message(db, record))
        .collect()
}

fn record(row: &Row<'_>) -> SqlResult<SendRecord> {
    let moment = |nth| -> SqlResult<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(nth)?.map(Moment::from_millis))
    };
    let bytes = |nth| -> SqlResult<Option<Bytes>> {
        Ok(row.get::<_, Option<Vec<u8>>>(nth)?.map(Bytes::from))
    };
    let unknown = |nth, value| rusqlite::Error::IntegralValueOutOfRange(nth, value);
    let (purpose, state): (i64, i64) = (row.get(11)?, row.get(12)?);
    let next_at: i64 = row.get(17)?;
    Ok(SendRecord {
        id: SendId::new(row.get(0)?),
        key: row.get(1)?,
        reference: row.get(2)?,
        campaign: row.get::<_, Option<i64>>(3)?.map(CampaignId::new),
        line: row.get::<_, Option<i64>>(4)?.map(i64::unsigned_abs),
        sender: row.get(5)?,
        recipient: row.get(6)?,
        conversation: row.get(7)?,
        body: bytes(8)?,
        fallback: bytes(9)?,
        params: row.get(10)?,
        purpose: Purpose::from_code(purpose).ok_or_else(|| unknown(11, purpose))?,
        state: SendState::from_code(state).ok_or_else(|| unknown(12, state))?,
        attempt: row.get(13)?,
        queued_at: Moment::from_millis(row.get(14)?),
        not_before: Moment::from_millis(row.get(15)?),
        expires_at: moment(16)?,
        next_at: (next_at < NO_TIME).then(|| Moment::from_millis(next_at)),
        flown_at: moment(18)?,
        as_fallback: row.get::<_, Option<bool>>(19)?.unwrap_or(false),
        landed_at: moment(20)?,
        http: row.get(21)?,
        code: row.get(22)?,
        message_id: row.get(23)?,
        retry_of: row.get::<_, Option<i64>>(24)?.map(SendId::new),
        reason: row.get(25)?,
        refusals: row.get(26)?,
        message: None,
    })
}

pub(super) fn stats(db: &Connection, now: Moment) -> SqlResult<OutboxStats> {
    let mut stats = OutboxStats {
        paused: sender::pauses(db, now)?,
        is_restored: meta::<i64>(db, "is_restored")?.is_some(),
        last_callback: last_callback(db)?,
        ..OutboxStats::default()
    };
    let mut by_state =
        db.prepare("SELECT state, count(*), min(queued_at) FROM send GROUP BY state")?;
    let mut rows = by_state.query([])?;
    while let Some(row) = rows.next()? {
        let Some(state) = SendState::from_code(row.get(0)?) else {
            continue;
        };
        stats
            .states
            .insert(state, row.get::<_, i64>(1)?.unsigned_abs());
        if state == SendState::Queued {
            stats.oldest_queued = Some(Moment::from_millis(row.get(2)?));
        }
    }
    Ok(stats)
}

pub(super) fn queued(db: &Connection, sender: &str) -> SqlResult<u64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM send INDEXED BY send_queued WHERE state = 0 AND sender = ?1",
    )?;
    let queued: i64 = count.query_row([sender], |row| row.get(0))?;
    Ok(queued.unsigned_abs())
}

/// The conversations that templates were sent to since then.
pub(super) fn initiated(
    db: &Connection,
    sender: &str,
    since: Moment,
) -> SqlResult<Vec<(String, Moment)>> {
    let mut find = db.prepare_cached(
        "SELECT conversation, max(flown_at) FROM send INDEXED BY send_flown
          WHERE flown_at > ?2 AND sender = ?1 AND (needs_window = 0 OR as_fallback = 1) AND state IN (1, 2, 8, 13)
          GROUP BY conversation",
    )?;
    let rows = find.query_map((sender, since.as_millis()), |row| {
        Ok((row.get(0)?, Moment::from_millis(row.get(1)?)))
    })?;
    rows.collect()
}
