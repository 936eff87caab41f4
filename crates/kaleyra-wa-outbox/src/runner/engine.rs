//! The loop: what is due goes out as fast as it may, and no faster.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::campaign::{CampaignId, CampaignState};
use kaleyra_wa_store::outbox::{Flown, Hold, Resume, Scope, Takeoff};
use kaleyra_wa_store::{Change, Changes, Moment, StoreError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::budget::Budget;
use super::campaigns::Campaigns;
use super::flight::{Landed, Pilot};
use super::observe;
use super::pace::Pace;
use super::pairs::Pairs;
use super::verdict::Sign;
use crate::OutboxError;
use crate::outbox::Parts;

/// How often is looked at what is in doubt, and at the clock.
const TICK: Duration = Duration::from_secs(10);
/// How long it is waited at most before the next look, whatever the clock says.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// How many times in a row the server has to say "too fast" before everything is paused.
const TOO_FAST: u32 = 3;
/// When a queue is looked through from its start again whose end was looked at.
const REVISIT: Duration = Duration::from_millis(20);
/// The pause then.
const TOO_FAST_PAUSE: Duration = Duration::from_secs(60);
/// How many outcomes in a row have to prove nothing before one message at a time goes ahead.
const UNCLEAR: u32 = 3;
/// The longest pause while the server can't be reached, or its responses prove nothing.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);

pub(super) struct Engine {
    pilot: Arc<Pilot>,
    stopped: watch::Receiver<bool>,
    queued: watch::Receiver<u64>,
    told: mpsc::Receiver<Told>,
    flights: JoinSet<Landed>,
    pace: Pace,
    pairs: Pairs,
    budget: Option<Budget>,
    campaigns: Campaigns,
    /// How often in a row the server said that it is too fast.
    too_fast: u32,
    /// How often in a row an outcome proved nothing.
    unclear: u32,
    /// How often in a row it could not be reached or understood, and when it is tried again.
    unreachable: (u32, Instant),
    /// Where the looks for messages of no campaign, and of each campaign, go on.
    resume: HashMap<Option<CampaignId>, Resume>,
    next_tick: Instant,
    /// The time at the last tick: it may have gone back since.
    last_time: Moment,
}

/// What a look for work gave.
#[derive(Default)]
struct Look {
    /// When there may be something to do that nothing else tells.
    wake_at: Option<Instant>,
    /// There is more to do at once.
    is_more: bool,
}

impl Look {
    fn wake(&mut self, at: Instant) {
        self.wake_at = Some(self.wake_at.map_or(at, |before| before.min(at)));
    }
}

/// What changes in the store mean for the loop.
enum Told {
    TooFast,
    Campaigns,
}

/// Listens to the store on a task of its own: most of what it tells is about messages that just landed here.
fn listen(mut changes: Changes) -> mpsc::Receiver<Told> {
    let (sender, told) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            let change = tokio::select! {
                change = changes.next() => change,
                () = sender.closed() => return,
            };
            let told = match change {
                Some(Change::Message {
                    code: Some(code), ..
                }) if code == "130429" => Told::TooFast,
                Some(Change::Campaign { .. } | Change::Missed(_)) => Told::Campaigns,
                Some(_) => continue,
                None => return,
            };
            // Where several wait, one more says nothing new.
            let _ = sender.try_send(told);
        }
    });
    told
}

