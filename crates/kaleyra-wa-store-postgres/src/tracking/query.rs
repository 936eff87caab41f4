//! Reads what is known of messages and conversations.

use kaleyra_wa_store::outbox::Purpose;
use kaleyra_wa_store::tracking::{ConversationRecord, MessageRecord, OptOut, stage_of};
use kaleyra_wa_types::inbound::Stage;
use tokio_postgres::Row;

use crate::db::{Db, Outcome, get, maybe_moment, moment, name};
use crate::outbox::digits;

pub(crate) async fn message(db: &Db, reference: &str) -> Outcome<Option<MessageRecord>> {
    let found = db
        .query_opt(
            "SELECT reference, reached, failure, accepted_at, sent_at, delivered_at, read_at, failed_at, code, title,
                    recipient, ids, changed_at FROM kwa.message WHERE reference = $1",
            &[&name(reference)],
        )
        .await?;
    found.as_ref().map(record).transpose()
}

/// How far a message came, and the failure that was told.
#[derive(Clone, Copy, Default)]
pub(crate) struct Progress {
    pub(crate) reached: Option<Stage>,
    pub(crate) failure: Option<Stage>,
}

impl Progress {
    /// From two columns.
    pub(super) fn read(row: &Row, first: usize) -> Outcome<Self> {
        let (reached, failure) = (stage(row, first)?, stage(row, first + 1)?);
        Ok(Self { reached, failure })
    }

    /// What outdoes all else that was told.
    pub(super) fn furthest(self) -> Option<Stage> {
        self.reached.max(self.failure)
    }
}

/// How far a message came; `None` where no callback was about it.
pub(crate) async fn progress(db: &Db, reference: &str) -> Outcome<Option<Progress>> {
    let found = db
        .query_opt(
            "SELECT reached, failure FROM kwa.message WHERE reference = $1",
            &[&name(reference)],
        )
        .await?;
    found.as_ref().map(|row| Progress::read(row, 0)).transpose()
}

fn stage(row: &Row, nth: usize) -> Outcome<Option<Stage>> {
    Ok(get::<Option<i64>>(row, nth)?.and_then(stage_of))
}

fn record(row: &Row) -> Outcome<MessageRecord> {
    let mut record = MessageRecord::default();
    record.reference = get(row, 0)?;
    record.reached = stage(row, 1)?;
    record.failure = stage(row, 2)?;
    record.accepted_at = maybe_moment(row, 3)?;
    record.sent_at = maybe_moment(row, 4)?;
    record.delivered_at = maybe_moment(row, 5)?;
    record.read_at = maybe_moment(row, 6)?;
    record.failed_at = maybe_moment(row, 7)?;
    record.code = get(row, 8)?;
    record.title = get(row, 9)?;
    record.recipient = get(row, 10)?;
    let ids: Option<String> = get(row, 11)?;
    record.ids = ids.unwrap_or_default().lines().map(str::to_owned).collect();
    record.changed_at = moment(row, 12)?;
    Ok(record)
}

/// What is known of a conversation, by the number and by callbacks that name none.
pub(crate) async fn conversation(
    db: &Db,
    sender: &str,
    conversation: &str,
) -> Outcome<ConversationRecord> {
    let (sender, conversation) = (digits(sender), name(conversation));
    let row = db
        .query_one(
            "SELECT max(user_wrote_at), max(closed_at), max(free_until) FROM kwa.conversation
              WHERE sender IN ($1, '') AND conversation = $2",
            &[&sender, &conversation],
        )
        .await?;
    let mut found = ConversationRecord::default();
    found.user_wrote_at = maybe_moment(&row, 0)?;
    found.closed_at = maybe_moment(&row, 1)?;
    found.free_until = maybe_moment(&row, 2)?;
    let rows = db
        .query(
            "SELECT DISTINCT ON (purpose) purpose, is_out, since, source FROM kwa.opt_out
              WHERE sender IN ($1, '') AND conversation = $2 ORDER BY purpose, since DESC",
            &[&sender, &conversation],
        )
        .await?;
    for row in &rows {
        let mut said = OptOut::default();
        said.purpose = Purpose::from_code(get(row, 0)?).unwrap_or_default();
        said.is_out = get(row, 1)?;
        said.since = moment(row, 2)?;
        said.source = get(row, 3)?;
        found.opt_outs.push(said);
    }
    Ok(found)
}

/// Whether the user wants no messages for this purpose.
pub(crate) async fn is_opted_out(
    db: &Db,
    sender: &str,
    conversation: &str,
    purpose: i64,
) -> Outcome<bool> {
    let found = db
        .query_opt(
            "SELECT is_out FROM kwa.opt_out WHERE sender IN ($1, '') AND conversation = $2 AND purpose = $3
              ORDER BY since DESC LIMIT 1",
            &[&digits(sender), &name(conversation), &purpose],
        )
        .await?;
    found.as_ref().map_or(Ok(false), |row| get(row, 0))
}
