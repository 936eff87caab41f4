//! What callbacks prove about sends.

use std::collections::{BTreeMap, HashMap};

use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{SendId, SendState};
use kaleyra_wa_store::{Change, Moment};
use tokio_postgres::Row;

use super::follow;
use super::insert::NO_TIME;
use crate::db::{Db, Outcome, get};
use crate::tracking::{Progress, progress};

/// The send that a callback is about.
pub(crate) struct Proven {
    pub(crate) sender: String,
    pub(crate) conversation: String,
    pub(crate) campaign: Option<CampaignId>,
}

/// Settles the send with this reference by what callbacks said of it so far, if there is one.
pub(super) async fn prove(
    db: &Db,
    reference: &str,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    if let Some(known) = progress(db, reference).await? {
        prove_all(db, &[(reference, known)], now, changes).await?;
    }
    Ok(())
}

/// Settles the sends with these references, which are in their order, by what is known of each; gives those that there are.
///
/// The evidence is merged, and never taken back: what WhatsApp had outdoes what was refused, by whatever order it is told.
pub(crate) async fn prove_all(
    db: &Db,
    known: &[(&str, Progress)],
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<HashMap<String, Proven>> {
    let known: BTreeMap<&str, Progress> = known.iter().copied().collect();
    let references: Vec<&str> = known.keys().copied().collect();
    // What lands at the same time waits.
    let rows = db
        .query(
            "SELECT id, sender, conversation, campaign, state, reference FROM kwa.send WHERE reference = ANY($1)
              ORDER BY reference COLLATE \"C\" FOR UPDATE",
            &[&references],
        )
        .await?;
    let (mut proven, mut sends) = (HashMap::new(), Vec::with_capacity(rows.len()));
    for row in &rows {
        let reference: String = get(row, 5)?;
        if let Some(progress) = known.get(&*reference) {
            settle(db, row, &reference, *progress, now, changes).await?;
        }
        sends.push(get(row, 0)?);
        let send = Proven {
            sender: get(row, 1)?,
            conversation: get(row, 2)?,
            campaign: get::<Option<i64>>(row, 3)?.map(CampaignId::new),
        };
        proven.insert(reference, send);
    }
    // Looked up after the sends were locked: who queues a follower meanwhile waits for them, or was waited for.
    for send in followed(db, &sends).await? {
        follow::release(db, send, now, changes).await?;
    }
    Ok(proven)
}

/// Those that others wait for.
async fn followed(db: &Db, sends: &[i64]) -> Outcome<Vec<i64>> {
    if sends.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT follows FROM kwa.send WHERE follows = ANY($1) AND state = 0 AND next_at = $2 ORDER BY follows";
    let rows = db.query(sql, &[&sends, &NO_TIME]).await?;
    rows.iter().map(|row| get(row, 0)).collect()
}

async fn settle(
    db: &Db,
    row: &Row,
    reference: &str,
    known: Progress,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<()> {
    let id: i64 = get(row, 0)?;
    use SendState::{Accepted, Flying, Queued, Rejected, Uncertain, Unresolved};
    let settled = match (
        known.reached,
        known.failure,
        SendState::from_code(get(row, 4)?),
    ) {
        // Of one that is queued: it was sent by a store that was younger than this one.
        (Some(_), _, Some(Queued | Flying | Uncertain | Unresolved | Rejected)) => Accepted,
        (None, Some(_), Some(Flying | Uncertain | Unresolved)) => Rejected,
        _ => return Ok(()),
    };
    db.execute(
        "UPDATE kwa.send s SET state = $2::bigint, verdict = 'proof', landed_at = coalesce(landed_at, $3),
                code = CASE WHEN $2::bigint = 8 THEN NULL ELSE (SELECT m.code FROM kwa.message m WHERE m.reference = s.reference) END,
                reason = CASE WHEN $2::bigint = 8 THEN 'a callback proves that it was sent'
                              ELSE coalesce((SELECT m.title FROM kwa.message m WHERE m.reference = s.reference),
                                            'a callback proves that it was not sent') END
          WHERE id = $1",
        &[&id, &settled.code(), &now.as_millis()],
    )
    .await?;
    changes.push(Change::Send {
        send: SendId::new(id),
        reference: reference.to_owned(),
        campaign: get::<Option<i64>>(row, 3)?.map(CampaignId::new),
        state: settled,
    });
    Ok(())
}
