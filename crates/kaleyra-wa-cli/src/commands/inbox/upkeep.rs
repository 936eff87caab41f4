//! `kaleyra-wa inbox stats`, `prune` and `backup`.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use kaleyra_wa_store::Retention;
use serde_json::json;

use super::record::time;
use super::{Files, OrExit, attach, unusable};
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::{say, say_all};

/// How many events are pruned in one transaction, beside an owner that wants to write as well.
const CHUNK: usize = 500;

#[derive(Args)]
pub(super) struct Stats {
    /// The file, where nothing else says it
    #[arg(value_name = "FILE")]
    file: Option<String>,
}

impl Stats {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (file, _) = files.split(self.file.into_iter().collect())?;
        let stats = attach(&file).await?.stats().await.or_exit()?;
        let oldest = stats.oldest_waiting.map(time);
        if json {
            let line = Line::json(&json!({
                "waiting": stats.waiting,
                "running": stats.running,
                "handled": stats.handled,
                "dead": stats.dead,
                "dropped": stats.dropped,
                "conversations": stats.conversations,
                "deliveries": stats.deliveries,
                "oldest_waiting": oldest,
                "bytes": stats.bytes,
                "free_bytes": stats.free_bytes,
            }));
            return say(line.map_err(Exit::failed)?);
        }
        let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
        let rows = [
            ("waiting", stats.waiting.to_string()),
            ("running", stats.running.to_string()),
            ("handled", stats.handled.to_string()),
            ("dead", stats.dead.to_string()),
            ("dropped", stats.dropped.to_string()),
            (
                "conversations with something to do",
                stats.conversations.to_string(),
            ),
            ("deliveries with their bodies", stats.deliveries.to_string()),
            (
                "oldest that waits",
                oldest.unwrap_or_else(|| "-".to_owned()),
            ),
            ("in use", mib(stats.bytes)),
            ("free in the file", mib(stats.free_bytes)),
        ];
        say_all(rows.map(|(name, value)| Line::new(format!("{name:<36}{value}"))))
    }
}

#[derive(Args)]
pub(super) struct Prune {
    /// The file, where nothing else says it
    #[arg(value_name = "FILE")]
    file: Option<String>,
    /// Events that were handled or dropped more than this many days ago; their duplicates are not recognised after that
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    handled: u64,
    /// Dead letters older than this many days
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    dead: u64,
    /// Bodies of what was handled more than this many days ago
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    bodies: u64,
}

impl Prune {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (file, _) = files.split(self.file.into_iter().collect())?;
        let store = attach(&file).await?;
        let days = |days: u64| Duration::from_secs(days.saturating_mul(24 * 60 * 60));
        let retention = Retention::default()
            .handled(days(self.handled))
            .dead(days(self.dead))
            .bodies(days(self.bodies));
        let (mut events, mut bodies) = (0, 0);
        loop {
            let pruned = store.prune(retention, CHUNK).await.or_exit()?;
            events += pruned.events;
            bodies += pruned.bodies;
            if pruned.is_done {
                break;
            }
        }
        if json {
            let line = Line::json(&json!({"events": events, "bodies": bodies}));
            return say(line.map_err(Exit::failed)?);
        }
        say(format!("pruned: {events} events, {bodies} bodies"))
    }
}

#[derive(Args)]
pub(super) struct Backup {
    /// The new file, after the file unless that is given elsewhere
    #[arg(value_name = "[FILE] TO", num_args = 1..=2, required = true)]
    arguments: Vec<String>,
}

impl Backup {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let mut arguments = self.arguments;
        let to = arguments.pop().unwrap_or_default();
        let (file, more) = files.split(arguments)?;
        if !more.is_empty() {
            return Err(Exit::bad_input("give one file to copy to"));
        }
        let (store, to) = (attach(&file).await?, Path::new(&to));
        store
            .backup(to)
            .await
            .map_err(|error| unusable(to, &error))?;
        if json {
            let line = Line::json(&json!({"backup": to}));
            return say(line.map_err(Exit::failed)?);
        }
        say(format!("copied to {}", to.display()))
    }
}
