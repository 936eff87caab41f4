//! `kaleyra-wa inbox import`: takes over what `export --json` wrote, into any store.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use bytes::Bytes;
use clap::Args;
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{
    EventId, EventRecord, EventState, Fingerprint, InboxStore, Moved, MovedDelivery,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_types::inbound::Callback;
use serde::Deserialize;
use serde_json::json;

use super::{Files, OrExit, open};
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::say;

/// How much is taken over in one transaction: events, and bytes of their bodies.
const BATCH: (usize, usize) = (500, 4 * 1_024 * 1_024);

#[derive(Args)]
#[command(after_help = "\
Each event comes with its state, its times and its body: what waited waits, what was handled is not handled again, and its \
duplicates are recognised. One that was being handled when it was exported waits again. Events that are there already are left out, \
and counted: an import that was interrupted is simply started again.

A file is created where there is none, and must not be in use; a store on Postgres or NATS JetStream may be. Bodies can be large: pipe them.

Examples:
  kaleyra-wa inbox export bot.db --json > events.jsonl
  kaleyra-wa inbox import new.db events.jsonl
  kaleyra-wa inbox export bot.db --json | kaleyra-wa inbox import postgres://bot@db.internal/bot -
  kaleyra-wa inbox export bot.db --json | kaleyra-wa inbox import nats://127.0.0.1:4222 -")]
pub(super) struct Import {
    /// What was exported, or - for standard input; after the store unless that is given elsewhere
    #[arg(value_name = "[STORE] FROM", num_args = 1..=2, required = true)]
    arguments: Vec<String>,
}

/// A line of the export, as far as it is read.
#[derive(Deserialize)]
struct Row {
    id: i64,
    kind: String,
    conversation: Option<String>,
    state: String,
    attempt: u32,
    received_at: Option<String>,
    due_at: Option<String>,
    settled_at: Option<String>,
    failure: Option<String>,
    nth: u32,
    fingerprint: Option<String>,
    delivery: i64,
    raw: Option<String>,
}

impl Import {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let mut arguments = self.arguments;
        let from = arguments.pop().unwrap_or_default();
        let (store, more) = files.split(arguments)?;
        if !more.is_empty() {
            return Err(Exit::bad_input("give one file to import from"));
        }
        let lines = read(&from)?;
        let store = open(&store).await?;
        let moved = import(&*store, lines).await?;
        if json {
            let line = Line::json(&json!({
                "added": moved.added,
                "waiting": moved.waiting,
                "duplicates": moved.duplicates,
            }));
            return say(line.map_err(Exit::failed)?);
        }
        say(format!(
            "imported: {} events, of which {} wait to be handled; {} were there already",
            moved.added, moved.waiting, moved.duplicates
        ))
    }
}

fn read(from: &str) -> Result<Box<dyn BufRead>, Exit> {
    if from == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(Path::new(from));
    let file = file.map_err(|error| Exit::bad_input(format!("{from}: {error}")))?;
    Ok(Box::new(BufReader::new(file)))
}

async fn import(store: &dyn InboxStore, lines: Box<dyn BufRead>) -> Result<Moved, Exit> {
    let mut moved = Moved::default();
    let mut batch: Vec<MovedDelivery> = Vec::new();
    let (mut events, mut bytes) = (0, 0);
    let mut last = None;
    for (number, line) in lines.lines().enumerate() {
        let line = line.map_err(Exit::failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let row: Row = serde_json::from_str(&line).map_err(|_| unreadable(number))?;
        let (delivery, event) = (row.delivery, event(&row).ok_or_else(|| unreadable(number))?);
        // Events of one delivery follow each other, and the first has its body.
        let is_same = last == Some(delivery) && row.raw.is_none();
        last = Some(delivery);
        if !is_same && (events >= BATCH.0 || bytes >= BATCH.1) {
            add(
                &mut moved,
                store
                    .take_over(std::mem::take(&mut batch))
                    .await
                    .or_exit()?,
            );
            (events, bytes) = (0, 0);
        }
        events += 1;
        match batch.last_mut() {
            Some(delivery) if is_same => delivery.events.push(event),
            _ => {
                bytes += row.raw.as_ref().map_or(0, String::len);
                batch.push(delivery_of(row, event));
            }
        }
    }
    add(&mut moved, store.take_over(batch).await.or_exit()?);
    Ok(moved)
}

fn add(to: &mut Moved, moved: Moved) {
    to.added += moved.added;
    to.duplicates += moved.duplicates;
    to.waiting += moved.waiting;
}

fn delivery_of(row: Row, event: EventRecord) -> MovedDelivery {
    let raw = row.raw.map(Bytes::from);
    let came = event.received_at.unwrap_or_default();
    let callback = raw.as_ref().and_then(|raw| Callback::from_slice(raw).ok());
    MovedDelivery {
        received_at: event.received_at,
        facts: callback.map_or_else(Facts::default, |it| Facts::of(&it, came)),
        raw,
        events: vec![event],
    }
}

fn event(row: &Row) -> Option<EventRecord> {
    let mut event = EventRecord::default();
    event.id = EventId::new(row.id);
    event.nth = row.nth;
    event.fingerprint = row
        .fingerprint
        .as_deref()
        .map(fingerprint)
        .transpose()
        .ok()?;
    event.conversation.clone_from(&row.conversation);
    event.kind.clone_from(&row.kind);
    event.state = row.state.parse::<EventState>().ok()?;
    event.attempt = row.attempt;
    event.due_at = moment(row.due_at.as_deref())?.unwrap_or_default();
    event.failure.clone_from(&row.failure);
    event.settled_at = moment(row.settled_at.as_deref())?;
    event.received_at = moment(row.received_at.as_deref())?;
    Some(event)
}

fn moment(text: Option<&str>) -> Option<Option<Moment>> {
    let Some(text) = text else { return Some(None) };
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(Some(Moment::from_millis(time.as_millisecond())))
}

fn fingerprint(hex: &str) -> Result<Fingerprint, ()> {
    let mut bytes = [0; 16];
    if hex.len() != 32 || !hex.is_ascii() {
        return Err(());
    }
    for (nth, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[nth * 2..nth * 2 + 2], 16).map_err(drop)?;
    }
    Ok(Fingerprint::from_bytes(bytes))
}

fn unreadable(number: usize) -> Exit {
    Exit::bad_input(format!(
        "line {} is no event as `kaleyra-wa inbox export --json` writes it; what came before it is imported",
        number + 1
    ))
}
