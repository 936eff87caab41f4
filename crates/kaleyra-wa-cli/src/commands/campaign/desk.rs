//! `kaleyra-wa campaign pause`, `resume`, `cancel`, `status` and `report`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_outbox::{Campaign, Outbox};
use kaleyra_wa_store::campaign::{CampaignRecord, CampaignState};
use kaleyra_wa_store::outbox::{OutboxStore, Pause as NumberPause, SendState};
use kaleyra_wa_store::{CampaignStore, SqliteStore};
use serde_json::{Map, Value, json};

use super::held::paused;
use crate::commands::outbox::{StoreFile, desk, or_exit, time};
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::{note, say, say_all};
use crate::show::words::counted;

/// The campaign of this name, and the outbox that it is asked through.
pub(super) async fn named(store: SqliteStore, name: &str) -> Result<(Outbox, Campaign), Exit> {
    let outbox = desk(store)?;
    let found = or_exit(outbox.campaign(name).await)?;
    let campaign = found.ok_or_else(|| Exit::bad_input("there is no campaign of this name"))?;
    Ok((outbox, campaign))
}

#[derive(Args)]
pub(super) struct Pause {
    /// Its name
    name: String,
}

impl Pause {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let (_, campaign) = named(file.attach()?, &self.name).await?;
        if !or_exit(campaign.pause("by a person").await)? {
            return Err(Exit::failed("it does not run"));
        }
        told(&campaign, json).await
    }
}

#[derive(Args)]
pub(super) struct Resume {
    /// Its name
    name: String,
}

impl Resume {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let store = file.attach()?;
        let (_, campaign) = named(store.clone(), &self.name).await?;
        or_exit(campaign.run().await)?;
        let lifted = lift(&store, campaign.record()).await?;
        if json {
            let mut value = as_json(&or_exit(campaign.status().await)?);
            value["lifted"] = json!(
                lifted
                    .as_ref()
                    .map(|it| json!({"why": it.why, "also": it.also}))
            );
            return say(Line::json(&value).map_err(Exit::failed)?);
        }
        told(&campaign, json).await?;
        match lifted {
            Some(lifted) => say(lifted.line()),
            None => Ok(()),
        }
    }
}

/// A number's pause that was lifted.
struct Lifted {
    why: String,
    /// The other campaigns that it had stopped as well.
    also: Vec<String>,
}

impl Lifted {
    fn line(&self) -> Line {
        let also = match self.also.as_slice() {
            [] => String::new(),
            names => format!("; {} may go on as well", names.join(", ")),
        };
        Line::new(format!("the number's pause is lifted ({}){also}", self.why))
    }
}

/// The pause of a campaign's number, as long as that keeps the campaign from going on.
async fn pause_of(
    store: &SqliteStore,
    record: &CampaignRecord,
) -> Result<Option<NumberPause>, Exit> {
    if matches!(record.state, CampaignState::Done | CampaignState::Cancelled) {
        return Ok(None);
    }
    let stats = store.outbox_stats().await.map_err(Exit::failed)?;
    let mut paused = stats.paused.into_iter();
    Ok(paused.find(|it| it.sender == record.sender))
}

/// Lifts the pause of the campaign's number: what stopped every message stopped this campaign's, too.
async fn lift(store: &SqliteStore, record: &CampaignRecord) -> Result<Option<Lifted>, Exit> {
    let Some(pause) = pause_of(store, record).await? else {
        return Ok(None);
    };
    let was_paused = store.resume_sender(&record.sender).await;
    if !was_paused.map_err(Exit::failed)? {
        return Ok(None);
    }
    let all = store.campaigns().await.map_err(Exit::failed)?;
    let also = all.into_iter().filter(|other| {
        other.id != record.id
            && other.sender == record.sender
            && other.state == CampaignState::Running
    });
    Ok(Some(Lifted {
        why: pause.why,
        also: also.map(|other| other.name).collect(),
    }))
}

#[derive(Args)]
pub(super) struct Cancel {
    /// Its name
    name: String,
}

impl Cancel {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let (_, campaign) = named(file.attach()?, &self.name).await?;
        if !or_exit(campaign.cancel().await)? {
            return Err(Exit::failed("it is done or cancelled already"));
        }
        told(&campaign, json).await
    }
}

#[derive(Args)]
pub(super) struct Status {
    /// Its name; without it, all campaigns
    name: Option<String>,
}

