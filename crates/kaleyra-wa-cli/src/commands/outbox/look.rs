//! `kaleyra-wa outbox stats`, `list` and `show`.

use clap::Args;
use kaleyra_wa_store::SqliteStore;
use kaleyra_wa_store::outbox::{OutboxStore, SendId, SendQuery, SendRecord, SendState};
use serde_json::{Map, json};

use super::record::{SendJson, time};
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::values::{count, one_of};

pub(super) async fn stats(store: &SqliteStore, json: bool) -> Result<(), Exit> {
    let stats = store.outbox_stats().await.map_err(Exit::failed)?;
    if json {
        let states: Map<_, _> = SendState::ALL
            .into_iter()
            .map(|state| (state.to_string(), json!(stats.count(state))))
            .collect();
        let paused: Vec<_> = stats
            .paused
            .iter()
            .map(|pause| {
                json!({"sender": pause.sender, "why": pause.why, "since": time(pause.since), "until": pause.until.map(time)})
            })
            .collect();
        let value = json!({
            "states": states,
            "oldest_queued": stats.oldest_queued.map(time),
            "paused": paused,
            "is_restored": stats.is_restored,
            "last_callback": stats.last_callback.map(time),
        });
        return say(Line::json(&value).map_err(Exit::failed)?);
    }
    let mut lines: Vec<Line> = SendState::ALL
        .into_iter()
        .map(|state| Line::new(format!("{:>9}  {state}", stats.count(state))))
        .collect();
    if let Some(oldest) = stats.oldest_queued {
        lines.push(Line::new(format!(
            "the oldest that is queued: {}",
            time(oldest)
        )));
    }
    if let Some(last) = stats.last_callback {
        lines.push(Line::new(format!(
            "the last callback about a message: {}",
            time(last)
        )));
    }
    for pause in &stats.paused {
        let until = pause.until.map_or_else(
            || "until `kaleyra-wa outbox resume`".to_owned(),
            |until| format!("until {}", time(until)),
        );
        lines.push(Line::new(format!("paused {until}: {}", pause.why)));
    }
    if stats.is_restored {
        let told = "restored from a backup: nothing is sent before `kaleyra-wa outbox adopt`";
        lines.push(Line::new(told));
    }
    say_all(lines)
}

#[derive(Args)]
pub(super) struct List {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = one_of::<SendState>(SendState::ALL.map(SendState::as_str)))]
    state: Option<SendState>,
    /// Only those to this user: the digits of the number
    #[arg(long, value_name = "USER")]
    conversation: Option<String>,
    /// Only those after the message of this number
    #[arg(long, value_name = "ID", default_value_t = 0)]
    after: i64,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = count())]
    limit: usize,
}

impl List {
    pub(super) async fn run(self, store: &SqliteStore, json: bool) -> Result<(), Exit> {
        let mut query = SendQuery::new().after(SendId::new(self.after));
        query.state = self.state;
        query.conversation = self.conversation;
        let mut left = self.limit;
        while left > 0 {
            let page = query.clone().limit(left.min(500));
            let page = store.sends(page).await.map_err(Exit::failed)?;
            let Some(last) = page.last() else {
                break;
            };
            query = query.after(last.id);
            left -= page.len();
            let lines = page.iter().map(|send| {
                if json {
                    Line::json(&SendJson::of(send)).map_err(Exit::failed)
                } else {
                    Ok(listed(send))
                }
            });
            say_all(lines.collect::<Result<Vec<_>, Exit>>()?)?;
        }
        Ok(())
    }
}

fn listed(send: &SendRecord) -> Line {
    let stage = send.message.as_ref().and_then(|message| message.stage());
    let stage = stage.map_or_else(String::new, |stage| format!(", {stage}"));
    let reason = send.reason.as_deref().unwrap_or_default();
    let (id, state, key) = (send.id, send.state, &send.key);
    Line::new(format!(
        "{id:>8}  {state}{stage}  {key}  {}  {reason}",
        send.recipient
    ))
}

#[derive(Args)]
pub(super) struct Show {
    /// Its number, its key or its reference
    #[arg(value_name = "MESSAGE")]
    name: String,
}

impl Show {
    pub(super) async fn run(self, store: &SqliteStore, json: bool) -> Result<(), Exit> {
        let by_id = match self.name.parse() {
            Ok(id) => store.send(SendId::new(id)).await.map_err(Exit::failed)?,
            Err(_) => None,
        };
        let found = match by_id {
            Some(found) => Some(found),
            None => store.find_send(&self.name).await.map_err(Exit::failed)?,
        };
        let found = found.ok_or_else(|| Exit::bad_input("there is no such message"))?;
        if json {
            return say(Line::json(&SendJson::of(&found)).map_err(Exit::failed)?);
        }
        crate::commands::track::tell(store, &found.reference).await
    }
}
