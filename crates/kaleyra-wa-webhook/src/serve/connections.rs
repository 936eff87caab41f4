//! The connections that are open, and who of them makes room when there are too many.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{AbortHandle, Id, JoinSet};

use super::activity::Activity;

/// Dropping it drops all connections at once.
pub(super) struct Connections {
    limit: usize,
    tasks: JoinSet<()>,
    open: HashMap<Id, Open>,
    /// One that was told to make room and has not ended yet.
    closing: Option<Id>,
}

struct Open {
    activity: Arc<Activity>,
    task: AbortHandle,
}

impl Connections {
    /// How long a connection may be idle though others wait, or the server is to end: enough to send a
    /// request after connecting, from anywhere on earth.
    pub(super) const GRACE: Duration = Duration::from_millis(500);

    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            tasks: JoinSet::new(),
            open: HashMap::new(),
            closing: None,
        }
    }

    pub(super) fn are_full(&self) -> bool {
        self.tasks.len() >= self.limit
    }

    pub(super) fn spawn(
        &mut self,
        activity: Arc<Activity>,
        connection: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(connection);
        self.open.insert(task.id(), Open { activity, task });
    }

    /// Waits until one has ended; `None` if there is none. Nothing is lost by dropping the future.
    pub(super) async fn ended(&mut self) -> Option<()> {
        let id = match self.tasks.join_next_with_id().await? {
            Ok((id, ())) => id,
            Err(error) => {
                if error.is_panic() {
                    tracing::error!("a connection's task panicked");
                }
                error.id()
            }
        };
        self.open.remove(&id);
        self.closing.take_if(|closing| *closing == id);
        Some(())
    }

    /// Closes the connection that is idle for the longest, if it is for long enough: one that was
    /// never used, is kept for later, or is slow over its head, or over a body that nobody has
    /// vouched for. One at a time.
    ///
    /// So who opens connections and leaves them can't keep others out, nor can who has no secret.
    pub(super) fn make_room(&mut self) {
        if self.closing.is_some() {
            return;
        }
        let idle = self.open.iter().filter_map(|(id, open)| {
            let since = open.activity.dispensable_since()?;
            Some((since, id, open))
        });
        let longest = idle.min_by_key(|(since, ..)| *since);
        if let Some((since, id, open)) = longest
            && open.close_if_idle(since)
        {
            self.closing = Some(*id);
        }
    }

    /// Closes all connections that are idle for long enough.
    pub(super) fn close_idle(&self) {
        for open in self.open.values() {
            if let Some(since) = open.activity.idle_since() {
                open.close_if_idle(since);
            }
        }
    }
}

impl Open {
    /// Whether it was closed, being idle since then.
    fn close_if_idle(&self, since: Instant) -> bool {
        let is_closed = Instant::now().saturating_duration_since(since) >= Connections::GRACE
            && self.activity.close();
        if is_closed {
            self.task.abort();
        }
        is_closed
    }
}
