//! A connection in use: statements that are prepared once, and a transaction that is never left open.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_store::{Moment, StoreError, StoreErrorKind, index_key};
use tokio::time::timeout;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{Client, Row, Statement};

use crate::failure::{failed, too_late, unreadable};
use crate::pool::{Lent, PooledClient};

/// What statements give.
pub(crate) type Outcome<T> = Result<T, StoreError>;

pub(crate) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection in use. SQL names the schema `kwa.`, and gets the name that was chosen.
pub(crate) struct Db {
    /// `None` once it was given back.
    link: Option<Link>,
    schema: Arc<str>,
    limits: Limits,
    /// A transaction is open.
    is_open: AtomicBool,
    /// What it is at is not known.
    is_broken: AtomicBool,
}

/// How long things may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// A statement.
    pub(crate) statement: Duration,
    /// A transaction in which nothing happens.
    pub(crate) idle: Duration,
}

pub(crate) enum Link {
    Own(Box<Lent>),
    Users(PooledClient),
}

impl Link {
    fn client(&self) -> Option<&Client> {
        match self {
            Self::Own(lent) => lent.client(),
            Self::Users(client) => Some(client),
        }
    }
}

impl Db {
    pub(crate) fn new(link: Link, schema: Arc<str>, limits: Limits) -> Self {
        Self {
            link: Some(link),
            schema,
            limits,
            is_open: AtomicBool::new(false),
            is_broken: AtomicBool::new(false),
        }
    }

    fn link(&self) -> Outcome<&Link> {
        let link = self.link.as_ref();
        link.ok_or_else(|| StoreError::new(StoreErrorKind::Closed, ""))
    }

    fn client(&self) -> Outcome<&Client> {
        let client = self.link()?.client();
        client.ok_or_else(|| StoreError::new(StoreErrorKind::Closed, ""))
    }

    async fn within<T>(
        &self,
        doing: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Outcome<T> {
        match timeout(self.limits.statement, doing).await {
            Ok(outcome) => outcome.map_err(|error| failed(&error)),
            Err(_) => {
                self.is_broken.store(true, Ordering::SeqCst);
                Err(too_late())
            }
        }
    }

    async fn prepared(&self, sql: &str) -> Outcome<Statement> {
        if let Link::Own(lent) = self.link()?
            && let Some(statement) = lent.known(sql)
        {
            return Ok(statement);
        }
        let named = in_schema(sql, &self.schema);
        let statement = self.within(self.client()?.prepare(&named)).await?;
        if let Link::Own(lent) = self.link()? {
            lent.remember(sql, &statement);
        }
        Ok(statement)
    }

    pub(crate) async fn query(&self, sql: &str, params: Params<'_>) -> Outcome<Vec<Row>> {
        let statement = self.prepared(sql).await?;
        self.within(self.client()?.query(&statement, params)).await
    }

    pub(crate) async fn query_opt(&self, sql: &str, params: Params<'_>) -> Outcome<Option<Row>> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// For what always has a row.
    pub(crate) async fn query_one(&self, sql: &str, params: Params<'_>) -> Outcome<Row> {
        let row = self.query_opt(sql, params).await?;
        row.ok_or_else(|| StoreError::new(StoreErrorKind::Other, "a row is missing"))
    }

    pub(crate) async fn execute(&self, sql: &str, params: Params<'_>) -> Outcome<u64> {
        let statement = self.prepared(sql).await?;
        self.within(self.client()?.execute(&statement, params))
            .await
    }

    /// Several statements without parameters.
    pub(crate) async fn batch(&self, sql: &str) -> Outcome<()> {
        let named = in_schema(sql, &self.schema);
        self.within(self.client()?.batch_execute(&named)).await
    }

    /// Begins a transaction. One that nobody goes on with, since its process is stuck, must not hold what others wait for; in
    /// connections of our own the settings are there from the start.
    pub(crate) async fn begin(&self) -> Outcome<()> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
        self.is_open.store(true, Ordering::SeqCst);
        match self.link()? {
            Link::Own(_) => self.batch(BEGIN).await,
            Link::Users(_) => {
                let (statement, idle) = (millis(self.limits.statement), millis(self.limits.idle));
                let settings = format!(
                    "SET LOCAL statement_timeout = {statement}; SET LOCAL idle_in_transaction_session_timeout = {idle}"
                );
                self.batch(&format!("{BEGIN}; {settings}")).await
            }
        }
    }

    /// Commits it. Where this fails, it may have been committed or not.
    pub(crate) async fn commit(self) -> Outcome<()> {
        // A COMMIT after a failed statement rolls back, and succeeds: but then that statement's error was returned before.
        self.batch("COMMIT").await?;
        self.is_open.store(false, Ordering::SeqCst);
        Ok(())
    }
}

/// A transaction that was not committed is rolled back, also where the caller's future was dropped in its midst.
impl Drop for Db {
    fn drop(&mut self) {
        let is_left_open = self.is_open.load(Ordering::SeqCst);
        let is_broken = self.is_broken.load(Ordering::SeqCst);
        if !is_left_open && !is_broken {
            return;
        }
        match self.link.take() {
            Some(Link::Own(mut lent)) if is_broken => lent.discard(),
            Some(mut link) => {
                let Ok(runtime) = tokio::runtime::Handle::try_current() else {
                    if let Link::Own(lent) = &mut link {
                        lent.discard();
                    }
                    return;
                };
                let limit = self.limits.statement;
                runtime.spawn(async move {
                    let is_rolled_back = match link.client() {
                        Some(client) => timeout(limit, client.batch_execute("ROLLBACK")).await,
                        None => return,
                    };
                    if let Link::Own(lent) = &mut link
                        && !matches!(is_rolled_back, Ok(Ok(())))
                    {
                        lent.discard();
                    }
                });
            }
            None => {}
        }
    }
}

/// A limit of time as Postgres's settings take it.
pub(crate) fn millis(limit: Duration) -> i32 {
    i32::try_from(limit.as_millis()).unwrap_or(i32::MAX).max(1)
}

/// The SQL with the schema's name in the place of `kwa.`.
pub(crate) fn in_schema(sql: &str, schema: &str) -> String {
    let name = quoted(schema);
    // It stands in string literals as well, such as those of sequences.
    let literal = name.replace('\'', "''");
    sql.replace("'kwa.", &format!("'{literal}."))
        .replace("kwa.", &format!("{name}."))
}

/// A name as SQL writes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as Postgres can keep it: it knows no zero byte.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A name that is looked up by, such as a conversation or a key, as an index of Postgres can hold it.
pub(crate) fn name(name: &str) -> Cow<'_, str> {
    index_key(name)
}

