//! Reads a stream, message by message.

use std::time::{Duration, Instant};

use async_nats::jetstream;
use futures_util::{FutureExt, StreamExt};
use serde_json::json;

use crate::consumer_end::{ConsumerEnd, LOOK_AGAIN};
use crate::failure::{Failure, Outcome, unreadable};
use crate::link::{Link, META, MOVED, Stored, together};

impl Link {
    /// What is in a stream by now, from this sequence on, of these subjects.
    pub(crate) async fn scan(
        &self,
        stream: &str,
        subjects: Vec<String>,
        from: i64,
        headers_only: bool,
    ) -> Outcome<Scan> {
        let until = self.end_of(stream, &subjects).await?;
        let start = u64::try_from(from).unwrap_or(0).max(1);
        let config = jetstream::consumer::pull::OrderedConfig {
            filter_subjects: subjects,
            headers_only,
            deliver_policy: jetstream::consumer::DeliverPolicy::ByStartSequence {
                start_sequence: start,
            },
            ..Default::default()
        };
        let stream = self
            .js
            .get_stream_no_info(stream)
            .await
            .map_err(|_| Failure::io("a stream can't be read"))?;
        let made = stream.create_consumer(config).await;
        let consumer = made.map_err(|_| Failure::io("a stream can't be read"))?;
        let (left, name) = {
            let info = consumer.cached_info();
            (
                info.num_pending,
                format!("{}.{}", info.stream_name, info.name),
            )
        };
        let end = ConsumerEnd::new(self.client.clone(), name);
        let messages = consumer.messages().await;
        Ok(Scan {
            messages: messages.map_err(|_| Failure::io("a stream can't be read"))?,
            left,
            until,
            seen: start - 1,
            timeout: self.timeout,
            end,
        })
    }

    /// The last message of these subjects as whoever leads the stream has it: a consumer may sit on a copy that is behind, after a
    /// server was gone for a while. Of a single copy that can't be.
    async fn end_of(&self, stream: &str, subjects: &[String]) -> Outcome<u64> {
        if self.is_single {
            return Ok(0);
        }
        let last = subjects.iter().map(|subject| {
            let question = json!({ "last_by_subj": subject });
            async move { self.leader(stream, &question).await }.boxed()
        });
        let found = together(last.collect()).await?;
        Ok(found
            .iter()
            .flatten()
            .map(|it| it.sequence)
            .max()
            .unwrap_or(0))
    }
}

/// What is read of a stream, message by message.
pub(crate) struct Scan {
    messages: jetstream::consumer::pull::Ordered,
    /// How many there were when it began.
    left: u64,
    /// The last of them, and the last that came.
    until: u64,
    seen: u64,
    timeout: Duration,
    end: ConsumerEnd,
}

impl Scan {
    /// The next of those that were there when it began. A copy that is behind is waited for.
    pub(crate) async fn next(&mut self) -> Outcome<Option<Stored>> {
        if self.left == 0 && self.seen >= self.until {
            return Ok(None);
        }
        let begun = Instant::now();
        let mut is_at_end = false;
        let (stored, pending) = loop {
            match tokio::time::timeout(LOOK_AGAIN.min(self.timeout), self.follow()).await {
                Ok(next) => break next?,
                // What was there when it began may have been deleted since; what the server has sent by then is on its way once more.
                Err(_) if is_at_end && self.seen >= self.until => {
                    self.left = 0;
                    return Ok(None);
                }
                Err(_) if begun.elapsed() < self.timeout => {
                    is_at_end = self.end.is_at_end().await;
                }
                Err(_) => return Err(Failure::io("the server did not respond in time")),
            }
        };
        self.left = self.left.saturating_sub(1).min(pending);
        self.seen = stored.sequence;
        Ok(Some(stored))
    }

    /// The next, whenever it comes.
    pub(crate) async fn follow(&mut self) -> Outcome<(Stored, u64)> {
        let message = self.messages.next().await;
        let message = message
            .ok_or_else(|| Failure::io("a stream can't be read any more"))?
            .map_err(|_| Failure::io("a stream can't be read"))?;
        let info = message.info().map_err(|_| unreadable())?;
        let (sequence, pending) = (info.stream_sequence, info.pending);
        let time = info.published;
        let headers = message.headers.as_ref();
        let text = |name: &str| Some(headers?.get(name)?.as_str().to_owned());
        let stored = Stored {
            sequence,
            meta: text(META),
            moved: text(MOVED),
            subject: message.subject.to_string(),
            payload: message.payload.clone(),
            time,
        };
        Ok((stored, pending))
    }
}
