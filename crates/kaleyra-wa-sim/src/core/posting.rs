//! Posting: one attempt after the other, in order within a conversation, and what waits for others.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::worker::Job;
use super::{Core, stopped};
use crate::delivery::body;
use crate::delivery::lanes::Flight;
use crate::delivery::webhook::{CallbackError, Exchanged, Outgoing};
use crate::journal::{About, CallbackAttempt, Fact};
use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;

/// How long a callback waits to be overtaken.
const OVERTAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How long a batch waits for its next callback.
const BATCH_WITHIN: Duration = Duration::from_secs(2);

/// A callback that is to be posted.
pub(crate) struct Post {
    pub(super) callback: u64,
    pub(super) kind: &'static str,
    pub(super) conversation: Option<ConversationId>,
    pub(super) body: Bytes,
    /// Whether a fault made it another body than the callback's.
    pub(super) is_changed: bool,
    pub(super) get: Option<&'static str>,
    pub(super) has_wrong_secret: bool,
    /// How often it was posted.
    pub(super) attempts: u32,
    pub(super) is_once: bool,
    /// Who waits for the result.
    pub(super) done: Vec<oneshot::Sender<Result<u16, CallbackError>>>,
}

/// What a callback waits for.
pub(super) enum Group {
    /// Until so many others have overtaken it.
    Overtaken(u32),
    /// Until so many can come as one.
    Batch { size: usize, rule: u64 },
}

/// Callbacks that wait for others of their conversation.
#[derive(Default)]
pub(crate) struct Waiting {
    overtaken: HashMap<String, Vec<(u64, u32, Post)>>,
    batches: HashMap<(String, u64), Vec<Post>>,
    next_number: u64,
}

impl Post {
    /// The same once more: nobody waits for it, and it is not tried again.
    pub(super) fn again(&self) -> Self {
        Self {
            conversation: self.conversation.clone(),
            body: self.body.clone(),
            done: Vec::new(),
            is_once: true,
            ..*self
        }
    }

    fn user(&self) -> String {
        let conversation = self.conversation.as_ref();
        conversation.map_or(String::new(), |it| format!("{}/{}", it.business, it.user))
    }
}

impl Core {
    /// Lets a callback wait for others, but not forever.
    pub(super) fn push_waiting(&self, due: std::time::SystemTime, post: Post, group: Group) {
        let user = post.user();
        match group {
            Group::Overtaken(times) => {
                let number = {
                    let mut waiting = self.waiting();
                    waiting.next_number += 1;
                    let number = waiting.next_number;
                    waiting
                        .overtaken
                        .entry(user.clone())
                        .or_default()
                        .push((number, times, post));
                    number
                };
                let release = Job::Overtaken(user, number);
                let _ = self.schedule.push(due + OVERTAKEN_WITHIN, release);
            }
            Group::Batch { size, rule } => {
                let key = (user, rule);
                let full = {
                    let mut waiting = self.waiting();
                    let batch = waiting.batches.entry(key.clone()).or_default();
                    batch.push(post);
                    (batch.len() >= size).then(|| std::mem::take(batch))
                };
                match full {
                    Some(batch) => self.push_batch(due, batch),
                    None => {
                        let _ = self
                            .schedule
                            .push(due + BATCH_WITHIN, Job::Batch(key.0, key.1));
                    }
                }
            }
        }
    }

    /// A callback has waited for long enough.
    pub(super) fn overtaken_in_vain(&self, user: &str, number: u64) {
        let post = {
            let mut waiting = self.waiting();
            let Some(posts) = waiting.overtaken.get_mut(user) else {
                return;
            };
            let index = posts.iter().position(|(other, ..)| *other == number);
            index.map(|index| posts.remove(index).2)
        };
        if let Some(post) = post {
            self.push_post(self.clock().now(), post);
        }
    }

    /// A batch has waited for long enough.
    pub(super) fn batch_is_due(&self, user: &str, rule: u64) {
        let batch = self.waiting().batches.remove(&(user.to_owned(), rule));
        self.push_batch(self.clock().now(), batch.unwrap_or_default());
    }

    fn push_batch(&self, due: std::time::SystemTime, mut batch: Vec<Post>) {
        let bodies: Vec<&[u8]> = batch.iter().map(|post| &post.body[..]).collect();
        let whole = match bodies.len() {
            0 | 1 => None,
            _ => body::batch(&bodies),
        };
        let Some(whole) = whole else {
            for post in batch {
                self.push_post(due, post);
            }
            return;
        };
        let others: Vec<_> = batch.drain(1..).flat_map(|post| post.done).collect();
        if let Some(mut first) = batch.pop() {
            first.body = whole.into();
            first.is_changed = true;
            first.done.extend(others);
            self.push_post(due, first);
        }
    }

