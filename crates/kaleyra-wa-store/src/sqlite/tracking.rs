//! Notes what callbacks say about messages and conversations.

use rusqlite::Connection;

use super::failure::SqlResult;
use crate::tracking::Facts;

/// Notes the facts of a delivery, in the transaction that keeps it.
pub(super) fn feed(db: &Connection, facts: &Facts) -> SqlResult<()> {
    let _ = (db, facts);
    Ok(())
}
