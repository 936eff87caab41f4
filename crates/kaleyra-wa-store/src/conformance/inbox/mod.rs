//! The checks of an inbox's store.

mod attempts;
mod keeping;
mod pruning;
mod reading;
mod sample;

use std::future::Future;
use std::pin::Pin;

use super::Place;
use super::stage::{Finding, Stage};
use crate::inbox::InboxStore;

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
    P::Store: InboxStore,
{
    vec![
        Check {
            name: "kept-through-a-crash",
            promise: "what was acknowledged is there after a crash, byte for byte, in its order",
            run: |stage| Box::pin(keeping::through_a_crash(stage)),
        },
        Check {
            name: "known-events",
            promise: "an event is kept once, across restarts and inside a delivery; one that nothing tells apart always",
            run: |stage| Box::pin(keeping::known_events(stage)),
        },
        Check {
            name: "known-whatever-became-of-it",
            promise: "an event is known while it waits, runs, and after it was handled, given up or dropped",
            run: |stage| Box::pin(keeping::known_in_every_state(stage)),
        },
        Check {
            name: "told-in-order",
            promise: "commits are reported in the order of the ids, even where nobody waits",
            run: |stage| Box::pin(keeping::told_in_order(stage)),
        },
        Check {
            name: "attempts",
            promise: "one attempt at a time, counted before it is made, and settled once by who made it",
            run: |stage| Box::pin(attempts::one_at_a_time(stage)),
        },
        Check {
            name: "recovery",
            promise: "what ran at a crash waits again with its attempt counted, and is given up after the last",
            run: |stage| Box::pin(attempts::recovery(stage)),
        },
        Check {
            name: "sends-with-the-outcome",
            promise: "sends are queued exactly where the event is settled as handled",
            run: |stage| Box::pin(attempts::sends(stage)),
        },
        Check {
            name: "put-back-and-dropped",
            promise: "what was settled can be put back, and what waits or was given up dropped; others hear of it",
            run: |stage| Box::pin(attempts::put_back_and_dropped(stage)),
        },
        Check {
            name: "pages",
            promise: "pages follow each other in the order of the ids, and say which is the last",
            run: |stage| Box::pin(reading::pages(stage)),
        },
        Check {
            name: "records",
            promise: "every event can be read with all that is known of it",
            run: |stage| Box::pin(reading::records(stage)),
        },
        Check {
            name: "retention",
            promise: "what was handled is pruned in its time, what was not never, and no id is given twice",
            run: |stage| Box::pin(pruning::retention(stage)),
        },
    ]
}
