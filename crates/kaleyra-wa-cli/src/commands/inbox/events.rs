//! `kaleyra-wa inbox list`, `show` and `export`.

use bytes::Bytes;
use clap::Args;
use kaleyra_wa_store::inbox::{EventId, EventQuery, EventRecord, EventState, InboxStore};
use kaleyra_wa_types::inbound::Callback;

use super::record::{ExportedJson, ListedJson, RecordJson, callback_of, listed, time};
use super::{Files, OrExit, attach};
use crate::commands::listen::Kind;
use crate::exit::Exit;
use crate::show::event::text_lines;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::values::{count, one_of};

#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct List {
    /// The file, unless it is given elsewhere
    #[arg(value_name = "FILE")]
    file: Option<String>,
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = one_of::<EventState>(EventState::ALL.map(EventState::as_str)))]
    state: Option<EventState>,
    /// Only those of this conversation
    #[arg(long, value_name = "USER")]
    conversation: Option<String>,
    /// Only those of this kind
    #[arg(long, value_name = "KIND", value_enum)]
    kind: Option<Kind>,
    /// Only those after the event of this number
    #[arg(long, value_name = "ID", default_value_t = 0)]
    after: i64,
    /// Maximum number
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = count())]
    limit: usize,
}

impl List {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (file, _) = files.split(self.file.into_iter().collect())?;
        let store = attach(&file).await?;
        let mut query = EventQuery::new().after(EventId::new(self.after));
        query.state = self.state;
        query.conversation = self.conversation;
        query.kind = self.kind.map(|kind| kind.as_str().to_owned());
        let mut left = self.limit;
        while left > 0 {
            let page = store
                .events(query.clone().limit(left.min(500)))
                .await
                .or_exit()?;
            let Some(last) = page.last() else {
                break;
            };
            query = query.after(last.id);
            left -= page.len();
            let lines = page.iter().map(|record| {
                if json {
                    Line::json(&ListedJson::of(record)).map_err(Exit::failed)
                } else {
                    Ok(listed(record))
                }
            });
            say_all(lines.collect::<Result<Vec<_>, _>>()?)?;
        }
        Ok(())
    }
}

#[derive(Args)]
pub(super) struct Show {
    /// The event's number, after the file unless that is given elsewhere
    #[arg(value_name = "[FILE] ID", num_args = 1..=2, required = true)]
    arguments: Vec<String>,
}

impl Show {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (file, ids) = files.split(self.arguments)?;
        let [id] = ids.as_slice() else {
            return Err(Exit::bad_input("give the number of one event"));
        };
        let id = event_id(id)?;
        let store = attach(&file).await?;
        let Some(record) = store.event(id).await.or_exit()? else {
            return Err(Exit::failed(format!(
                "there is no event {id} any more, or yet"
            )));
        };
        let callback = callback_of(&record);
        if json {
            let line = Line::json(&RecordJson::of(&record, callback.as_ref()));
            return say(line.map_err(Exit::failed)?);
        }
        say_all(shown(&record, callback.as_ref()))
    }
}

/// All that is known of an event, for people.
fn shown(record: &EventRecord, callback: Option<&Callback>) -> Vec<Line> {
    let mut lines = vec![listed(record)];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(Line::new(format!("{name:>12}  ")).then(value));
        }
    };
    add("settled", record.settled_at.map(time));
    add("attempts", Some(record.attempt.to_string()));
    let Some(callback) = callback else {
        add("body", Some("was pruned".to_owned()));
        return lines;
    };
    let event = callback.event(record.nth as usize);
    add(
        "key",
        event
            .as_ref()
            .and_then(|event| Some(event.key()?.as_str().to_owned())),
    );
    if let Some(event) = event {
        let came = record.received_at.unwrap_or_default().into();
        lines.extend(text_lines(callback, &event, came));
        lines.push(Line::new(event.body().as_str()));
    }
    lines
}

#[derive(Args)]
#[command(after_help = "\
With --json each event is one line with these keys, null where there is nothing to say:
  id            its number: the order in which it was kept
  key           what identifies duplicates
  kind          message, status, error, field or other
  type          what it is within its kind: text, delivered, account_update, …
  conversation  the user's number or id, or the group
  state         waiting, running, handled, dead or dropped
  attempt       how many attempts were made to handle it
  body          the element as received
  received_at   2026-01-31T12:00:01.250Z
  due_at        when it is tried again
  settled_at    when it was handled, given up or dropped
  failure       why the last attempt failed
  nth           its place among the events of its delivery
  fingerprint   a digest of what identifies duplicates
  delivery      the number of the first event of its delivery
  raw           with that event: the whole body of the delivery

`kaleyra-wa inbox import` takes all of it over into another store.

Examples:
  kaleyra-wa inbox export bot.db --json > events.jsonl")]
pub(super) struct Export {
    /// The file, unless it is given elsewhere
    #[arg(value_name = "FILE")]
    file: Option<String>,
}

impl Export {
    pub(super) async fn run(self, files: Files, json: bool) -> Result<(), Exit> {
        let (file, _) = files.split(self.file.into_iter().collect())?;
        export(&*attach(&file).await?, json).await
    }
}

/// Page by page, so that a large file needs no more memory than a small one.
async fn export(store: &dyn InboxStore, json: bool) -> Result<(), Exit> {
    let mut query = EventQuery::new().with_bodies();
    let mut last: Option<(Bytes, Option<Callback>)> = None;
    let mut delivery = 0;
    loop {
        let page = store.events(query.clone()).await.or_exit()?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        query = query.after(end.id);
        let mut lines = Vec::new();
        for record in &page {
            // Events that came in one delivery share its body.
            let is_same = last.as_ref().is_some_and(|(raw, _)| {
                record
                    .raw
                    .as_ref()
                    .is_some_and(|it| it.as_ptr() == raw.as_ptr())
            });
            if !is_same {
                last = record.raw.clone().map(|raw| (raw, callback_of(record)));
                delivery = record.id.get();
            }
            let callback = last.as_ref().filter(|_| record.raw.is_some());
            let callback = callback.and_then(|(_, callback)| callback.as_ref());
            if json {
                let line = Line::json(&ExportedJson::of(record, callback, delivery));
                lines.push(line.map_err(Exit::failed)?);
            } else {
                lines.push(listed(record));
                let event = callback.and_then(|it| Some((it, it.event(record.nth as usize)?)));
                if let Some((callback, event)) = event {
                    let came = record.received_at.unwrap_or_default().into();
                    lines.extend(text_lines(callback, &event, came));
                }
            }
        }
        say_all(lines)?;
    }
}

/// The number of an event.
pub(super) fn event_id(text: &str) -> Result<EventId, Exit> {
    let number = text.parse::<i64>().ok().filter(|number| *number > 0);
    number.map(EventId::new).ok_or_else(|| {
        Exit::bad_input(format!(
            "`{text}` is no number of an event: `kaleyra-wa inbox list` has them"
        ))
    })
}
