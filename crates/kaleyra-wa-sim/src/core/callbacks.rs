//! A callback, from what it says to when it is posted: here the faults take place.

use bytes::Bytes;
use kaleyra_wa_types::MessageId;
use serde_json::Value;
use tokio::sync::oneshot;

use super::Core;
use super::posting::{Group, Post};
use super::worker::Job;
use crate::callback::encode;
use crate::delivery::body;
use crate::delivery::webhook::CallbackError;
use crate::fault::{CallbackFault, Hit, Subject};
use crate::journal::{About, CallbackMade, Fact, STATUS};
use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;

/// What is to be called back.
pub(crate) struct NewCallback {
    pub(crate) kind: &'static str,
    pub(crate) event: String,
    pub(crate) about: Option<MessageId>,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) cause: Option<u64>,
    pub(crate) basis: Option<Basis>,
    /// For faults: the type of the message that it is about, and its `ref`.
    pub(crate) type_name: String,
    pub(crate) reference: String,
    pub(crate) body: Value,
    /// Whether it is posted once, whatever comes of it.
    pub(crate) is_once: bool,
}

/// A callback that is on its way.
pub(crate) struct Queued {
    /// The journal's entry about it; `None` where there is none.
    pub(crate) number: Option<u64>,
    done: Result<oneshot::Receiver<Result<u16, CallbackError>>, CallbackError>,
}

impl Queued {
    pub(crate) fn failed(error: CallbackError) -> Self {
        Self {
            number: None,
            done: Err(error),
        }
    }

    /// The final response of the webhook.
    pub(crate) async fn done(self) -> Result<u16, CallbackError> {
        match self.done?.await {
            Ok(result) => result,
            Err(_) => Err(CallbackError::ShutDown),
        }
    }
}

impl Hit {
    pub(crate) fn fact(&self) -> Fact {
        Fact::FaultHit {
            rule: self.rule.clone(),
            key: self.key.clone(),
        }
    }
}

impl Core {
    /// Has a callback posted, when and how the faults let it.
    pub(crate) fn call_back(&self, new: NewCallback) -> Queued {
        let body = Bytes::from(encode(&new.body));
        let about = About {
            cause: new.cause,
            conversation: new.conversation.clone(),
            basis: new.basis,
        };
        let made = CallbackMade {
            kind: new.kind,
            event: new.event.clone(),
            about: new.about.clone(),
            body: body.clone(),
        };
        let number = self.journal.write(about, Fact::Callback(made));
        let (sender, receiver) = oneshot::channel();
        let post = Post {
            callback: number,
            kind: new.kind,
            conversation: new.conversation.clone(),
            body,
            is_changed: false,
            get: None,
            has_wrong_secret: false,
            attempts: 0,
            is_once: new.is_once,
            done: vec![sender],
        };
        self.post_through_faults(post, &new);
        Queued {
            number: Some(number),
            done: Ok(receiver),
        }
    }

    /// Posts a callback once more as it was made, without faults.
    pub(crate) fn redeliver(&self, number: u64) -> Option<Queued> {
        let entry = self.journal.get(number)?;
        let Fact::Callback(made) = &entry.fact else {
            return None;
        };
        Some(self.repeat(made, &entry.conversation, number, made.body.clone()))
    }

    /// Posts a callback once more, with another body.
    pub(crate) fn redeliver_as(&self, number: u64, body: Bytes) -> Option<Queued> {
        let entry = self.journal.get(number)?;
        let Fact::Callback(made) = &entry.fact else {
            return None;
        };
        Some(self.repeat(made, &entry.conversation, number, body))
    }