pub(crate) fn get<'a, T: FromSql<'a>>(row: &'a Row, nth: usize) -> Outcome<T> {
    row.try_get(nth).map_err(|_| unreadable())
}

pub(crate) fn moment(row: &Row, nth: usize) -> Outcome<Moment> {
    get(row, nth).map(Moment::from_millis)
}

pub(crate) fn maybe_moment(row: &Row, nth: usize) -> Outcome<Option<Moment>> {
    Ok(get::<Option<i64>>(row, nth)?.map(Moment::from_millis))
}

/// A number that is never below zero.
pub(crate) fn count(row: &Row, nth: usize) -> Outcome<u64> {
    get::<i64>(row, nth).map(i64::unsigned_abs)
}

pub(crate) fn small(row: &Row, nth: usize) -> Outcome<u32> {
    u32::try_from(get::<i64>(row, nth)?).map_err(|_| unreadable())
}

pub(crate) fn as_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_the_one_that_was_chosen() {
        assert_eq!(
            in_schema("SELECT 1 FROM kwa.event", "my \"bot\""),
            "SELECT 1 FROM \"my \"\"bot\"\"\".event"
        );
    }

    #[test]
    fn the_schema_stands_in_literals_as_well() {
        assert_eq!(
            in_schema("SELECT nextval('kwa.event_id') FROM kwa.event", "it's"),
            "SELECT nextval('\"it''s\".event_id') FROM \"it's\".event"
        );
    }

    #[test]
    fn limits_are_such_as_postgres_takes() {
        assert_eq!(millis(Duration::from_nanos(1)), 1, "0 would be no limit");
        assert_eq!(millis(Duration::MAX), i32::MAX);
    }

    #[test]
    fn a_zero_byte_is_replaced() {
        assert_eq!(text("a\0b"), "a\u{FFFD}b");
        assert!(matches!(text("ab"), Cow::Borrowed("ab")));
    }
}
