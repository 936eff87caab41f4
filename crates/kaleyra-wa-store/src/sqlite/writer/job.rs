//! What the writer is asked to do.

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::StoreError;
use crate::sqlite::failure::SqlResult;

/// What a job is for: what may be refused first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Takes something new. Refused for a while when the disk is full, and at the limit.
    Intake,
    /// Notes what became of something that is there, or frees space. Always let through.
    Outcome,
}

/// Something to do in a transaction. It may be run again, where the transaction was rolled back.
pub(super) trait Job: Send {
    fn class(&self) -> Class;

    /// Roughly how many bytes it writes.
    fn weight(&self) -> usize;

    fn run(&mut self, db: &Connection) -> SqlResult<()>;

    /// Signals the waiting caller, after the commit or where it can't be done.
    fn finish(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// Statements, what is done after their commit, and who waits for what they give.
pub(super) struct Statements<T, Run, Then> {
    pub(super) class: Class,
    pub(super) weight: usize,
    pub(super) run: Run,
    pub(super) output: Option<T>,
    /// Done in the order of the commits, also where nobody waits any more.
    pub(super) then: Then,
    pub(super) answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, Run, Then> Job for Statements<T, Run, Then>
where
    T: Send,
    Run: FnMut(&Connection) -> SqlResult<T> + Send,
    Then: FnOnce(&T) + Send,
{
    fn class(&self) -> Class {
        self.class
    }

    fn weight(&self) -> usize {
        self.weight
    }

    fn run(&mut self, db: &Connection) -> SqlResult<()> {
        self.output = None;
        self.output = Some((self.run)(db)?);
        Ok(())
    }

    fn finish(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.output) {
            (Ok(()), Some(output)) => {
                (self.then)(&output);
                Ok(output)
            }
            (Ok(()), None) => Err(StoreError::new(crate::StoreErrorKind::Other, "not run")),
            (Err(error), _) => Err(error),
        };
        // Who went away doesn't want to know.
        let _ = self.answer.send(answer);
    }
}