impl Engine {
    pub(super) async fn new(
        parts: &Parts,
        sender: String,
        stopped: watch::Receiver<bool>,
    ) -> Result<Self, OutboxError> {
        let now = Instant::now();
        let (store, settings) = (Arc::clone(&parts.store), parts.settings.clone());
        let budget = match settings.daily_limit {
            Some(limit) => {
                let since = Budget::since(store.time());
                Some(Budget::new(limit, store.initiated(&sender, since).await?))
            }
            None => None,
        };
        Ok(Self {
            stopped,
            queued: store.watch_sends(),
            told: listen(store.send_changes()),
            flights: JoinSet::new(),
            pace: Pace::new(settings.rate, now),
            pairs: Pairs::new(settings.pair),
            budget,
            campaigns: Campaigns::new(),
            too_fast: 0,
            unclear: 0,
            resume: HashMap::new(),
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
    }

    fn is_stopped(&self) -> bool {
        // Who could stop it may be gone as well.
        *self.stopped.borrow() || self.stopped.has_changed().is_err()
    }

    /// Sends what may go out now.
    async fn look(&mut self) -> Result<Look, StoreError> {
        let mut look = Look::default();
        let now = Instant::now();
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
        for (nth, id) in lanes.iter().enumerate() {
            // Each gets its share of what is left, and the last all of it.
            let share = lanes.len() - nth;
            self.take_off(Some((*id, share)), &mut look).await?;
        }
        Ok(look)
    }

    /// Looks after what is in doubt.
    async fn tick(&mut self) -> Result<(), StoreError> {
        let store = &self.pilot.store;
        let now = store.time();
        if now + Duration::from_secs(1) < self.last_time {
            tracing::warn!("the clock was set back");
            store.recover_sends().await?;
        }
        self.last_time = now;
        let doubts = store.resolve(self.pilot.settings.unresolved_after).await?;
        if !doubts.unresolved.is_empty() {
            let sends = doubts.unresolved.len();
            tracing::warn!(sends, "nothing proves whether these messages were sent");
        }
        Ok(())
    }

    /// How many may take off now.
    fn room(&mut self, look: &mut Look, now: Instant) -> usize {
        let (failures, try_at) = self.unreachable;
        if failures > 0 {
            // One goes ahead to see whether there is a way again.
            if now < try_at {
                look.wake(try_at);
                return 0;
            }
            return usize::from(self.flights.is_empty());
        }
        let free = self
            .pilot
            .settings
            .in_flight
            .saturating_sub(self.flights.len());
        let available = self.pace.available(now);
        if available == 0 && free > 0 {
            look.wake(self.pace.next());
        }
        free.min(available)
    }

    async fn take_off(
        &mut self,
        campaign: Option<(CampaignId, usize)>,
        look: &mut Look,
    ) -> Result<(), StoreError> {
        let (now, time) = (Instant::now(), self.pilot.store.time());
        let mut limit = self.room(look, now);
        if let Some((id, share)) = campaign {
            let Some(lane) = self.campaigns.running.get_mut(&id) else {
                return Ok(());
            };
            if let Some(end) = lane.quiet_until(time) {
                look.wake(now + end.since(time).min(LONGEST_SLEEP));
                return Ok(());
            }
            limit = limit.div_ceil(share.max(1));
            if let Some(pace) = &mut lane.pace {
                limit = limit.min(pace.available(now));
                look.wake(pace.next().max(now + Duration::from_millis(1)));
            }
            if let Some(budget) = &mut self.budget {
                limit = limit.min(budget.left(time));
                if limit == 0
                    && let Some(next) = budget.next()
                {
                    look.wake(now + next.since(time).min(LONGEST_SLEEP));
                }
            }
        }
        if limit == 0 {
            return Ok(());
        }
        let mut takeoff = Takeoff::new(&self.pilot.sender, limit);
        takeoff.busy = self.pairs.busy(now);
        takeoff.assume_open_window = self.pilot.settings.assume_open_window;
        takeoff.resume = self.resume.remove(&campaign.map(|(id, _)| id));
        let is_resumed = takeoff.resume.is_some();
        if !takeoff.busy.is_empty() {
            look.wake(now + Duration::from_millis(500));
        }
        if let Some((id, _)) = campaign {
            takeoff = takeoff.campaign(id);
        }
        let flown = self.pilot.store.fly(takeoff).await?;
        if let Some(resume) = flown.resume {
            self.resume.insert(campaign.map(|(id, _)| id), resume);
        } else if is_resumed && flown.hold.is_none() {
            // What has become free before the place where this look began is found by another from the start.
            look.wake(now + REVISIT);
        }
        self.depart(campaign.map(|(id, _)| id), flown, look, now, time);
        Ok(())
    }

    fn depart(
        &mut self,
        campaign: Option<CampaignId>,
        flown: Flown,
        look: &mut Look,
        now: Instant,
        time: Moment,
    ) {
        if let Some(Hold::Paused(pause)) = &flown.hold
            && let Some(until) = pause.until
        {
            look.wake(now + until.since(time).min(LONGEST_SLEEP));
        }
        if flown.hold.is_some() {
            return;
        }
        if let Some(next_at) = flown.next_at {
            look.wake(now + next_at.since(time).min(LONGEST_SLEEP));
        }
        let mut template = None;
        if let Some(lane) = campaign.and_then(|id| self.campaigns.running.get_mut(&id)) {
            if let Some(pace) = &mut lane.pace {
                pace.take(flown.flights.len());
            }
            let is_empty = flown.flights.is_empty() && !flown.is_more && flown.next_at.is_none();
            lane.is_drained |= is_empty;
            template = campaign.map(|id| (id, Arc::clone(&lane.template)));
        }
        // Where it was full, what is free next tells when there is room again.
        look.is_more |= flown.is_more && flown.flights.is_empty();
        self.pace.take(flown.flights.len());
        for flight in flown.flights {
            self.pairs.take(&flight.conversation, now);
            if flight.is_initiated
                && let Some(budget) = &mut self.budget
            {
                budget.begin(&flight.conversation, time);
            }
            let pilot = Arc::clone(&self.pilot);
            self.flights.spawn(pilot.fly(flight, template.clone()));
        }
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

    /// What a message's outcome means for the others.
    async fn learn(&mut self, landed: Landed) {
        let now = Instant::now();
        match landed.sign {
            Sign::Unclear => self.unclear = self.unclear.saturating_add(1),
            _ => self.unclear = 0,
        }
        let is_silent = match landed.sign {
            Sign::Unreachable => true,
            Sign::Unclear => self.unclear >= UNCLEAR,
            _ => false,
        };
        if !is_silent {
            self.unreachable.0 = 0;
        }
        if !matches!(landed.sign, Sign::TooFast { .. } | Sign::Unreachable) {
            self.too_fast = 0;
        }
        if let Some(lane) = landed
            .campaign
            .and_then(|id| self.campaigns.running.get_mut(&id))
        {
            // It may have been the last.
            lane.is_drained |= self.flights.is_empty();
        }
        match landed.sign {
            Sign::Clear | Sign::Silent | Sign::WindowClosed | Sign::OptedOut => {}
            Sign::UserBusy => self.pairs.exhaust(&landed.conversation, now),
            Sign::TooFast { wait } => {
                self.pace.halve(now);
                self.too_fast += 1;
                if self.too_fast >= TOO_FAST {
                    self.too_fast = 0;
                    let wait = wait.unwrap_or_default().max(TOO_FAST_PAUSE);
                    let why = "429: the number sends faster than it may";
                    self.pause(None, Scope::Sender, why, Some(wait)).await;
                }
            }
            Sign::Unreachable | Sign::Unclear if !is_silent => {}
            sign @ (Sign::Unreachable | Sign::Unclear) => {
                let (failures, _) = self.unreachable;
                // What was in flight at the same time says the same once.
                if failures == 0 || self.flights.is_empty() {
                    let (first, longest) = self.pilot.settings.backoff;
                    let wait = first.saturating_mul(1 << failures.min(16));
                    let wait = wait.min(longest).min(LONGEST_SILENCE);
                    self.unreachable = (failures.saturating_add(1), now + wait);
                    // Each message that goes ahead now may be lost or not: that is to be seen.
                    if sign == Sign::Unclear {
                        let why = "the server's responses don't tell whether messages are sent";
                        self.pause(None, Scope::Sender, why, Some(wait)).await;
                    }
                }
            }
            Sign::Trouble { scope, why, wait } => {
                self.pause(landed.campaign, scope, &why, wait).await;
            }
        }
    }

    /// Stops what every other message would fail at.
    async fn pause(
        &mut self,
        campaign: Option<CampaignId>,
        scope: Scope,
        why: &str,
        wait: Option<Duration>,
    ) {
        let store = &self.pilot.store;
        let paused = match (scope, campaign) {
            (Scope::Template, Some(id)) => {
                observe::paused(why, "campaign");
                let (from, to) = ([CampaignState::Running], CampaignState::Paused);
                let moved = store.move_campaign(id, &from, to, Some(why)).await;
                moved.map(drop)
            }
            // A message of its own waits for its next attempt, and others go on.
            (Scope::Template, None) => Ok(()),
            _ => {
                observe::paused(why, "sender");
                let until = wait.map(|wait| store.time() + wait);
                store.pause_sender(&self.pilot.sender, why, until).await
            }
        };
        if let Err(error) = paused {
            tracing::error!(%error, "a pause could not be noted");
        }
        self.campaigns.look_again();
    }
}