    /// Begins to post a callback that is due.
    pub(super) fn start(self: &Arc<Self>, mut post: Post, flight: Flight) {
        let class = post.kind;
        let user = post.user();
        let mut place = self.lanes.enter(&format!("{user}/{class}"));
        let core = self.clone();
        let mut stop = self.stop.subscribe();
        tokio::spawn(async move {
            let posting = async {
                place.turn().await;
                let _slot = core.slots.acquire().await;
                core.attempt(&mut post).await
            };
            let again = tokio::select! {
                again = posting => again,
                () = stopped(&mut stop) => {
                    core.finish(&mut post, Err(CallbackError::ShutDown));
                    return;
                }
            };
            if let Some(pause) = again {
                core.push_post(core.clock().now() + pause, post);
            }
            core.overtook(&user);
            drop(place);
            drop(flight);
        });
    }

    /// One more callback of this user was posted: what waited to be overtaken may be due.
    fn overtook(&self, user: &str) {
        let due: Vec<Post> = {
            let mut waiting = self.waiting();
            let Some(posts) = waiting.overtaken.get_mut(user) else {
                return;
            };
            posts
                .iter_mut()
                .for_each(|(_, times, _)| *times = times.saturating_sub(1));
            let is_due = |(_, times, _): &mut (u64, u32, Post)| *times == 0;
            let due = posts
                .extract_if(.., is_due)
                .map(|(.., post)| post)
                .collect();
            if posts.is_empty() {
                waiting.overtaken.remove(user);
            }
            due
        };
        for post in due {
            self.push_post(self.clock().now(), post);
        }
    }

    /// Posts it once. Gives how long to wait where it is to be posted again.
    async fn attempt(&self, post: &mut Post) -> Option<Duration> {
        let business = post.conversation.as_ref().map(|it| it.business.as_str());
        let webhook = match business {
            Some(business) => self.webhook_of(business),
            None => self.webhook(),
        };
        let Some(webhook) = webhook else {
            self.finish(post, Err(CallbackError::NotConfigured));
            return None;
        };
        post.attempts += 1;
        let outgoing = Outgoing {
            body: post.body.clone(),
            get: post.get,
            has_wrong_secret: post.has_wrong_secret,
        };
        let began = Instant::now();
        let Exchanged { headers, answer } = webhook.send(&outgoing).await;
        let attempt = CallbackAttempt {
            attempt: post.attempts,
            result: match &answer {
                Ok((status, _)) => Ok(*status),
                Err(error) => Err(error.detail()),
            },
            took: began.elapsed(),
            headers,
            changed_body: post.is_changed.then(|| post.body.clone()),
            answer: answer
                .as_ref()
                .map_or_else(|_| Bytes::new(), |(_, body)| body.clone()),
        };
        let about = About::cause(post.callback)
            .of(post.conversation.clone())
            .basis(Basis::Inferred(
                "when and how often Kaleyra tries is documented nowhere",
            ));
        self.journal.write(about, Fact::Attempt(attempt));
        let is_worth_another = match &answer {
            Ok((status, _)) => *status >= 500,
            Err(error) => error.is_worth_another_try(),
        };
        let pause = webhook.retries.get(post.attempts as usize - 1);
        if let (true, false, Some(pause)) = (is_worth_another, post.is_once, pause) {
            return Some(*pause);
        }
        if post.get.is_none() {
            self.finish(post, answer.map(|(status, _)| status));
        }
        None
    }

    /// Reports the result.
    pub(super) fn finish(&self, post: &mut Post, result: Result<u16, CallbackError>) {
        let (kind, attempts) = (post.kind, post.attempts);
        let fact = match &result {
            Ok(status) => Fact::CallbackPosted {
                kind,
                status: *status,
                attempts,
            },
            Err(error) => Fact::CallbackFailed {
                kind,
                why: error.detail(),
                attempts,
            },
        };
        let about = About::cause(post.callback).of(post.conversation.clone());
        self.journal.write(about, fact);
        let mut waiters = post.done.drain(..);
        let first = waiters.next();
        for other in waiters {
            let result = match &result {
                Ok(status) => Ok(*status),
                Err(_) => Err(CallbackError::Dropped("batch".to_owned())),
            };
            let _ = other.send(result);
        }
        if let Some(first) = first {
            // Nobody has to wait for it.
            let _ = first.send(result);
        }
    }
}
