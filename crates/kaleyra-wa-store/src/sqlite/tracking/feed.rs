//! Notes the facts of a callback: each statement merges, so that any order of them comes to the same end.

use kaleyra_wa_types::inbound::Stage;
use rusqlite::{Connection, OptionalExtension};

use super::query::progress;
use crate::outbox::{Purpose, Scope, Trouble};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::{campaign, outbox};
use crate::tracking::{Facts, MessageFact, OptOutFact, WindowFact, stage_code};
use crate::{Change, Moment};

/// Notes the facts of a delivery, in the transaction that keeps it, and what they prove about sends.
pub(in crate::sqlite) fn feed(
    db: &Connection,
    facts: &Facts,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    for fact in &facts.messages {
        message(db, fact, now, changes)?;
    }
    for fact in &facts.windows {
        window(db, fact, now)?;
    }
    for fact in &facts.opt_outs {
        opt_out(db, fact)?;
    }
    Ok(())
}

fn message(
    db: &Connection,
    fact: &MessageFact,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<()> {
    let before = progress(db, &fact.reference)?;
    merge(db, fact, now)?;
    let after = progress(db, &fact.reference)?;
    let stage = |progress: Option<(Option<Stage>, Option<Stage>)>| {
        progress.and_then(|(reached, failure)| reached.max(failure))
    };
    if let Some(reached) = stage(after)
        && stage(before) != Some(reached)
    {
        changes.push(Change::Message {
            reference: fact.reference.clone(),
            stage: reached,
            code: fact.code.clone().filter(|_| reached.is_failure()),
        });
    }
    let Some(send) = outbox::prove(db, &fact.reference, now, changes)? else {
        return Ok(());
    };
    if fact.says_opted_out() {
        opt_out(
            db,
            &OptOutFact {
                sender: outbox::digits(&send.sender),
                conversation: send.conversation.clone(),
                purpose: Purpose::Marketing,
                is_out: true,
                at: fact.at,
                source: "kaleyra",
            },
        )?;
    }
    let Some(trouble) = fact.code.as_deref().and_then(Trouble::of_code) else {
        return Ok(());
    };
    // What is told late must not stop what was resumed since.
    if trouble.wait.is_some_and(|wait| fact.at + wait <= now) {
        return Ok(());
    }
    let until = trouble.wait.map(|wait| fact.at + wait);
    let code = fact.code.as_deref().unwrap_or_default();
    let why = format!("{code}: {}", trouble.meaning);
    match (trouble.scope, send.campaign) {
        (Scope::Template, Some(id)) => campaign::pause(db, id, &why, changes),
        (Scope::Template, None) => Ok(()),
        (Scope::Sender, _) => outbox::pause(db, &send.sender, &why, until, now, changes),
    }
}

fn merge(db: &Connection, fact: &MessageFact, now: Moment) -> SqlResult<()> {
    // A response to a message proves that it was sent.
    let stage = fact.stage.unwrap_or(Stage::Accepted);
    let (reached, failure) = if stage.is_failure() {
        (None, Some(stage_code(stage)))
    } else {
        (Some(stage_code(stage)), None)
    };
    let at = fact.at.as_millis();
    let when = |is: bool| is.then_some(at);
    let has_time = fact.stage.is_some();
    let ids = merged_ids(db, fact)?;
    let mut upsert = db.prepare_cached(
        "INSERT INTO message(reference, reached, failure, ids, accepted_at, sent_at, delivered_at, read_at, failed_at,
                             code, title, recipient, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT(reference) DO UPDATE SET
           reached = nullif(max(coalesce(reached, -1), coalesce(excluded.reached, -1)), -1),
           failure = nullif(max(coalesce(failure, -1), coalesce(excluded.failure, -1)), -1),
           ids = excluded.ids,
           accepted_at = min(coalesce(accepted_at, excluded.accepted_at), coalesce(excluded.accepted_at, accepted_at)),
           sent_at = min(coalesce(sent_at, excluded.sent_at), coalesce(excluded.sent_at, sent_at)),
           delivered_at = min(coalesce(delivered_at, excluded.delivered_at), coalesce(excluded.delivered_at, delivered_at)),
           read_at = min(coalesce(read_at, excluded.read_at), coalesce(excluded.read_at, read_at)),
           failed_at = min(coalesce(failed_at, excluded.failed_at), coalesce(excluded.failed_at, failed_at)),
           code = min(coalesce(code, excluded.code), coalesce(excluded.code, code)),
           title = min(coalesce(title, excluded.title), coalesce(excluded.title, title)),
           recipient = min(coalesce(recipient, excluded.recipient), coalesce(excluded.recipient, recipient)),
           changed_at = max(changed_at, excluded.changed_at)",
    )?;
    upsert.execute((
        &fact.reference,
        reached,
        failure,
        ids,
        when(has_time && stage == Stage::Accepted),
        when(stage == Stage::Sent),
        when(stage == Stage::Delivered),
        when(matches!(stage, Stage::Read | Stage::Played)),
        when(stage.is_failure()),
        fact.code.as_deref().filter(|_| stage.is_failure()),
        fact.title.as_deref().filter(|_| stage.is_failure()),
        &fact.recipient,
        now.as_millis(),
    ))?;
    Ok(())
}

/// How many ids are kept of one message: more than any message has.
const IDS: usize = 16;

/// The ids that were seen, each once and sorted.
fn merged_ids(db: &Connection, fact: &MessageFact) -> SqlResult<Option<String>> {
    let mut find = db.prepare_cached("SELECT ids FROM message WHERE reference = ?1")?;
    let known: Option<Option<String>> = find
        .query_row([&fact.reference], |row| row.get(0))
        .optional()?;
    let known = known.flatten().unwrap_or_default();
    let clean = fact.ids.iter().map(|id| id.replace('\n', " "));
    let mut ids: Vec<String> = known.lines().map(str::to_owned).chain(clean).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(IDS);
    Ok((!ids.is_empty()).then(|| ids.join("\n")))
}

fn window(db: &Connection, fact: &WindowFact, now: Moment) -> SqlResult<()> {
    let mut upsert = db.prepare_cached(
        "INSERT INTO conversation(sender, conversation, user_wrote_at, closed_at, free_until, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(sender, conversation) DO UPDATE SET
           user_wrote_at = max(coalesce(user_wrote_at, excluded.user_wrote_at), coalesce(excluded.user_wrote_at, user_wrote_at)),
           closed_at = max(coalesce(closed_at, excluded.closed_at), coalesce(excluded.closed_at, closed_at)),
           free_until = max(coalesce(free_until, excluded.free_until), coalesce(excluded.free_until, free_until)),
           changed_at = excluded.changed_at",
    )?;
    upsert.execute((
        &fact.sender,
        &fact.conversation,
        fact.user_wrote_at.map(Moment::as_millis),
        fact.closed_at.map(Moment::as_millis),
        fact.free_until.map(Moment::as_millis),
        now.as_millis(),
    ))?;
    Ok(())
}

/// Notes that a user wrote, by a send that answers it.
pub(in crate::sqlite) fn user_wrote(
    db: &Connection,
    sender: &str,
    conversation: &str,
    at: Moment,
    now: Moment,
) -> SqlResult<()> {
    let fact = WindowFact {
        sender: outbox::digits(sender),
        conversation: conversation.to_owned(),
        user_wrote_at: Some(at),
        closed_at: None,
        free_until: None,
    };
    window(db, &fact, now)
}

/// Notes that WhatsApp said just now that the window is closed.
pub(in crate::sqlite) fn window_closed(
    db: &Connection,
    sender: &str,
    conversation: &str,
    now: Moment,
) -> SqlResult<()> {
    let fact = WindowFact {
        sender: outbox::digits(sender),
        conversation: conversation.to_owned(),
        user_wrote_at: None,
        closed_at: Some(now),
        free_until: None,
    };
    window(db, &fact, now)
}

/// What was said last counts; what was said at the same moment as well, if it is a no.
fn opt_out(db: &Connection, fact: &OptOutFact) -> SqlResult<()> {
    outbox::set_opt_out(
        db,
        &fact.sender,
        &fact.conversation,
        (fact.purpose, fact.is_out),
        fact.at,
        fact.source,
    )
}