impl Status {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let store = file.attach()?;
        if let Some(name) = self.name {
            let (_, campaign) = named(store.clone(), &name).await?;
            let record = or_exit(campaign.status().await)?;
            return show_with(&record, pause_of(&store, &record).await?.as_ref(), json);
        }
        let all = store.campaigns().await.map_err(Exit::failed)?;
        for record in &all {
            show_with(record, pause_of(&store, record).await?.as_ref(), json)?;
        }
        Ok(())
    }
}

#[derive(Args)]
pub(super) struct Report {
    /// Its name
    name: String,
    /// Where to write it; standard output by default
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Report {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let (_, campaign) = named(file.attach()?, &self.name).await?;
        let Some(path) = self.to else {
            let mut told = Told::default();
            let written = campaign.report(&mut told).await;
            if let Some(exit) = told.ended {
                return Err(exit);
            }
            or_exit(written)?;
            return told.end();
        };
        let written = std::fs::File::create_new(&path)
            .map_err(|error| Exit::bad_input(format!("the report can't be written: {error}")))?;
        let report = or_exit(campaign.report(io::BufWriter::new(written)).await)?;
        if json {
            let value = json!({"recipients": report.recipients, "bad": report.bad, "copies": report.copies});
            return say(Line::json(&value).map_err(Exit::failed)?);
        }
        note(format!(
            "{}, {}",
            counted(report.recipients, "recipient"),
            counted(report.bad, "bad line")
        ));
        Ok(())
    }
}

/// A file whose lines are said, as it grows.
#[derive(Default)]
struct Told {
    kept: Vec<u8>,
    /// Why nothing more can be said.
    ended: Option<Exit>,
}

impl Told {
    /// How many bytes are said at once.
    const CHUNK: usize = 64 * 1024;

    fn say(&mut self) -> Result<(), Exit> {
        let end = self.kept.iter().rposition(|byte| *byte == b'\n');
        let whole: Vec<u8> = self.kept.drain(..end.map_or(0, |end| end + 1)).collect();
        say_all(String::from_utf8_lossy(&whole).lines().map(Line::new))
    }

    fn end(mut self) -> Result<(), Exit> {
        if !self.kept.is_empty() && !self.kept.ends_with(b"\n") {
            self.kept.push(b'\n');
        }
        self.say()
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.kept.extend_from_slice(bytes);
        if self.kept.len() >= Self::CHUNK
            && let Err(exit) = self.say()
        {
            self.ended = Some(exit);
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Says how far it is.
pub(super) async fn told(campaign: &Campaign, json: bool) -> Result<(), Exit> {
    show(&or_exit(campaign.status().await)?, json)
}

/// What is known of it, as JSON.
pub(super) fn as_json(record: &CampaignRecord) -> Value {
    let counts: Map<String, Value> = SendState::ALL
        .into_iter()
        .map(|state| (state.to_string(), json!(record.count(state))))
        .collect();
    json!({
        "campaign": record.name,
        "state": record.state.as_str(),
        "why": record.why,
        "recipients": record.recipients(),
        "bad": record.bad,
        "counts": counts,
        "rate": record.rate,
        "quiet": record.quiet,
        "made_at": time(record.made_at),
        "ended_at": record.ended_at.map(time),
    })
}

pub(super) fn show(record: &CampaignRecord, json: bool) -> Result<(), Exit> {
    show_with(record, None, json)
}

/// The same, with the pause of its number.
fn show_with(record: &CampaignRecord, pause: Option<&NumberPause>, json: bool) -> Result<(), Exit> {
    if json {
        let mut value = as_json(record);
        value["number_paused"] = json!(pause.map(|pause| {
            json!({"why": pause.why, "since": time(pause.since), "until": pause.until.map(time)})
        }));
        if let (Some(pause), None) = (pause, &record.why) {
            value["why"] = json!(pause.why);
        }
        return say(Line::json(&value).map_err(Exit::failed)?);
    }
    let why = record
        .why
        .as_ref()
        .map_or_else(String::new, |why| format!(" ({why})"));
    let mut lines = vec![Line::new(format!("{}: {}{why}", record.name, record.state))];
    for state in SendState::ALL {
        if record.count(state) > 0 {
            lines.push(Line::new(format!("{:>9}  {state}", record.count(state))));
        }
    }
    let bad = if record.bad == 1 {
        "bad line"
    } else {
        "bad lines"
    };
    lines.push(Line::new(format!("{:>9}  {bad}", record.bad)));
    if let Some(pause) = pause {
        lines.push(Line::new(format!(
            "its number is {}",
            paused(pause, &record.name)
        )));
    }
    say_all(lines)
}
