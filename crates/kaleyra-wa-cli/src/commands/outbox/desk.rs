//! The file, and an outbox over it that only asks.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::{Account, Client, Pod};
use kaleyra_wa_outbox::{Outbox, OutboxError};
use kaleyra_wa_store::SqliteStore;

use crate::commands::inbox::unusable;
use crate::exit::Exit;
use crate::settings::variable;

/// The file that is asked.
#[derive(Args)]
pub(crate) struct StoreFile {
    /// The file [env: KALEYRA_OUTBOX, or else KALEYRA_INBOX]
    #[arg(long, global = true, value_name = "FILE")]
    #[allow(clippy::doc_markdown, reason = "this text is the help")]
    outbox: Option<PathBuf>,
}

impl StoreFile {
    pub(crate) fn path(&self) -> Result<PathBuf, Exit> {
        let named = self.outbox.clone();
        let variable = || variable("KALEYRA_OUTBOX").or_else(|| variable("KALEYRA_INBOX"));
        named
            .or_else(|| variable().map(PathBuf::from))
            .ok_or_else(|| {
                Exit::bad_input(
                    "the file is missing: name it by --outbox, KALEYRA_OUTBOX or KALEYRA_INBOX",
                )
            })
    }

    /// Opens the file beside whoever has it open.
    pub(crate) fn attach(&self) -> Result<SqliteStore, Exit> {
        let path = self.path()?;
        SqliteStore::attach(&path).map_err(|error| unusable(&path, &error))
    }
}

/// An outbox that only asks and never sends, so that it needs no account.
pub(crate) fn desk(store: SqliteStore) -> Result<Outbox, Exit> {
    let account = Account::new(Pod::In, "none", "none", "+12025550100").map_err(Exit::failed)?;
    let client = Client::new(account).map_err(Exit::failed)?;
    Ok(Outbox::builder(client, store).build())
}

/// What went wrong: what was asked for, or this machine.
pub(crate) fn or_exit<T>(outcome: Result<T, OutboxError>) -> Result<T, Exit> {
    outcome.map_err(|error| match error {
        OutboxError::Store(_) => Exit::failed(error),
        _ => Exit::bad_input(error),
    })
}
