//! What callbacks prove about sends.

use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{SendId, SendState};
use kaleyra_wa_store::{Change, Moment};

use super::follow;
use crate::db::{Db, Outcome, get, text};
use crate::tracking::progress;

/// The send that a callback is about.
pub(crate) struct Proven {
    pub(crate) sender: String,
    pub(crate) conversation: String,
    pub(crate) campaign: Option<CampaignId>,
}

/// Settles the send with this reference by what callbacks said of it so far; gives it, if there is one.
///
/// The evidence is merged, and never taken back: what WhatsApp had outdoes what was refused, by whatever order it is told.
pub(crate) async fn prove(
    db: &Db,
    reference: &str,
    now: Moment,
    changes: &mut Vec<Change>,
) -> Outcome<Option<Proven>> {
    let Some((reached, failure)) = progress(db, reference).await? else {
        return Ok(None);
    };
    // What lands at the same time waits.
    let found = db
        .query_opt(
            "SELECT id, sender, conversation, campaign, state FROM kwa.send WHERE reference = $1 FOR UPDATE",
            &[&text(reference)],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let id: i64 = get(&row, 0)?;
    let proven = Proven {
        sender: get(&row, 1)?,
        conversation: get(&row, 2)?,
        campaign: get::<Option<i64>>(&row, 3)?.map(CampaignId::new),
    };
    let state = SendState::from_code(get(&row, 4)?);
    use SendState::{Accepted, Flying, Queued, Rejected, Uncertain, Unresolved};
    let settled = match (reached, failure, state) {
        // Of one that is queued: it was sent by a store that was younger than this one.
        (Some(_), _, Some(Queued | Flying | Uncertain | Unresolved | Rejected)) => Some(Accepted),
        (None, Some(_), Some(Flying | Uncertain | Unresolved)) => Some(Rejected),
        _ => None,
    };
    if let Some(settled) = settled {
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
            campaign: proven.campaign,
            state: settled,
        });
    }
    follow::release(db, id, now, changes).await?;
    Ok(Some(proven))
}
