//! Reads campaigns.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::Moment;
use crate::campaign::{BadLine, CampaignId, CampaignRecord, CampaignState, Source};
use crate::outbox::{Purpose, SendState};
use crate::sqlite::failure::SqlResult;

const COLUMNS: &str = "id, name, token, sender, template, purpose, state, why, rate, quiet, expires_at, source, \
     source_sha256, source_rows, made_at, ended_at, \
     (SELECT count(*) FROM campaign_bad b WHERE b.campaign = campaign.id)";

pub(super) fn all(db: &Connection) -> SqlResult<Vec<CampaignRecord>> {
    let mut find = db.prepare_cached(&format!("SELECT {COLUMNS} FROM campaign ORDER BY id"))?;
    let found: Vec<_> = find.query_map([], record)?.collect::<SqlResult<_>>()?;
    found
        .into_iter()
        .map(|record| with_counts(db, record))
        .collect()
}

pub(super) fn by_name(db: &Connection, name: &str) -> SqlResult<Option<CampaignRecord>> {
    let mut find = db.prepare_cached(&format!("SELECT {COLUMNS} FROM campaign WHERE name = ?1"))?;
    let found = find.query_row([name], record).optional()?;
    found.map(|record| with_counts(db, record)).transpose()
}

fn with_counts(db: &Connection, mut record: CampaignRecord) -> SqlResult<CampaignRecord> {
    let mut find =
        db.prepare_cached("SELECT state, n FROM campaign_count WHERE campaign = ?1 AND n > 0")?;
    let mut rows = find.query([record.id.get()])?;
    while let Some(row) = rows.next()? {
        if let Some(state) = SendState::from_code(row.get(0)?) {
            record
                .counts
                .insert(state, row.get::<_, i64>(1)?.unsigned_abs());
        }
    }
    Ok(record)
}

fn record(row: &Row<'_>) -> SqlResult<CampaignRecord> {
    let unknown = |nth, value| rusqlite::Error::IntegralValueOutOfRange(nth, value);
    let moment = |nth| -> SqlResult<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(nth)?.map(Moment::from_millis))
    };
    let (purpose, state): (i64, i64) = (row.get(5)?, row.get(6)?);
    let source: Option<String> = row.get(11)?;
    let sha256: Option<[u8; 32]> = row.get(12)?;
    Ok(CampaignRecord {
        id: CampaignId::new(row.get(0)?),
        name: row.get(1)?,
        token: row.get(2)?,
        sender: row.get(3)?,
        template: String::from_utf8_lossy(&row.get::<_, Vec<u8>>(4)?).into_owned(),
        purpose: Purpose::from_code(purpose).ok_or_else(|| unknown(5, purpose))?,
        state: CampaignState::from_code(state).ok_or_else(|| unknown(6, state))?,
        why: row.get(7)?,
        rate: row.get(8)?,
        quiet: row.get(9)?,
        expires_at: moment(10)?,
        source: source
            .zip(sha256)
            .map(|(name, sha256)| Source { name, sha256 }),
        source_rows: row.get::<_, i64>(13)?.unsigned_abs(),
        bad: row.get::<_, i64>(16)?.unsigned_abs(),
        counts: Default::default(),
        made_at: Moment::from_millis(row.get(14)?),
        ended_at: moment(15)?,
    })
}

pub(super) fn bad_lines(
    db: &Connection,
    campaign: CampaignId,
    after: u64,
    limit: usize,
) -> SqlResult<Vec<BadLine>> {
    let mut find = db.prepare_cached(
        "SELECT line, why FROM campaign_bad WHERE campaign = ?1 AND line > ?2 ORDER BY line LIMIT ?3",
    )?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = find.query_map((campaign.get(), after, limit), |row| {
        let line = row.get::<_, i64>(0)?.unsigned_abs();
        Ok(BadLine::new(line, row.get::<_, String>(1)?))
    })?;
    rows.collect()
}