    fn repeat(
        &self,
        made: &CallbackMade,
        conversation: &Option<ConversationId>,
        cause: u64,
        body: Bytes,
    ) -> Queued {
        let about = About::cause(cause)
            .of(conversation.clone())
            .basis(Basis::Documented("Callback - Re-trigger a Failed Request"));
        let again = CallbackMade {
            body: body.clone(),
            ..made.clone()
        };
        let number = self.journal.write(about, Fact::Callback(again));
        let (sender, receiver) = oneshot::channel();
        let post = Post {
            callback: number,
            kind: made.kind,
            conversation: conversation.clone(),
            body,
            is_changed: false,
            get: None,
            has_wrong_secret: false,
            attempts: 0,
            is_once: true,
            done: vec![sender],
        };
        self.push_post(self.clock().now(), post);
        Queued {
            number: Some(number),
            done: Ok(receiver),
        }
    }

    fn post_through_faults(&self, mut post: Post, new: &NewCallback) {
        let now = self.clock().now();
        let user = new.conversation.as_ref().map_or("", |it| it.user.as_str());
        let is_status = new.kind == STATUS;
        let subject = Subject {
            user,
            type_name: &new.type_name,
            reference: &new.reference,
            status: if is_status { &new.event } else { "" },
            kind: if is_status { "status" } else { "message" },
            ..Subject::default()
        };
        let hits = self.faults().callback(&subject, now);
        let mut due = now;
        let mut copies = 1;
        let mut comes_after_get = false;
        let mut group = None;
        for (fault, hit) in hits {
            let about = About::cause(post.callback)
                .of(new.conversation.clone())
                .basis(Basis::Simulator);
            self.journal.write(about, hit.fact());
            let changed = |body: Option<Vec<u8>>| body.map(Bytes::from);
            let new_body = match fault {
                CallbackFault::Drop => {
                    self.finish(&mut post, Err(CallbackError::Dropped(hit.rule)));
                    return;
                }
                CallbackFault::Duplicate { times } => {
                    copies = copies.max(times);
                    None
                }
                CallbackFault::Delay { by } => {
                    due += by.sample(self.chance, &hit.key);
                    None
                }
                CallbackFault::Outage => {
                    due = due.max(hit.until.unwrap_or(due));
                    None
                }
                CallbackFault::Reorder { window } => {
                    let drawn = self.chance.number(&["overtaken", &hit.key]);
                    let overtaken = 1 + drawn % u64::from(window);
                    group = group.or(Some(Group::Overtaken(overtaken as u32)));
                    None
                }
                CallbackFault::Batch { size } => {
                    group = Some(Group::Batch {
                        size: size as usize,
                        rule: hit.rule_number,
                    });
                    None
                }
                CallbackFault::ForeignGet => {
                    comes_after_get = true;
                    None
                }
                CallbackFault::WrongSecret => {
                    post.has_wrong_secret = true;
                    None
                }
                CallbackFault::Reserialise => changed(body::reserialised(&post.body)),
                CallbackFault::PhpEscapes => changed(body::escaped(&post.body)),
                CallbackFault::Truncate => Some(post.body.slice(..post.body.len() / 2)),
            };
            if let Some(body) = new_body {
                post.body = body;
                post.is_changed = true;
            }
        }
        if comes_after_get {
            let get = Post {
                get: Some(FOREIGN_QUERY),
                body: Bytes::new(),
                is_changed: true,
                is_once: true,
                done: Vec::new(),
                conversation: post.conversation.clone(),
                ..post
            };
            self.push_post(due, get);
        }
        if let Some(group) = group {
            self.push_waiting(due, post, group);
            return;
        }
        let again: Vec<Post> = (1..copies).map(|_| post.again()).collect();
        self.push_post(due, post);
        for again in again {
            self.push_post(due, again);
        }
    }

    pub(super) fn push_post(&self, due: std::time::SystemTime, post: Post) {
        if self.schedule.len() >= crate::time::schedule::Schedule::<Job>::MAX {
            let mut post = post;
            self.finish(&mut post, Err(CallbackError::QueueFull));
            return;
        }
        // Full only if another thread was faster; then the receiver learns that it is gone.
        let _ = self.schedule.push(due, Job::Post(Box::new(post)));
    }
}

/// As *Receive updates about rating and limits* has it.
const FOREIGN_QUERY: &str =
    "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
