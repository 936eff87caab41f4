//! Notes the facts of a callback: each statement merges, so that any order of them comes to the same end.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use kaleyra_wa_store::outbox::{NewSend, Purpose, Scope, Trouble};
use kaleyra_wa_store::tracking::{Facts, MessageFact, OptOutFact, WindowFact, stage_code};
use kaleyra_wa_store::{Change, Moment};
use kaleyra_wa_types::inbound::Stage;

use super::query::Progress;
use crate::db::{Db, Outcome, get, name, text};
use crate::outbox::Proven;
use crate::{campaign, outbox};

/// Notes the facts of deliveries, in the transaction that keeps them, and what they prove about sends.
///
/// Those about the same row come from several processes at the same time: each locks the rows in the same order. A statement merges
/// what is about different messages, so that the usual batch takes one; what is about the same message comes after it.
pub(crate) async fn feed(
    db: &Db,
    facts: &[&Facts],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let mut messages: Vec<(Cow<'_, str>, &MessageFact)> = facts
        .iter()
        .flat_map(|it| &it.messages)
        .map(|fact| (name(&fact.reference), fact))
        .collect();
    messages.sort_by(|a, b| a.0.cmp(&b.0));
    let same: Vec<_> = messages.chunk_by(|a, b| a.0 == b.0).collect();
    for nth in 0.. {
        let round: Vec<_> = same.iter().filter_map(|facts| facts.get(nth)).collect();
        if round.is_empty() {
            break;
        }
        note_messages(db, &round, now, changes).await?;
    }
    let mut windows: Vec<(&str, Cow<'_, str>, &WindowFact)> = facts
        .iter()
        .flat_map(|it| &it.windows)
        .map(|fact| (&*fact.sender, name(&fact.conversation), fact))
        .collect();
    windows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    note_windows(db, &windows, now).await?;
    let mut opt_outs: Vec<&OptOutFact> = facts.iter().flat_map(|it| &it.opt_outs).collect();
    opt_outs.sort_by_key(|fact| (&fact.sender, &fact.conversation, fact.purpose.code()));
    for fact in opt_outs {
        opt_out(db, fact).await?;
    }
    Ok(())
}

/// Notes facts that are each about another message, in the order of their references.
async fn note_messages(
    db: &Db,
    facts: &[&(Cow<'_, str>, &MessageFact)],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let merged = merge(db, facts, now).await?;
    let mut known = Vec::with_capacity(facts.len());
    for (reference, fact) in facts {
        let (before, after) = merged
            .get(&**reference)
            .copied()
            .ok_or_else(crate::failure::unreadable)?;
        let reached = after.furthest();
        if let Some(reached) = reached
            && before.furthest() != Some(reached)
        {
            changes.push(Change::Message {
                reference: fact.reference.clone(),
                stage: reached,
                code: fact.code.clone().filter(|_| reached.is_failure()),
            });
        }
        known.push((&**reference, after));
    }
    let proven = outbox::prove_all(db, &known, now, changes).await?;
    for (reference, fact) in facts {
        if let Some(send) = proven.get(&**reference) {
            heed(db, fact, send, now, changes).await?;
        }
    }
    Ok(())
}

/// Does what a callback about a send asks for beside that: no more marketing, or a pause.
async fn heed(
    db: &Db,
    fact: &MessageFact,
    send: &Proven,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
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

/// A fact as a row of the table.
struct Noted<'a> {
    reference: &'a str,
    progress: Progress,
    ids: Option<String>,
    at: i64,
    stage: Option<Stage>,
    code: Option<Cow<'a, str>>,
    title: Option<Cow<'a, str>>,
    recipient: Option<Cow<'a, str>>,
}

impl<'a> Noted<'a> {
    fn new(reference: &'a str, fact: &'a MessageFact) -> Self {
        // A response to a message proves that it was sent.
        let stage = fact.stage.unwrap_or(Stage::Accepted);
        let is_failure = stage.is_failure();
        let ids: Vec<String> = fact
            .ids
            .iter()
            .map(|id| text(id).replace('\n', " "))
            .collect();
        Self {
            reference,
            progress: Progress {
                reached: (!is_failure).then_some(stage),
                failure: is_failure.then_some(stage),
            },
            ids: (!ids.is_empty()).then(|| ids.join("\n")),
            at: fact.at.as_millis(),
            stage: fact.stage,
            code: fact.code.as_deref().filter(|_| is_failure).map(text),
            title: fact.title.as_deref().filter(|_| is_failure).map(text),
            recipient: fact.recipient.as_deref().map(text),
        }
    }

    /// When it was told, where it came to one of these.
    fn when(&self, is_one: impl Fn(Stage) -> bool) -> Option<i64> {
        self.stage.filter(|it| is_one(*it)).map(|_| self.at)
    }
}

/// Adds them to what is known, and gives where each message was before and is now.
async fn merge(
    db: &Db,
    facts: &[&(Cow<'_, str>, &MessageFact)],
    now: Moment,
) -> Outcome<HashMap<String, (Progress, Progress)>> {
    let rows: Vec<Noted<'_>> = facts.iter().map(|it| Noted::new(&it.0, it.1)).collect();
    let found = db
        .query(
            "WITH n AS (
               SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                                    $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[]) WITH ORDINALITY
                   AS n(reference, reached, failure, ids, accepted_at, sent_at, delivered_at, read_at, failed_at, code, title,
                        recipient, nth)),
             before AS MATERIALIZED (
               SELECT reference, reached, failure FROM kwa.message WHERE reference = ANY($1)),
             after AS (
               INSERT INTO kwa.message AS m(reference, reached, failure, ids, accepted_at, sent_at, delivered_at, read_at, failed_at,
                                            code, title, recipient, changed_at)
               SELECT reference, reached, failure, ids, accepted_at, sent_at, delivered_at, read_at, failed_at, code, title,
                      recipient, $13::bigint
                 FROM n ORDER BY nth
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
               RETURNING m.reference, m.reached, m.failure)
             SELECT after.reference, before.reached, before.failure, after.reached, after.failure
               FROM after LEFT JOIN before USING (reference)",
            &[
                &column(&rows, |row| row.reference),
                &column(&rows, |row| row.progress.reached.map(stage_code)),
                &column(&rows, |row| row.progress.failure.map(stage_code)),
                &column(&rows, |row| row.ids.as_deref()),
                &column(&rows, |row| row.when(|it| it == Stage::Accepted)),
                &column(&rows, |row| row.when(|it| it == Stage::Sent)),
                &column(&rows, |row| row.when(|it| it == Stage::Delivered)),
                &column(&rows, |row| row.when(|it| matches!(it, Stage::Read | Stage::Played))),
                &column(&rows, |row| row.when(Stage::is_failure)),
                &column(&rows, |row| row.code.as_deref()),
                &column(&rows, |row| row.title.as_deref()),
                &column(&rows, |row| row.recipient.as_deref()),
                &now.as_millis(),
                &IDS,
            ],
        )
        .await?;
    let mut merged = HashMap::new();
    for row in &found {
        let (before, after) = (Progress::read(row, 1)?, Progress::read(row, 3)?);
        merged.insert(get(row, 0)?, (before, after));
    }
    Ok(merged)
}

/// Notes what is about windows, in the order of the conversations.
async fn note_windows(
    db: &Db,
    facts: &[(&str, Cow<'_, str>, &WindowFact)],
    now: Moment,
) -> Outcome<()> {
    if facts.is_empty() {
        return Ok(());
    }
    let millis = |at: Option<Moment>| at.map(Moment::as_millis);
    db.execute(
        "INSERT INTO kwa.conversation AS c(sender, conversation, user_wrote_at, closed_at, free_until, changed_at)
         SELECT n.sender, n.conversation, max(n.user_wrote_at), max(n.closed_at), max(n.free_until), $6::bigint
           FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
             AS n(sender, conversation, user_wrote_at, closed_at, free_until, nth)
          GROUP BY n.sender, n.conversation ORDER BY min(n.nth)
         ON CONFLICT(sender, conversation) DO UPDATE SET
           user_wrote_at = greatest(c.user_wrote_at, excluded.user_wrote_at),
           closed_at = greatest(c.closed_at, excluded.closed_at),
           free_until = greatest(c.free_until, excluded.free_until),
           changed_at = excluded.changed_at",
        &[
            &column(facts, |it| outbox::digits(it.0)),
            &column(facts, |it| &*it.1),
            &column(facts, |it| millis(it.2.user_wrote_at)),
            &column(facts, |it| millis(it.2.closed_at)),
            &column(facts, |it| millis(it.2.free_until)),
            &now.as_millis(),
        ],
    )
    .await
    .map(drop)
}

fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Notes that users wrote, by sends that respond to it.
pub(crate) async fn users_wrote(db: &Db, sends: &[&NewSend], now: Moment) -> Outcome<()> {
    let mut last: BTreeMap<(String, Cow<'_, str>), i64> = BTreeMap::new();
    for send in sends {
        if let Some(at) = send.user_wrote_at {
            let key = (outbox::digits(&send.sender), name(&send.conversation));
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
        &[&outbox::digits(sender), &name(conversation), &now.as_millis()],
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
