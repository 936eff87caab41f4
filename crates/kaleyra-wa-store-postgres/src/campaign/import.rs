//! Makes campaigns, and adds their recipients.

use std::borrow::Cow;

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::campaign::{
    BadLine, CampaignId, CampaignRow, CampaignState, Imported, NewCampaign,
};

use crate::db::{Db, Outcome, get, name, text};

/// Makes a campaign, unless there is one of this name.
pub(super) async fn create(db: &Db, new: &NewCampaign, now: Moment) -> Outcome<()> {
    db.execute(
        "INSERT INTO kwa.campaign(name, token, sender, template, purpose, state, rate, quiet, expires_at, source, source_sha256,
                                  made_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        &[
            &name(&new.name),
            &name(&new.token),
            &name(&new.sender),
            &text(&new.template),
            &new.purpose.code(),
            &new.rate.map(i64::from),
            &new.quiet.as_deref().map(text),
            &new.expires_at.map(Moment::as_millis),
            &new.source.as_ref().map(|source| text(&source.name)),
            &new.source.as_ref().map(|source| &source.sha256[..]),
            &now.as_millis(),
        ],
    )
    .await
    .map(drop)
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
pub(super) async fn import(db: &Db, batch: &Batch, now: Moment) -> Outcome<Option<Imported>> {
    let id = batch.campaign.get();
    let campaign = db
        .query_opt(
            "SELECT source_rows, token, sender, purpose, expires_at FROM kwa.campaign WHERE id = $1 AND state = $2 FOR UPDATE",
            &[&id, &CampaignState::Importing.code()],
        )
        .await?;
    let Some(row) = campaign else {
        return Ok(None);
    };
    if get::<i64>(&row, 0)?.unsigned_abs() != batch.read_before {
        return Ok(None);
    }
    let (token, sender): (String, String) = (get(&row, 1)?, get(&row, 2)?);
    let (purpose, expires_at): (i64, Option<i64>) = (get(&row, 3)?, get(&row, 4)?);

    let lines: Vec<i64> = batch.rows.iter().map(|row| as_i64(row.line)).collect();
    let column =
        |clean: fn(&str) -> Cow<'_, str>, value: fn(&CampaignRow) -> &str| -> Vec<String> {
            batch
                .rows
                .iter()
                .map(|row| clean(value(row)).into_owned())
                .collect()
        };
    let added = db
        .query(
            "INSERT INTO kwa.send(key, digest, reference, campaign, line, sender, recipient, conversation, params, purpose,
                                  priority, not_before, queued_at, expires_at)
             SELECT $1::text || '/' || r.conversation, ''::bytea, $1::text || '-' || r.line::text, $2::bigint, r.line, $3::text, r.recipient,
                    r.conversation, r.params, $4::bigint, 0, 0, $5::bigint, $6::bigint
               FROM unnest($7::bigint[], $8::text[], $9::text[], $10::text[])
                      WITH ORDINALITY AS r(line, recipient, conversation, params, nth) ORDER BY r.nth
             ON CONFLICT(key) DO NOTHING RETURNING line",
            &[
                &token,
                &id,
                &sender,
                &purpose,
                &now.as_millis(),
                &expires_at,
                &lines,
                &column(name, |row| &row.recipient),
                &column(name, |row| &row.conversation),
                &column(text, |row| &row.params),
            ],
        )
        .await?;
    let mut imported = Imported::default();
    imported.added = added.len() as u64;
    imported.duplicates = (batch.rows.len() - added.len()) as u64;
    let added: std::collections::BTreeSet<i64> = added
        .iter()
        .map(|row| get(row, 0))
        .collect::<Outcome<_>>()?;
    let repeated = lines.iter().filter(|line| !added.contains(line));
    let repeated = repeated.map(|line| {
        let why = "the recipient is there already: the first line counts";
        (*line, why.to_owned())
    });
    let bad = batch.bad.iter();
    let bad = bad.map(|bad| (as_i64(bad.line), text(&bad.why).into_owned()));
    let (bad, whys): (Vec<i64>, Vec<String>) = repeated.chain(bad).unzip();
    db.execute(
        "INSERT INTO kwa.campaign_bad(campaign, line, why) SELECT $1::bigint, b.line, b.why
           FROM unnest($2::bigint[], $3::text[]) AS b(line, why) ON CONFLICT DO NOTHING",
        &[&id, &bad, &whys],
    )
    .await?;
    if imported.added > 0 {
        db.execute(
            "INSERT INTO kwa.campaign_count AS c(campaign, state, n) VALUES ($1, 0, $2)
             ON CONFLICT(campaign, state) DO UPDATE SET n = c.n + excluded.n",
            &[&id, &as_i64(imported.added)],
        )
        .await?;
    }
    db.execute(
        "UPDATE kwa.campaign SET source_rows = $2 WHERE id = $1",
        &[&id, &as_i64(batch.read)],
    )
    .await?;
    Ok(Some(imported))
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
