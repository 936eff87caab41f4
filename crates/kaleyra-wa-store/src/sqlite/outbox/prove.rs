//! What callbacks prove about sends.

use rusqlite::{Connection, OptionalExtension};

use super::follow;
use crate::campaign::CampaignId;
use crate::outbox::{SendId, SendState};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::tracking::progress;
use crate::{Change, Moment};

/// The send that a callback is about.
pub(in crate::sqlite) struct Proven {
    pub(in crate::sqlite) sender: String,
    pub(in crate::sqlite) conversation: String,
    pub(in crate::sqlite) campaign: Option<CampaignId>,
}

/// Settles the send with this reference by what callbacks said of it so far; gives it, if there is one.
///
/// The evidence is merged, and never taken back: what WhatsApp had overrides what was refused, in whatever order it is reported.
pub(in crate::sqlite) fn prove(
    db: &Connection,
    reference: &str,
    now: Moment,
    changes: &mut Vec<Change>,
) -> SqlResult<Option<Proven>> {
    let Some((reached, failure)) = progress(db, reference)? else {
        return Ok(None);
    };
    let mut find = db.prepare_cached(
        "SELECT id, sender, conversation, campaign, state FROM send WHERE reference = ?1",
    )?;
    let found = find.query_row([reference], |row| {
        let proven = Proven {
            sender: row.get(1)?,
            conversation: row.get(2)?,
            campaign: row.get::<_, Option<i64>>(3)?.map(CampaignId::new),
        };
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(4)?, proven))
    });
    let Some((id, state, proven)) = found.optional()? else {
        return Ok(None);
    };
    let state = SendState::from_code(state);
    use SendState::{Accepted, Flying, Queued, Rejected, Uncertain, Unresolved};
    let settled = match (reached, failure, state) {
        // Of one that is queued: it was sent by a store that was younger than this one.
        (Some(_), _, Some(Queued | Flying | Uncertain | Unresolved | Rejected)) => Some(Accepted),
        (None, Some(_), Some(Flying | Uncertain | Unresolved)) => Some(Rejected),
        _ => None,
    };
    if let Some(settled) = settled {
        let mut settle = db.prepare_cached(
            "UPDATE send SET state = ?2, verdict = 'proof', landed_at = coalesce(landed_at, ?3),
                    code = CASE WHEN ?2 = 8 THEN NULL ELSE (SELECT m.code FROM message m WHERE m.reference = send.reference) END,
                    reason = CASE WHEN ?2 = 8 THEN 'a callback proves that it was sent'
                                  ELSE coalesce((SELECT m.title FROM message m WHERE m.reference = send.reference),
                                                'a callback proves that it was not sent') END
              WHERE id = ?1",
        )?;
        settle.execute((id, settled.code(), now.as_millis()))?;
        changes.push(Change::Send {
            send: SendId::new(id),
            reference: reference.to_owned(),
            campaign: proven.campaign,
            state: settled,
        });
    }
    follow::release(db, id, now, changes)?;
    Ok(Some(proven))
}
