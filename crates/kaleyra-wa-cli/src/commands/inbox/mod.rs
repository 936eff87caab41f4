//! `kaleyra-wa inbox`: looks into a file of kept callbacks, and puts back, drops and prunes, also beside a running owner.

mod events;
mod import;
mod people;
mod record;
mod upkeep;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::{SqliteStore, StoreError, StoreErrorKind};
use kaleyra_wa_store_nats::NatsOptions;
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::exit::Exit;
use crate::global;
use crate::settings::variable;
use crate::show::output::note;

/// Inspect a file of kept callbacks; requeue, drop and prune events
#[derive(Args)]
#[command(after_help = "\
The file is the one of `kaleyra-wa listen --inbox FILE`, or of an application with an inbox; it may be in use. A store on \
Postgres or NATS JetStream is named by its URL: postgres://user@host/database, nats://user:password@host:4222, \
tls://host/name?creds=FILE&ca=FILE. Postgres is reached by TLS where it has it; add ?sslmode=verify-full to take no server but the one \
that its certificate names, and &sslrootcert=FILE for an authority of your own. Name the store by --inbox, by KALEYRA_INBOX, which \
keeps a password off the command line, or as the first argument:
  kaleyra-wa inbox list bot.db --state dead
  kaleyra-wa inbox requeue bot.db 17 18")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Inbox {
    /// The file, or the URL of a store on Postgres or NATS JetStream [env: KALEYRA_INBOX]
    #[arg(long, global = true, value_name = "STORE")]
    inbox: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
enum Command {
    /// Count what is kept, by state
    #[command(after_help = "Examples:\n  kaleyra-wa inbox stats bot.db")]
    Stats(upkeep::Stats),
    /// List events in the order in which they were kept, without their bodies
    #[command(after_help = "Examples:\n  kaleyra-wa inbox list bot.db --state dead")]
    List(events::List),
    /// Show all that is known of an event
    #[command(after_help = "Examples:\n  kaleyra-wa inbox show bot.db 17")]
    Show(events::Show),
    /// Write every kept event in order, one line of JSON each with --json
    Export(events::Export),
    /// Take over what was exported from another store, with the state that each event has there
    Import(import::Import),
    /// Put settled events back, so that they are handled again
    #[command(after_help = "Examples:\n  kaleyra-wa inbox requeue bot.db --dead")]
    Requeue(people::Requeue),
    /// Drop events that wait or were given up: they are not handled
    #[command(after_help = "Examples:\n  kaleyra-wa inbox drop bot.db 17")]
    Drop(people::Drop),
    /// Delete what was settled long ago
    #[command(after_help = "Examples:\n  kaleyra-wa inbox prune bot.db --handled 30")]
    Prune(upkeep::Prune),
    /// Copy the file while it is in use
    #[command(after_help = "Examples:\n  kaleyra-wa inbox backup bot.db copy.db")]
    Backup(upkeep::Backup),
}

impl Inbox {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let files = Files(self.inbox);
        let json = global::settings().json;
        match self.command {
            Command::Stats(stats) => stats.run(files, json).await,
            Command::List(list) => list.run(files, json).await,
            Command::Show(show) => show.run(files, json).await,
            Command::Export(export) => export.run(files, json).await,
            Command::Import(import) => import.run(files, json).await,
            Command::Requeue(requeue) => requeue.run(files, json).await,
            Command::Drop(drop) => drop.run(files, json).await,
            Command::Prune(prune) => prune.run(files, json).await,
            Command::Backup(backup) => backup.run(files, json).await,
        }
    }
}

/// The file, where it was named before the arguments of the command.
struct Files(Option<PathBuf>);

