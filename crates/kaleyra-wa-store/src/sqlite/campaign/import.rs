//! Makes campaigns, and adds their recipients.

use rusqlite::Connection;

use super::state::state_of;
use crate::Moment;
use crate::campaign::{BadLine, CampaignId, CampaignRow, CampaignState, Imported, NewCampaign};
use crate::sqlite::failure::SqlResult;

/// Makes a campaign, unless there is one of this name.
pub(super) fn create(db: &Connection, new: &NewCampaign, now: Moment) -> SqlResult<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO campaign(name, token, sender, template, purpose, state, rate, quiet, expires_at, source, source_sha256,
                              made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(rusqlite::params![
        new.name,
        new.token,
        new.sender,
        new.template.as_bytes(),
        new.purpose.code(),
        new.rate,
        new.quiet,
        new.expires_at.map(Moment::as_millis),
        new.source.as_ref().map(|source| &source.name),
        new.source.as_ref().map(|source| &source.sha256[..]),
        now.as_millis(),
    ])?;
    Ok(())
}

/// What one batch of an import is.
pub(super) struct Batch {
    pub(super) campaign: CampaignId,
    pub(super) read_before: u64,
    pub(super) read: u64,
    pub(super) rows: Vec<CampaignRow>,
    pub(super) bad: Vec<BadLine>,
}

/// Adds a batch; `None` where the campaign is not importing, or was read up to another line.
pub(super) fn import(db: &Connection, batch: &Batch, now: Moment) -> SqlResult<Option<Imported>> {
    let id = batch.campaign.get();
    if state_of(db, batch.campaign)? != Some(CampaignState::Importing) {
        return Ok(None);
    }
    let mut find = db.prepare_cached(
        "SELECT source_rows, token, sender, purpose, expires_at FROM campaign WHERE id = ?1",
    )?;
    let (read, token, sender, purpose, expires_at) = find.query_row([id], |row| {
        Ok((
            row.get::<_, i64>(0)?.unsigned_abs(),
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, i64>(3)?,
            row.get::<_, Option<i64>>(4)?,
        ))
    })?;
    if read != batch.read_before {
        return Ok(None);
    }
    let mut imported = Imported::default();
    let mut insert = db.prepare_cached(
        "INSERT INTO send(key, digest, reference, campaign, line, sender, recipient, conversation, params, purpose, priority,
                          not_before, queued_at, expires_at)
         VALUES (?1, x'', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, ?10, ?11) ON CONFLICT(key) DO NOTHING",
    )?;
    let mut bad = db.prepare_cached(
        "INSERT INTO campaign_bad(campaign, line, why) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for row in &batch.rows {
        let line = as_i64(row.line);
        let added = insert.execute(rusqlite::params![
            format!("{token}/{}", row.conversation),
            format!("{token}-{}", row.line),
            id,
            line,
            sender,
            row.recipient,
            row.conversation,
            row.params,
            purpose,
            now.as_millis(),
            expires_at,
        ])?;
        if added == 1 {
            imported.added += 1;
        } else {
            imported.duplicates += 1;
            bad.execute((id, line, "a duplicate recipient: the first line counts"))?;
        }
    }
    for line in &batch.bad {
        bad.execute((id, as_i64(line.line), &line.why))?;
    }
    if imported.added > 0 {
        db.prepare_cached(
            "INSERT INTO campaign_count(campaign, state, n) VALUES (?1, 0, ?2)
             ON CONFLICT(campaign, state) DO UPDATE SET n = n + excluded.n",
        )?
        .execute((id, as_i64(imported.added)))?;
    }
    db.prepare_cached("UPDATE campaign SET source_rows = ?2 WHERE id = ?1")?
        .execute((id, as_i64(batch.read)))?;
    Ok(Some(imported))
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
