//! The loop of the outbox: looks for what is due, waits for what may make something due, and learns from what landed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::Takeoff;
use kaleyra_wa_store::{CampaignStore, Moment, StoreError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::budget::Budget;
use super::campaigns::Campaigns;
use super::flight::{Landed, Pilot};
use super::observe;
use super::pace::Pace;
use super::pairs::Pairs;
use super::scan::Scan;
use super::takeoff::Look;
use super::told::{Told, listen};
use crate::OutboxError;
use crate::outbox::Parts;

/// How often is looked at what is in doubt.
const TICK: Duration = Duration::from_secs(10);
/// How long it is waited at most before the next look, whatever the clock says.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(60);

pub(super) struct Engine {
    pub(super) pilot: Arc<Pilot>,
    stopped: watch::Receiver<bool>,
    pub(super) queued: watch::Receiver<u64>,
    told: mpsc::Receiver<Told>,
    pub(super) flights: JoinSet<Landed>,
    pub(super) pace: Pace,
    pub(super) pairs: Pairs,
    pub(super) budget: Option<Budget>,
    /// Another process sent until now, and what it sent was not read yet.
    pub(super) has_taken_over: bool,
    pub(super) campaigns: Campaigns,
    /// How often in a row the server said that it is too fast.
    pub(super) too_fast: u32,
    /// How often in a row an outcome proved nothing.
    pub(super) unclear: u32,
    /// How often in a row it could not be reached or understood, and when it is tried again.
    pub(super) unreachable: (u32, Instant),
    /// The looks for messages of no campaign, and of each campaign.
    pub(super) scans: HashMap<Option<CampaignId>, Scan>,
    next_tick: Instant,
    /// The time at the last look: it may have gone back since.
    last_time: Moment,
}

impl Engine {
    pub(super) async fn new(
        parts: &Parts,
        sender: String,
        stopped: watch::Receiver<bool>,
    ) -> Result<Self, OutboxError> {
        let now = Instant::now();
        let (store, settings) = (Arc::clone(&parts.store), parts.settings.clone());
        if settings.daily_limit.is_some() {
            // Nothing is taken, but the right to send where nobody has it: what is read after that is all that was sent.
            store.fly(Takeoff::new(&sender, 0)).await?;
        }
        let budget = budget(&*store, &sender, settings.daily_limit).await?;
        Ok(Self {
            stopped,
            queued: store.watch_sends(),
            told: listen(store.send_changes()),
            flights: JoinSet::new(),
            pace: Pace::new(settings.rate, now),
            pairs: Pairs::new(settings.pair),
            budget,
            has_taken_over: false,
            campaigns: Campaigns::new(),
            too_fast: 0,
            unclear: 0,
            scans: HashMap::new(),
            unreachable: (0, now),
            next_tick: now,
            last_time: store.time(),
            pilot: Arc::new(Pilot {
                client: parts.client.clone(),
                store,
                settings,
                sender,
            }),
        })
    }

    /// Reads again what was sent, since another process did until now.
    pub(super) async fn take_over(&mut self) -> Result<(), StoreError> {
        let Pilot {
            store,
            settings,
            sender,
            ..
        } = &*self.pilot;
        self.budget = budget(&**store, sender, settings.daily_limit).await?;
        self.has_taken_over = false;
        Ok(())
    }

    /// Sends until it is stopped, and then waits for what is in flight.
    pub(super) async fn run(mut self) {
        while !self.is_stopped() {
            self.queued.borrow_and_update();
            let look = match self.look().await {
                Ok(look) => look,
                Err(error) => {
                    tracing::warn!(%error, "the outbox can't work with its store for now");
                    let mut look = Look::default();
                    look.wake(Instant::now() + Duration::from_secs(1));
                    look
                }
            };
            observe::gauges(self.flights.len(), self.pace.rate());
            if look.is_more {
                self.gather_landed().await;
                tokio::task::yield_now().await;
            } else {
                self.wait(look.wake_at).await;
            }
        }
        while let Some(landed) = self.flights.join_next().await {
            if let Ok(landed) = landed {
                self.learn(landed).await;
            }
        }
        let Pilot { store, sender, .. } = &*self.pilot;
        if let Err(error) = store.end_sending(sender).await {
            tracing::debug!(%error, "the store could not be told that nothing is sent any more");
        }
    }

    fn is_stopped(&self) -> bool {
        // Who could stop it may be gone as well.
        *self.stopped.borrow() || self.stopped.has_changed().is_err()
    }

    /// Sends what may go out now.
    async fn look(&mut self) -> Result<Look, StoreError> {
        let mut look = Look::default();
        let now = Instant::now();
        self.watch_clock().await?;
        if now >= self.next_tick {
            self.tick().await?;
            self.next_tick = now + TICK;
        }
        look.wake(self.next_tick);
        let store = Arc::clone(&self.pilot.store);
        self.campaigns
            .refresh(&*store, &self.pilot.sender, now)
            .await?;
        look.is_more |= self.campaigns.settle(&*store).await?;
        look.wake(self.campaigns.next_look());

        self.take_off(None, &mut look).await?;
        let lanes: Vec<CampaignId> = self.campaigns.running.keys().copied().collect();
        self.scans
            .retain(|lane, _| lane.is_none_or(|id| self.campaigns.running.contains_key(&id)));
        for (nth, id) in lanes.iter().enumerate() {
            // Each gets its share of what is left, and the last all of it.
            let share = lanes.len() - nth;
            self.take_off(Some((*id, share)), &mut look).await?;
        }
        Ok(look)
    }

    /// Puts right what a clock that was set back makes wrong.
    async fn watch_clock(&mut self) -> Result<(), StoreError> {
        let now = self.pilot.store.time();
        if now + Duration::from_secs(1) < self.last_time {
            tracing::warn!("the clock was set back");
            self.pilot.store.recover_sends().await?;
        }
        self.last_time = now;
        Ok(())
    }

    /// Looks after what is in doubt.
    async fn tick(&mut self) -> Result<(), StoreError> {
        let store = &self.pilot.store;
        let doubts = store.resolve(self.pilot.settings.unresolved_after).await?;
        if !doubts.unresolved.is_empty() {
            let sends = doubts.unresolved.len();
            tracing::warn!(sends, "nothing proves whether these messages were sent");
        }
        observe::backlog(&**store, &self.pilot.sender).await
    }

    /// Waits until something may have to be done.
    async fn wait(&mut self, wake_at: Option<Instant>) {
        let wake_at = wake_at.unwrap_or_else(|| Instant::now() + LONGEST_SLEEP);
        tokio::select! {
            biased;
            _ = self.stopped.changed() => {}
            Some(landed) = self.flights.join_next() => {
                if let Ok(landed) = landed {
                    self.learn(landed).await;
                }
                self.gather_landed().await;
            }
            Some(told) = self.told.recv() => match told {
                Told::TooFast => self.pace.halve(Instant::now()),
                Told::Campaigns => self.campaigns.look_again(),
            },
            // Nobody is left to tell it where the store is gone; then the looks fail, and say so.
            Ok(()) = self.queued.changed() => {}
            () = tokio::time::sleep_until(wake_at) => {}
        }
    }

    /// What landed as well by now, so that all of it makes room at once.
    async fn gather_landed(&mut self) {
        while let Some(landed) = self.flights.try_join_next() {
            if let Ok(landed) = landed {
                self.learn(landed).await;
            }
        }
    }
}

/// To how many users a conversation may still be begun today, by all that was sent.
async fn budget(
    store: &dyn CampaignStore,
    sender: &str,
    limit: Option<u32>,
) -> Result<Option<Budget>, StoreError> {
    let Some(limit) = limit else { return Ok(None) };
    let since = Budget::since(store.time());
    Ok(Some(Budget::new(
        limit,
        store.initiated(sender, since).await?,
    )))
}
