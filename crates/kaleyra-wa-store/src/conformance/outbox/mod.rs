//! The checks of an outbox's store.

mod doubting;
mod flying;
mod proving;
mod queueing;
mod sample;

use std::future::Future;
use std::pin::Pin;

use super::Place;
use super::stage::{Finding, Stage};
use crate::outbox::OutboxStore;

/// One check.
pub(super) struct Check<P> {
    pub(super) name: &'static str,
    /// What a store promises here.
    pub(super) promise: &'static str,
    pub(super) run: for<'a> fn(&'a Stage<P>) -> Run<'a>,
}

type Run<'a> = Pin<Box<dyn Future<Output = Finding> + Send + 'a>>;

/// All of them.
pub(super) fn all<P>() -> Vec<Check<P>>
where
    P: Place,
    P::Store: OutboxStore,
{
    vec![
        Check {
            name: "one-send-for-a-key",
            promise: "a key is queued once, also across a crash and whatever became of it; another content is a conflict",
            run: |stage| Box::pin(queueing::one_for_a_key(stage)),
        },
        Check {
            name: "all-or-none",
            promise: "sends that are queued together are kept together, and one that follows another waits for it",
            run: |stage| Box::pin(queueing::followers(stage)),
        },
        Check {
            name: "cancelled",
            promise: "what is queued can be cancelled and is not sent; what flies can't",
            run: |stage| Box::pin(queueing::cancelled(stage)),
        },
        Check {
            name: "flies-once",
            promise: "a send is given to fly once for each attempt, and counted before it is",
            run: |stage| Box::pin(flying::once(stage)),
        },
        Check {
            name: "conversations-in-order",
            promise: "sends of one conversation fly one at a time in their order; what is uncertain holds up nothing",
            run: |stage| Box::pin(flying::in_order(stage)),
        },
        Check {
            name: "past-a-backlog",
            promise: "however many sends of one conversation wait for their turn, those of others are found",
            run: |stage| Box::pin(flying::past_a_backlog(stage)),
        },
        Check {
            name: "times",
            promise: "nothing flies before its time or after it expired, and the next time is told",
            run: |stage| Box::pin(flying::times(stage)),
        },
        Check {
            name: "windows-and-opt-outs",
            promise: "the window and what users want are judged when a send flies",
            run: |stage| Box::pin(flying::windows_and_opt_outs(stage)),
        },
        Check {
            name: "paused",
            promise: "nothing of a paused sender flies, until it is resumed or the pause ends",
            run: |stage| Box::pin(flying::paused(stage)),
        },
        Check {
            name: "landings",
            promise: "an attempt lands once, and only as that attempt",
            run: |stage| Box::pin(proving::landings(stage)),
        },
        Check {
            name: "proofs-in-any-order",
            promise: "what callbacks prove and what lands come to the same end in any order, any number of times",
            run: |stage| Box::pin(proving::in_any_order(stage)),
        },
        Check {
            name: "tracking",
            promise: "the states of a message are merged from callbacks in any order, also before and without a send",
            run: |stage| Box::pin(proving::tracking(stage)),
        },
        Check {
            name: "in-flight-at-a-crash",
            promise: "what was in flight at a crash is uncertain, never queued again by itself, and proven later",
            run: |stage| Box::pin(doubting::in_flight_at_a_crash(stage)),
        },
        Check {
            name: "unresolved",
            promise: "what is uncertain for too long is unresolved with its evidence; a late proof still counts",
            run: |stage| Box::pin(doubting::unresolved(stage)),
        },
        Check {
            name: "clock-set-back",
            promise: "where the clock goes back, pauses and doubts last as long as they were to last, counted anew",
            run: |stage| Box::pin(doubting::clock_set_back(stage)),
        },
        Check {
            name: "sent-again-by-a-person",
            promise: "a person's wish makes another send with another key and reference",
            run: |stage| Box::pin(doubting::sent_again(stage)),
        },
    ]
}
