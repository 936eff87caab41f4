//! What the outcome of one message means for all others.

use std::time::Duration;

use kaleyra_wa_store::outbox::Scope;
use tokio::time::Instant;

use super::engine::Engine;
use super::flight::Landed;
use super::verdict::Sign;

/// How many times in a row the server has to say "too fast" before everything is paused.
const TOO_FAST: u32 = 3;
/// The pause then.
const TOO_FAST_PAUSE: Duration = Duration::from_secs(60);
/// How many outcomes in a row have to prove nothing before one message at a time goes ahead.
const UNCLEAR: u32 = 3;
/// The longest pause while the server can't be reached, or its responses prove nothing.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);

impl Engine {
    /// What a message's outcome means for the others.
    pub(super) async fn learn(&mut self, landed: Landed) {
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
                    self.pilot.pause(None, Scope::Sender, why, Some(wait)).await;
                    self.campaigns.look_again();
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
                        self.pilot.pause(None, Scope::Sender, why, Some(wait)).await;
                        self.campaigns.look_again();
                    }
                }
            }
            // The pause was noted before the message landed.
            Sign::Trouble { .. } => self.campaigns.look_again(),
        }
    }
}
