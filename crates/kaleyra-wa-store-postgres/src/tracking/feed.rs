//! Notes the facts of a callback: each statement merges, so that any order of them comes to the same end.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kaleyra_wa_store::outbox::{NewSend, Purpose, Scope, Trouble};
use kaleyra_wa_store::tracking::{
    Facts, MessageFact, OptOutFact, WindowFact, stage_code, stage_of,
};
use kaleyra_wa_store::{Change, Moment};
use kaleyra_wa_types::inbound::Stage;

use crate::db::{Db, Outcome, get, text};
use crate::{campaign, outbox};

/// Notes the facts of deliveries, in the transaction that keeps them, and what they prove about sends.
///
/// Those about the same row come from several processes at the same time: each locks the rows in the same order.
pub(crate) async fn feed(
    db: &Db,
    facts: &[&Facts],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let mut messages: Vec<&MessageFact> = facts.iter().flat_map(|it| &it.messages).collect();
    messages.sort_by_key(|fact| &fact.reference);
    for fact in messages {
        message(db, fact, now, changes).await?;
    }
    let mut windows: Vec<&WindowFact> = facts.iter().flat_map(|it| &it.windows).collect();
    windows.sort_by_key(|fact| (&fact.sender, &fact.conversation));
    for fact in windows {
        window(db, fact, now).await?;
    }
    let mut opt_outs: Vec<&OptOutFact> = facts.iter().flat_map(|it| &it.opt_outs).collect();
    opt_outs.sort_by_key(|fact| (&fact.sender, &fact.conversation, fact.purpose.code()));
    for fact in opt_outs {
        opt_out(db, fact).await?;
    }
    Ok(())
}

async fn message(
    db: &Db,
    fact: &MessageFact,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let (before, after) = merge(db, fact, now).await?;
    if let Some(reached) = after
        && before != Some(reached)
    {
        changes.push(Change::Message {
            reference: fact.reference.clone(),
            stage: reached,
            code: fact.code.clone().filter(|_| reached.is_failure()),
        });
    }
    let Some(send) = outbox::prove(db, &fact.reference, now, changes).await? else {
        return Ok(());
    };
    if fact.says_opted_out() {
        let said = (Purpose::Marketing, true);
        outbox::set_opt_out(
            db,
            &send.sender,
            &send.conversation,
            said,
            fact.at,
            "kaleyra",
        )
        .await?;
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
        (Scope::Template, Some(id)) => campaign::pause(db, id, &why, changes).await,
        (Scope::Sender, _) => outbox::pause(db, &send.sender, &why, until, now, changes).await,
        _ => Ok(()),
    }
}

/// How many ids are kept of one message: more than any message has.
const IDS: i64 = 16;

