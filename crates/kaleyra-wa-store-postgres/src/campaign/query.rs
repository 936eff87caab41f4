//! Reads campaigns.

use kaleyra_wa_store::campaign::{BadLine, CampaignId, CampaignRecord, CampaignState, Source};
use kaleyra_wa_store::outbox::{Purpose, SendState};
use tokio_postgres::Row;

use crate::db::{Db, Outcome, as_i64, count, get, maybe_moment, moment, name};
use crate::failure::unreadable;

const COLUMNS: &str = "id, name, token, sender, template, purpose, state, why, rate, quiet, expires_at, source, \
     source_sha256, source_rows, made_at, ended_at, \
     (SELECT count(*) FROM kwa.campaign_bad b WHERE b.campaign = c.id)";

pub(super) async fn all(db: &Db) -> Outcome<Vec<CampaignRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM kwa.campaign c ORDER BY id");
    let mut found = Vec::new();
    for row in &db.query(&sql, &[]).await? {
        found.push(with_counts(db, record(row)?).await?);
    }
    Ok(found)
}

pub(super) async fn by_name(db: &Db, wanted: &str) -> Outcome<Option<CampaignRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM kwa.campaign c WHERE name = $1");
    match db.query_opt(&sql, &[&name(wanted)]).await? {
        Some(row) => Ok(Some(with_counts(db, record(&row)?).await?)),
        None => Ok(None),
    }
}

async fn with_counts(db: &Db, mut record: CampaignRecord) -> Outcome<CampaignRecord> {
    let rows = db
        .query(
            "SELECT state, n FROM kwa.campaign_count WHERE campaign = $1 AND n > 0",
            &[&record.id.get()],
        )
        .await?;
    for row in &rows {
        if let Some(state) = SendState::from_code(get(row, 0)?) {
            record.counts.insert(state, count(row, 1)?);
        }
    }
    Ok(record)
}

fn record(row: &Row) -> Outcome<CampaignRecord> {
    let source: Option<String> = get(row, 11)?;
    let sha256: Option<Vec<u8>> = get(row, 12)?;
    let sha256 = sha256.map(<[u8; 32]>::try_from).transpose();
    let rate: Option<i64> = get(row, 8)?;
    let mut record = CampaignRecord::default();
    record.id = CampaignId::new(get(row, 0)?);
    record.name = get(row, 1)?;
    record.token = get(row, 2)?;
    record.sender = get(row, 3)?;
    record.template = get(row, 4)?;
    record.purpose = Purpose::from_code(get(row, 5)?).ok_or_else(unreadable)?;
    record.state = CampaignState::from_code(get(row, 6)?).ok_or_else(unreadable)?;
    record.why = get(row, 7)?;
    record.rate = rate.and_then(|rate| u32::try_from(rate).ok());
    record.quiet = get(row, 9)?;
    record.expires_at = maybe_moment(row, 10)?;
    record.source = source
        .zip(sha256.map_err(|_| unreadable())?)
        .map(|(name, sha256)| Source { name, sha256 });
    record.source_rows = count(row, 13)?;
    record.made_at = moment(row, 14)?;
    record.ended_at = maybe_moment(row, 15)?;
    record.bad = count(row, 16)?;
    Ok(record)
}

pub(super) async fn bad_lines(
    db: &Db,
    campaign: CampaignId,
    after: u64,
    limit: usize,
) -> Outcome<Vec<BadLine>> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let rows = db
        .query(
            "SELECT line, why FROM kwa.campaign_bad WHERE campaign = $1 AND line > $2 ORDER BY line LIMIT $3",
            &[&campaign.get(), &after, &as_i64(limit)],
        )
        .await?;
    let bad = |row: &Row| Ok(BadLine::new(count(row, 0)?, get::<String>(row, 1)?));
    rows.iter().map(bad).collect()
}
