//! What is due is done, in its order; and the clock can be put forward through all that falls due meanwhile.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kaleyra_wa_types::inbound::StatusName;
use tokio::time::{Instant, timeout};

use super::posting::Post;
use super::{Core, stopped};
use crate::delivery::lanes::Flight;
use crate::model::accepted_message::AcceptedMessage;
use crate::time::duration;

/// How long one waits for a webhook while the clock is put forward: one that hangs holds up nobody.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long one waits until nothing is due, where everything that is done makes something else due.
const SETTLE_MAX: Duration = Duration::from_secs(60);

/// Something that is done when it is due.
pub(crate) enum Job {
    /// A message comes so far.
    Status(Arc<AcceptedMessage>, StatusName),
    /// A callback is posted.
    Post(Box<Post>),
    /// A callback has waited long enough to be overtaken.
    Overtaken(String, u64),
    /// A batch has waited long enough.
    Batch(String, u64),
}

/// Does what is due, until the simulator stops.
pub(crate) async fn work(core: Arc<Core>) {
    let mut stop = core.stop.subscribe();
    loop {
        tokio::select! {
            () = core.schedule.any_due(core.clock()) => {}
            () = stopped(&mut stop) => return,
        }
        loop {
            // Begun before the job is taken, so that it is never neither waiting nor being done.
            let flight = core.flights.begin();
            let Some(job) = core.schedule.pop_due(core.clock().now()) else {
                break;
            };
            core.run(job, flight);
        }
        // What was begun may run, too, where there is one thread only.
        tokio::task::yield_now().await;
    }
}

impl Core {
    fn run(self: &Arc<Self>, job: Job, flight: Flight) {
        match job {
            Job::Status(message, status) => self.step_is_due(&message, status),
            Job::Post(post) => self.start(*post, flight),
            Job::Overtaken(user, number) => self.overtaken_in_vain(&user, number),
            Job::Batch(user, rule) => self.batch_is_due(&user, rule),
        }
    }

    /// When something falls due next.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.schedule.next_due()
    }

    /// Waits until nothing is due and nothing is being posted, but for what hangs.
    pub(crate) async fn settle(&self) {
        let settle = async {
            let mut changes = self.flights.changes();
            loop {
                changes.borrow_and_update();
                let is_due = self
                    .schedule
                    .next_due()
                    .is_some_and(|due| due <= self.clock().now());
                match self.flights.busy(PATIENCE) {
                    None if !is_due => return,
                    // The worker is about to take it.
                    None => tokio::task::yield_now().await,
                    Some(left) => {
                        let _ = timeout(left, changes.changed()).await;
                    }
                }
                if is_due {
                    tokio::time::sleep(Duration::from_micros(200)).await;
                }
            }
        };
        let mut stop = self.stop.subscribe();
        tokio::select! {
            _ = timeout(SETTLE_MAX, settle) => {}
            () = stopped(&mut stop) => {}
        }
    }

    /// Puts the clock forward. What falls due on the way is done in its order, each at its own moment.
    pub(crate) async fn advance(&self, by: Duration) {
        let began = Instant::now();
        let clock = self.clock();
        let target = clock.now() + by;
        self.settle().await;
        while let Some(due) = self.schedule.next_due().filter(|due| *due <= target) {
            clock.put_forward(due);
            self.settle().await;
            if *self.stop.borrow() {
                return;
            }
        }
        clock.put_forward(target);
        self.settle().await;
        let (by, took) = (duration::format(by), began.elapsed().as_millis());
        self.changed(format!("clock: put forward by {by}, which took {took} ms"));
    }
}
