//! `kaleyra-wa outbox resend`, `cancel`, `resume` and `adopt`.

use clap::{Args, ValueEnum};
use kaleyra_wa_store::SqliteStore;
use kaleyra_wa_store::outbox::{Adoption, OutboxStore, SendId, Wish};
use serde_json::json;

use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::say;

#[derive(Args)]
pub(super) struct Resend {
    /// Their numbers, as `outbox list` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
}

impl Resend {
    pub(super) async fn run(self, store: &SqliteStore, json: bool) -> Result<(), Exit> {
        each(&self.ids, json, "queued again as", async |id| {
            store.resend(id).await
        })
        .await
    }
}

#[derive(Args)]
pub(super) struct Cancel {
    /// Their numbers, as `outbox list` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
}

impl Cancel {
    pub(super) async fn run(self, store: &SqliteStore, json: bool) -> Result<(), Exit> {
        each(&self.ids, json, "cancelled", async |id| {
            store.cancel(id).await
        })
        .await
    }
}

async fn each(
    ids: &[i64],
    json: bool,
    done: &str,
    wish: impl AsyncFn(SendId) -> Result<Wish, kaleyra_wa_store::StoreError>,
) -> Result<(), Exit> {
    let mut is_refused = false;
    for id in ids {
        let outcome = wish(SendId::new(*id)).await.map_err(Exit::failed)?;
        let (told, value) = match outcome {
            Wish::Done(other) if other.get() != *id => (
                format!("{id}: {done} {other}"),
                json!({"id": id, "done": true, "new_id": other.get()}),
            ),
            Wish::Done(_) => (format!("{id}: {done}"), json!({"id": id, "done": true})),
            Wish::Refused(state) => (
                format!("{id}: not possible, it is {state}"),
                json!({"id": id, "done": false, "state": state.as_str()}),
            ),
            _ => (
                format!("{id}: there is no such message"),
                json!({"id": id, "done": false}),
            ),
        };
        is_refused |= !matches!(outcome, Wish::Done(_));
        if json {
            say(Line::json(&value).map_err(Exit::failed)?)?;
        } else {
            say(Line::new(told))?;
        }
    }
    if is_refused {
        return Err(Exit::failed("not all of it could be done"));
    }
    Ok(())
}

/// Resumes every sender that is paused.
pub(super) async fn resume(store: &SqliteStore, json: bool) -> Result<(), Exit> {
    let stats = store.outbox_stats().await.map_err(Exit::failed)?;
    let mut resumed = 0;
    for pause in &stats.paused {
        let was_paused = store.resume_sender(&pause.sender).await;
        resumed += u32::from(was_paused.map_err(Exit::failed)?);
    }
    if json {
        return say(Line::json(&json!({"resumed": resumed})).map_err(Exit::failed)?);
    }
    say(Line::new(match resumed {
        0 => "nothing was paused".to_owned(),
        _ => "it sends again".to_owned(),
    }))
}

#[derive(Args)]
pub(super) struct Adopt {
    /// What is queued: `uncertain` where it may have been sent since the backup, `queued` where nothing was
    #[arg(long = "as", value_name = "AS")]
    adoption: As,
}

#[derive(Clone, Copy, ValueEnum)]
enum As {
    /// It may have been sent: callbacks prove it, or a person sends it again
    Uncertain,
    /// It was not sent, and is to be
    Queued,
}

impl Adopt {
    pub(super) async fn run(self, store: &SqliteStore, json: bool) -> Result<(), Exit> {
        let adoption = match self.adoption {
            As::Uncertain => Adoption::Uncertain,
            As::Queued => Adoption::Queued,
        };
        let uncertain = store.adopt(adoption).await.map_err(Exit::failed)?;
        if json {
            return say(Line::json(&json!({"uncertain": uncertain})).map_err(Exit::failed)?);
        }
        say(Line::new(format!(
            "adopted; {uncertain} messages are uncertain"
        )))
    }
}