impl Files {
    /// The file, and the arguments that are left: the first is the file where nothing else says it.
    fn split(self, mut arguments: Vec<String>) -> Result<(PathBuf, Vec<String>), Exit> {
        if let Some(file) = self.0 {
            return Ok((file, arguments));
        }
        let is_named = !arguments.is_empty() && !is_id(&arguments[0]);
        if is_named {
            let file = arguments.remove(0);
            return Ok((file.into(), arguments));
        }
        match variable("KALEYRA_INBOX") {
            Some(file) => Ok((file.into(), arguments)),
            None => Err(Exit::bad_input(
                "the file is missing: name it first of all, or by --inbox or KALEYRA_INBOX",
            )),
        }
    }
}

fn is_id(argument: &str) -> bool {
    argument.parse::<i64>().is_ok()
}

/// A store that several processes share, by its URL.
#[derive(Clone, Copy)]
pub(super) enum Shared<'a> {
    Postgres(&'a str),
    Nats(&'a str),
}

/// The URL of a store that several processes share, where this is no file.
pub(super) fn url(file: &Path) -> Option<Shared<'_>> {
    let name = file.to_str()?;
    let is_of = |schemes: &[&str]| {
        let scheme = name.split_once("://").map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| schemes.contains(&scheme))
    };
    if is_of(&["postgres", "postgresql"]) {
        return Some(Shared::Postgres(name));
    }
    is_of(&["nats", "tls"]).then_some(Shared::Nats(name))
}

/// A store that several processes share, to be looked into and written to, not to handle events.
async fn shared(file: &Path, url: Shared<'_>) -> Result<Box<dyn InboxStore>, Exit> {
    let opened: Result<Box<dyn InboxStore>, StoreError> = match url {
        Shared::Postgres(url) => {
            let store = PostgresOptions::new(url).receive_only().open().await;
            store.map(|store| {
                warn_of(&store);
                Box::new(store) as _
            })
        }
        Shared::Nats(url) => {
            let store = NatsOptions::new(url).receive_only().open().await;
            store.map(|store| Box::new(store) as _)
        }
    };
    opened.map_err(|error| unusable(file, &error))
}

/// Says that what goes to the store and comes from it can be read on its way.
pub(super) fn warn_of(store: &PostgresStore) {
    if store.is_exposed() {
        note(
            "warning: Postgres is on another machine, and the connection is not encrypted: turn on TLS there, and add \
             ?sslmode=verify-full to the URL",
        );
    }
}

/// Opens the store beside whoever has it open.
async fn attach(file: &Path) -> Result<Box<dyn InboxStore>, Exit> {
    if let Some(url) = url(file) {
        return shared(file, url).await;
    }
    let store = SqliteStore::attach(file);
    Ok(Box::new(store.map_err(|error| unusable(file, &error))?))
}

/// Opens the store to write into it: a file alone, made where there is none.
async fn open(file: &Path) -> Result<Box<dyn InboxStore>, Exit> {
    if let Some(url) = url(file) {
        return shared(file, url).await;
    }
    let store = SqliteStore::open(file);
    Ok(Box::new(store.map_err(|error| unusable(file, &error))?))
}

/// Says which file can't be used, and why. A URL can hold a password, and is not repeated.
pub(super) fn unusable(file: &Path, error: &StoreError) -> Exit {
    let name = match url(file) {
        Some(Shared::Postgres(_)) => "the store on Postgres".to_owned(),
        Some(Shared::Nats(_)) => "the store on NATS JetStream".to_owned(),
        None => file.display().to_string(),
    };
    let told = format!("{name}: {error}");
    match error.kind() {
        StoreErrorKind::Invalid | StoreErrorKind::NotAStore | StoreErrorKind::NotFound => {
            Exit::bad_input(told)
        }
        _ => Exit::failed(told),
    }
}

/// A response of the store, or the end of the command.
trait OrExit<T> {
    fn or_exit(self) -> Result<T, Exit>;
}

impl<T> OrExit<T> for Result<T, StoreError> {
    fn or_exit(self) -> Result<T, Exit> {
        self.map_err(Exit::failed)
    }
}
