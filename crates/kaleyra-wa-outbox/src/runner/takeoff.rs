//! What may go out now: as much as the pace, the users and the day have room for.

use std::sync::Arc;

use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{Flown, Hold, Takeoff};
use kaleyra_wa_store::{Moment, StoreError};
use tokio::time::Instant;

use super::engine::{Engine, LONGEST_SLEEP};
use super::observe;
use super::scan::Scan;

/// What a look for work gave.
#[derive(Default)]
pub(super) struct Look {
    /// When there may be something to do that nothing else tells.
    pub(super) wake_at: Option<Instant>,
    /// There is more to do at once.
    pub(super) is_more: bool,
}

impl Look {
    pub(super) fn wake(&mut self, at: Instant) {
        self.wake_at = Some(self.wake_at.map_or(at, |before| before.min(at)));
    }
}

impl Engine {
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

    pub(super) async fn take_off(
        &mut self,
        campaign: Option<(CampaignId, usize)>,
        look: &mut Look,
    ) -> Result<(), StoreError> {
        if self.has_taken_over {
            self.take_over().await?;
        }
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
                let room = pace.available(now);
                if room == 0 {
                    look.wake(pace.next());
                }
                limit = limit.min(room);
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
        if let Some(next) = self.pairs.next(now) {
            look.wake(next);
        }
        let (lane, changes) = (campaign.map(|(id, _)| id), *self.queued.borrow());
        let scan = self.scans.entry(lane).or_default();
        takeoff.resume = match scan.next(now, changes) {
            Ok(resume) => resume,
            Err(at) => {
                look.wake(at);
                return Ok(());
            }
        };
        if let Some((id, _)) = campaign {
            takeoff = takeoff.campaign(id);
        }
        let flown = self.pilot.store.fly(takeoff).await?;
        if flown.has_taken_over {
            self.has_taken_over = true;
            self.scans.clear();
            look.is_more = true;
            return Ok(());
        }
        let (now, changes) = (Instant::now(), *self.queued.borrow());
        if flown.hold.is_some() {
            *scan = Scan::default();
        } else if !flown.is_more {
            if let Some(again) = scan.is_over(now, changes) {
                look.wake(again);
            }
        } else if flown.flights.len() >= limit {
            scan.is_full(flown.resume, now);
        } else {
            scan.goes_on(flown.resume);
            look.is_more = true;
        }
        let is_full = flown.is_more && flown.flights.len() >= limit;
        self.depart(lane, flown, look, now, time);
        if is_full {
            // Responses may be slower than the pace: room in it comes back by itself.
            look.wake(self.pace.next());
        }
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
        if let Some(next_at) = flown.next_at {
            look.wake(now + next_at.since(time).min(LONGEST_SLEEP));
        }
        if flown.hold.is_some() {
            return;
        }
        let mut template = None;
        if let Some(lane) = campaign.and_then(|id| self.campaigns.running.get_mut(&id)) {
            if let Some(pace) = &mut lane.pace {
                pace.take(flown.flights.len());
                if flown.is_more && !flown.flights.is_empty() {
                    look.wake(pace.next());
                }
            }
            let is_empty = flown.flights.is_empty() && !flown.is_more && flown.next_at.is_none();
            lane.is_drained |= is_empty;
            template = campaign.map(|id| (id, Arc::clone(&lane.template)));
        }
        self.pace.take(flown.flights.len());
        observe::passed(flown.passed);
        for flight in flown.flights {
            self.pairs.take(&flight.conversation, now);
            // When a campaign was imported says nothing of how fast it goes out.
            if flight.attempt == 1 && campaign.is_none() {
                observe::departs(time.since(flight.ready_at));
            }
            if flight.is_initiated
                && let Some(budget) = &mut self.budget
            {
                budget.begin(&flight.conversation, time);
            }
            let pilot = Arc::clone(&self.pilot);
            self.flights.spawn(pilot.fly(flight, template.clone()));
        }
    }
}
