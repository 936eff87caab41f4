//! `kaleyra-wa inbox requeue` and `drop`.

use clap::Args;
use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState, InboxStore};
use serde_json::json;

use super::events::event_id;
use super::{Files, OrExit, attach};
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::say;

/// Which events are meant.
#[derive(Args)]
struct Which {
    /// The events' numbers, after the file unless that is given elsewhere
    #[arg(value_name = "[FILE] ID")]
    arguments: Vec<String>,
    /// All dead letters
    #[arg(long)]
    dead: bool,
}

impl Which {
    async fn find(self, files: Files) -> Result<(Box<dyn InboxStore>, Vec<EventId>), Exit> {
        let (file, ids) = files.split(self.arguments)?;
        if ids.is_empty() != self.dead {
            return Err(Exit::bad_input(
                "give the numbers of events, or --dead for all dead letters",
            ));
        }
        let given: Result<Vec<_>, _> = ids.iter().map(|id| event_id(id)).collect();
        let mut ids = given?;
        let store = attach(&file).await?;
        if self.dead {
            ids = dead_letters(&*store).await?;
        }
        Ok((store, ids))
    }
}

async fn dead_letters(store: &dyn InboxStore) -> Result<Vec<EventId>, Exit> {
    let (mut ids, mut query) = (Vec::new(), EventQuery::new().state(EventState::Dead));
    loop {
        let page = store.events(query.clone()).await.or_exit()?;
        let Some(last) = page.last() else {
            return Ok(ids);
        };
        query = query.after(last.id);
        ids.extend(page.iter().map(|record| record.id));
    }
}

#[derive(Args)]
pub(super) struct Requeue {
    #[command(flatten)]
    which: Which,
}

impl Requeue {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (store, ids) = self.which.find(files).await?;
        let mut left_out = Vec::new();
        for id in &ids {
            if !store.requeue(*id).await.or_exit()? {
                left_out.push(*id);
            }
        }
        let why = "is not settled, or its body was pruned";
        tell("requeued", "put back", why, ids.len(), &left_out, json)
    }
}

#[derive(Args)]
pub(super) struct Drop {
    #[command(flatten)]
    which: Which,
}

impl Drop {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (store, ids) = self.which.find(files).await?;
        let mut left_out = Vec::new();
        for id in &ids {
            if !store.discard(*id).await.or_exit()? {
                left_out.push(*id);
            }
        }
        let why = "is not there, or was handled or dropped before";
        tell("dropped", "dropped", why, ids.len(), &left_out, json)
    }
}

fn tell(
    name: &str,
    done: &str,
    why: &str,
    asked: usize,
    left_out: &[EventId],
    json: bool,
) -> Result<(), Exit> {
    let count = asked - left_out.len();
    let numbers: Vec<_> = left_out.iter().map(|id| id.get()).collect();
    if json {
        let line = Line::json(&json!({name: count, "left_out": numbers}));
        say(line.map_err(Exit::failed)?)?;
    } else {
        say(format!("{done}: {count} of {asked}"))?;
    }
    match left_out.first() {
        None => Ok(()),
        Some(_) if json => Err(Exit::failed("").quiet()),
        Some(first) => Err(Exit::failed(format!(
            "{} left out: event {first} {why}",
            left_out.len()
        ))),
    }
}
