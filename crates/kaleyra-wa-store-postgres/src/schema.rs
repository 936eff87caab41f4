//! The versions of the schema, and how an older one becomes one of this version.

use kaleyra_wa_store::{StoreError, StoreErrorKind};

use crate::db::{Db, Outcome, get, quoted};

/// What makes each version of the one before; the first is made of nothing.
const STEPS: &[&str] = &[include_str!("schema.sql")];

/// By which a schema says whose it is.
const APPLICATION: &str = "kaleyra-wa-store";

/// Into how many shards conversations are divided.
pub(crate) const SHARDS: i64 = 256;

/// Brings the schema to this version, made where there is none; processes that start at the same time wait for each other.
pub(crate) async fn migrate(db: Db, schema: &str, lock: i32) -> Outcome<()> {
    db.begin().await?;
    db.execute("SELECT pg_advisory_xact_lock($1, 0)", &[&lock])
        .await?;
    let number = db.query_one("SHOW server_version_num", &[]).await?;
    let number: i64 = get::<String>(&number, 0)?.parse().unwrap_or(0);
    if number < 140_000 {
        let detail = format!(
            "Postgres 14 or later is needed, and this is {}: upgrade the server",
            number / 10_000
        );
        return Err(StoreError::new(StoreErrorKind::Invalid, detail));
    }
    let encoding: String = get(&db.query_one("SHOW server_encoding", &[]).await?, 0)?;
    if encoding != "UTF8" {
        let detail = format!(
            "the database has the encoding {encoding}, which can't hold every message: make one with ENCODING 'UTF8' TEMPLATE template0"
        );
        return Err(StoreError::new(StoreErrorKind::Invalid, detail));
    }
    let found = "SELECT to_regnamespace($1) IS NOT NULL, to_regclass($2) IS NOT NULL,
                        EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $3)";
    let name = quoted(schema);
    let meta = format!("{name}.meta");
    let found = db.query_one(found, &[&name, &meta, &schema]).await?;
    let (has_schema, has_meta, has_any): (bool, bool, bool) =
        (get(&found, 0)?, get(&found, 1)?, get(&found, 2)?);
    let version = if has_meta {
        version(&db).await?
    } else if has_any {
        let detail = "the schema holds tables of another program";
        return Err(StoreError::new(StoreErrorKind::NotAStore, detail));
    } else {
        if !has_schema {
            db.batch(&format!("CREATE SCHEMA {name}")).await?;
        }
        db.batch("CREATE TABLE kwa.meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            .await?;
        0
    };
    if version > STEPS.len() {
        let detail = format!(
            "it has version {version} of the schema, this program {}",
            STEPS.len()
        );
        return Err(StoreError::new(StoreErrorKind::NewerVersion, detail));
    }
    if version < STEPS.len() {
        for step in &STEPS[version..] {
            db.batch(step).await?;
        }
        let set = "INSERT INTO kwa.meta(name, value) VALUES ($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value";
        db.execute(set, &[&"application", &APPLICATION]).await?;
        db.execute(set, &[&"version", &STEPS.len().to_string()])
            .await?;
    }
    db.commit().await
}

async fn version(db: &Db) -> Outcome<usize> {
    let found = db
        .query(
            "SELECT value FROM kwa.meta WHERE name IN ('application', 'version') ORDER BY name",
            &[],
        )
        .await?;
    let values: Vec<String> = found
        .iter()
        .map(|row| get(row, 0))
        .collect::<Outcome<_>>()?;
    match &values[..] {
        [application, version] if application == APPLICATION => {
            version.parse().map_err(|_| crate::failure::unreadable())
        }
        _ => {
            let detail = "the schema holds tables of another program";
            Err(StoreError::new(StoreErrorKind::NotAStore, detail))
        }
    }
}