/// Adds it to what is known, and gives where the message was before and is now.
async fn merge(
    db: &Db,
    fact: &MessageFact,
    now: Moment,
) -> Outcome<(Option<Stage>, Option<Stage>)> {
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
    let ids: Vec<String> = fact
        .ids
        .iter()
        .map(|id| text(id).replace('\n', " "))
        .collect();
    let ids = (!ids.is_empty()).then(|| ids.join("\n"));
    let failed = |it: &Option<String>| {
        let it = it.as_deref().filter(|_| stage.is_failure());
        it.map(|it| text(it).into_owned())
    };
    let row = db
        .query_one(
            "WITH before AS (SELECT reached, failure FROM kwa.message WHERE reference = $1)
             INSERT INTO kwa.message AS m(reference, reached, failure, ids, accepted_at, sent_at, delivered_at, read_at, failed_at,
                                          code, title, recipient, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT(reference) DO UPDATE SET
               reached = greatest(m.reached, excluded.reached),
               failure = greatest(m.failure, excluded.failure),
               ids = (SELECT string_agg(id, E'\\n') FROM (
                        SELECT DISTINCT id FROM unnest(string_to_array(concat_ws(E'\\n', m.ids, excluded.ids), E'\\n')) id
                         ORDER BY id LIMIT $14) ids),
               accepted_at = least(m.accepted_at, excluded.accepted_at),
               sent_at = least(m.sent_at, excluded.sent_at),
               delivered_at = least(m.delivered_at, excluded.delivered_at),
               read_at = least(m.read_at, excluded.read_at),
               failed_at = least(m.failed_at, excluded.failed_at),
               code = least(m.code COLLATE \"C\", excluded.code),
               title = least(m.title COLLATE \"C\", excluded.title),
               recipient = least(m.recipient COLLATE \"C\", excluded.recipient),
               changed_at = greatest(m.changed_at, excluded.changed_at)
             RETURNING (SELECT reached FROM before), (SELECT failure FROM before), m.reached, m.failure",
            &[
                &text(&fact.reference),
                &reached,
                &failure,
                &ids,
                &when(has_time && stage == Stage::Accepted),
                &when(stage == Stage::Sent),
                &when(stage == Stage::Delivered),
                &when(matches!(stage, Stage::Read | Stage::Played)),
                &when(stage.is_failure()),
                &failed(&fact.code),
                &failed(&fact.title),
                &fact.recipient.as_deref().map(text),
                &now.as_millis(),
                &IDS,
            ],
        )
        .await?;
    let stage = |nth| Ok(get::<Option<i64>>(&row, nth)?.and_then(stage_of));
    let (was, had_failed): (Option<Stage>, Option<Stage>) = (stage(0)?, stage(1)?);
    let (is, has_failed): (Option<Stage>, Option<Stage>) = (stage(2)?, stage(3)?);
    Ok((was.max(had_failed), is.max(has_failed)))
}

async fn window(db: &Db, fact: &WindowFact, now: Moment) -> Outcome<()> {
    db.execute(
        "INSERT INTO kwa.conversation AS c(sender, conversation, user_wrote_at, closed_at, free_until, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT(sender, conversation) DO UPDATE SET
           user_wrote_at = greatest(c.user_wrote_at, excluded.user_wrote_at),
           closed_at = greatest(c.closed_at, excluded.closed_at),
           free_until = greatest(c.free_until, excluded.free_until),
           changed_at = excluded.changed_at",
        &[
            &fact.sender,
            &text(&fact.conversation),
            &fact.user_wrote_at.map(Moment::as_millis),
            &fact.closed_at.map(Moment::as_millis),
            &fact.free_until.map(Moment::as_millis),
            &now.as_millis(),
        ],
    )
    .await
    .map(drop)
}

/// Notes that users wrote, by sends that respond to it.
pub(crate) async fn users_wrote(db: &Db, sends: &[&NewSend], now: Moment) -> Outcome<()> {
    let mut last: BTreeMap<(String, Cow<'_, str>), i64> = BTreeMap::new();
    for send in sends {
        if let Some(at) = send.user_wrote_at {
            let key = (outbox::digits(&send.sender), text(&send.conversation));
            let last = last.entry(key).or_insert(i64::MIN);
            *last = (*last).max(at.as_millis());
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    let senders: Vec<&str> = last.keys().map(|(sender, _)| sender.as_str()).collect();
    let conversations: Vec<&str> = last.keys().map(|(_, it)| &**it).collect();
    let times: Vec<i64> = last.values().copied().collect();
    db.execute(
        "INSERT INTO kwa.conversation AS c(sender, conversation, user_wrote_at, changed_at)
         SELECT n.sender, n.conversation, n.at, $4::bigint
           FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS n(sender, conversation, at, nth) ORDER BY n.nth
         ON CONFLICT(sender, conversation) DO UPDATE SET
           user_wrote_at = greatest(c.user_wrote_at, excluded.user_wrote_at), changed_at = excluded.changed_at",
        &[&senders, &conversations, &times, &now.as_millis()],
    )
    .await
    .map(drop)
}

/// Notes that WhatsApp said just now that the window is closed.
pub(crate) async fn window_closed(
    db: &Db,
    sender: &str,
    conversation: &str,
    now: Moment,
) -> Outcome<()> {
    db.execute(
        "INSERT INTO kwa.conversation AS c(sender, conversation, closed_at, changed_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT(sender, conversation) DO UPDATE SET
           closed_at = greatest(c.closed_at, excluded.closed_at), changed_at = excluded.changed_at",
        &[&outbox::digits(sender), &text(conversation), &now.as_millis()],
    )
    .await
    .map(drop)
}

/// What was said last counts; what was said at the same moment as well, if it is a no.
async fn opt_out(db: &Db, fact: &OptOutFact) -> Outcome<()> {
    let said = (fact.purpose, fact.is_out);
    outbox::set_opt_out(
        db,
        &fact.sender,
        &fact.conversation,
        said,
        fact.at,
        fact.source,
    )
    .await
}
