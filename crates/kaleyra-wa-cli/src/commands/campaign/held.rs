//! Why nothing of a campaign is being sent: what passes by itself, and what only a person can lift.

use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;
use kaleyra_wa_outbox::{Outbox, QuietHours};
use kaleyra_wa_store::campaign::CampaignRecord;
use kaleyra_wa_store::outbox::{OutboxStore as _, Pause};
use kaleyra_wa_store::{Clock as _, Moment, SqliteStore, SystemClock};
use kaleyra_wa_transport::{
    Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};

use crate::commands::outbox::{or_exit, time};
use crate::commands::post::why as why_not;
use crate::exit::Exit;
use crate::show::output::note;
use crate::show::words::counted;

/// Since when the server can't be reached, and why.
#[derive(Clone, Default)]
pub(super) struct Reach(Arc<Mutex<Option<(Moment, String)>>>);

/// A transport that notes whether the server can be reached.
pub(super) struct Noted<T> {
    pub(super) inner: T,
    pub(super) reach: Reach,
}

#[async_trait]
impl<T: Transport> Transport for Noted<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let outcome = self.inner.execute(request).await;
        let mut lost = self.reach.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Ok(_) => *lost = None,
            Err(error) if error.kind() == TransportErrorKind::Connect => {
                let since = lost
                    .take()
                    .map_or_else(|| SystemClock.now(), |(since, _)| since);
                *lost = Some((since, why_not(error)));
            }
            Err(_) => {}
        }
        drop(lost);
        outcome
    }
}

impl Reach {
    /// Since when there is no connection, and why.
    fn told(&self) -> Option<(Moment, String)> {
        let lost = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone()
    }
}

/// Why nothing is sent, as it was told last.
#[derive(Default)]
pub(super) struct Held {
    told: String,
    reach: Reach,
    daily_limit: Option<u32>,
}

impl Held {
    pub(super) fn new(reach: Reach, daily_limit: Option<u32>) -> Self {
        Self {
            reach,
            daily_limit,
            ..Self::default()
        }
    }

    /// Says why nothing is sent, each time that the reason is another, and in the bar as long as it lasts. Gives the pause
    /// that only a person can lift.
    pub(super) async fn look(
        &mut self,
        (outbox, store): (&Outbox, &SqliteStore),
        status: &CampaignRecord,
        bar: &ProgressBar,
    ) -> Result<Option<Pause>, Exit> {
        let pause = or_exit(outbox.paused().await)?;
        let why = match &pause {
            Some(pause) => paused(pause, &status.name),
            None => self.waits(store, status).await?,
        };
        if why != self.told {
            bar.set_message(why.clone());
            if !why.is_empty() {
                bar.suspend(|| note(why.as_str()));
            }
            self.told = why;
        }
        Ok(pause.filter(|pause| pause.until.is_none()))
    }

    /// What it waits for without a pause; nothing where it sends.
    async fn waits(&self, store: &SqliteStore, status: &CampaignRecord) -> Result<String, Exit> {
        let quiet = status.quiet.as_ref().and_then(|it| it.parse().ok());
        if let Some(end) = quiet.and_then(|it: QuietHours| it.until(SystemClock.now())) {
            return Ok(format!("quiet hours until {}", time(end)));
        }
        if let Some((since, why)) = self.reach.told() {
            return Ok(format!(
                "no connection since {}, retrying: {why}",
                time(since)
            ));
        }
        let Some(limit) = self.daily_limit else {
            return Ok(String::new());
        };
        let begun = store
            .initiated(&status.sender, SystemClock.now().before(DAY))
            .await;
        let begun = begun.map_err(Exit::failed)?;
        if begun.len() < limit as usize {
            return Ok(String::new());
        }
        let first = begun.iter().map(|(_, at)| *at).min();
        let until = first.map_or_else(String::new, |first| format!(" until {}", time(first + DAY)));
        Ok(format!(
            "the daily limit of {} is reached{until}; --daily-limit sets it",
            counted(limit.into(), "user")
        ))
    }
}

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// A pause in words: why, and what lifts it.
pub(super) fn paused(pause: &Pause, campaign: &str) -> String {
    match pause.until {
        Some(until) => format!("paused until {}: {}", time(until), pause.why),
        // It does not pass by itself.
        None => format!("paused: {}; {}", pause.why, lift(&pause.why, campaign)),
    }
}

/// What lifts a pause that does not pass by itself.
pub(super) fn lift(why: &str, campaign: &str) -> String {
    // The store says itself what becomes of a restored backup.
    if why.contains("outbox adopt") {
        return "adopt it, and run this again".to_owned();
    }
    format!("fix the cause, then run `kaleyra-wa campaign resume {campaign}` and this again")
}

/// The exit for what only a person can lift. What a server refused has a code in front, or its HTTP status.
pub(super) fn stopped(why: &str, campaign: &str) -> Exit {
    let (code, _) = why.split_once(": ").unwrap_or_default();
    let is_code = code.starts_with("HTTP ")
        || (code.bytes().any(|byte| byte.is_ascii_digit())
            && code
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let message = format!("it is paused: {why}; {}", lift(why, campaign));
    if is_code {
        Exit::refused(message).with_code(code)
    } else {
        Exit::failed(message)
    }
}
