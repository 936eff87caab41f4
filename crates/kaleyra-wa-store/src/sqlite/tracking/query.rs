//! Reads what is known of messages and conversations.

use kaleyra_wa_types::inbound::Stage;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::Moment;
use crate::outbox::Purpose;
use crate::sqlite::failure::SqlResult;
use crate::sqlite::outbox::digits;
use crate::tracking::{ConversationRecord, MessageRecord, OptOut, stage_of};

pub(in crate::sqlite) fn message(
    db: &Connection,
    reference: &str,
) -> SqlResult<Option<MessageRecord>> {
    let mut find = db.prepare_cached(
        "SELECT reference, reached, failure, accepted_at, sent_at, delivered_at, read_at, failed_at, code, title,
                recipient, ids, changed_at FROM message WHERE reference = ?1",
    )?;
    find.query_row([reference], record).optional()
}

/// How far a message came, and the failure that was told; `None` where no callback was about it.
pub(in crate::sqlite) fn progress(
    db: &Connection,
    reference: &str,
) -> SqlResult<Option<(Option<Stage>, Option<Stage>)>> {
    let mut find =
        db.prepare_cached("SELECT reached, failure FROM message WHERE reference = ?1")?;
    find.query_row([reference], |row| Ok((stage(row, 0)?, stage(row, 1)?)))
        .optional()
}

fn stage(row: &Row<'_>, nth: usize) -> SqlResult<Option<Stage>> {
    Ok(row.get::<_, Option<i64>>(nth)?.and_then(stage_of))
}

fn record(row: &Row<'_>) -> SqlResult<MessageRecord> {
    let moment = |nth| -> SqlResult<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(nth)?.map(Moment::from_millis))
    };
    let ids: Option<String> = row.get(11)?;
    Ok(MessageRecord {
        reference: row.get(0)?,
        reached: stage(row, 1)?,
        failure: stage(row, 2)?,
        accepted_at: moment(3)?,
        sent_at: moment(4)?,
        delivered_at: moment(5)?,
        read_at: moment(6)?,
        failed_at: moment(7)?,
        code: row.get(8)?,
        title: row.get(9)?,
        recipient: row.get(10)?,
        ids: ids.unwrap_or_default().lines().map(str::to_owned).collect(),
        changed_at: Moment::from_millis(row.get(12)?),
    })
}

/// What is known of a conversation, by the number and by callbacks that name none.
pub(in crate::sqlite) fn conversation(
    db: &Connection,
    sender: &str,
    conversation: &str,
) -> SqlResult<ConversationRecord> {
    let sender = digits(sender);
    let mut find = db.prepare_cached(
        "SELECT max(user_wrote_at), max(closed_at), max(free_until) FROM conversation
          WHERE sender IN (?1, '') AND conversation = ?2",
    )?;
    let mut found = find.query_row((&sender, conversation), |row| {
        let moment = |nth| -> SqlResult<Option<Moment>> {
            Ok(row.get::<_, Option<i64>>(nth)?.map(Moment::from_millis))
        };
        Ok(ConversationRecord {
            user_wrote_at: moment(0)?,
            closed_at: moment(1)?,
            free_until: moment(2)?,
            opt_outs: Vec::new(),
        })
    })?;
    let mut find = db.prepare_cached(
        "SELECT purpose, is_out, max(since), source FROM opt_out
          WHERE sender IN (?1, '') AND conversation = ?2 GROUP BY purpose",
    )?;
    let rows = find.query_map((&sender, conversation), |row| {
        Ok(OptOut {
            purpose: Purpose::from_code(row.get(0)?).unwrap_or_default(),
            is_out: row.get(1)?,
            since: Moment::from_millis(row.get(2)?),
            source: row.get(3)?,
        })
    })?;
    found.opt_outs = rows.collect::<SqlResult<_>>()?;
    Ok(found)
}

/// Whether the user wants no messages for this purpose.
pub(in crate::sqlite) fn is_opted_out(
    db: &Connection,
    sender: &str,
    conversation: &str,
    purpose: i64,
) -> SqlResult<bool> {
    let mut find = db.prepare_cached(
        "SELECT is_out FROM opt_out WHERE sender IN (?1, '') AND conversation = ?2 AND purpose = ?3
          ORDER BY since DESC LIMIT 1",
    )?;
    let found = find
        .query_row((digits(sender), conversation, purpose), |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}
