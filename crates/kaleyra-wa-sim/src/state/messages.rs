//! The messages that were accepted, and how far each has come.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::inbound::StatusName;

use crate::model::accepted_message::AcceptedMessage;
use crate::model::delivery_error::DeliveryError;

/// One step of a message.
///
/// ```
/// # use kaleyra_wa_sim::Simulator;
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # async fn start_your_bot(base_url: String) -> std::io::Result<String> {
/// #     use serde_json::{Value, json};
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     use tokio::net::{TcpListener, TcpStream};
/// #     let listener = TcpListener::bind("127.0.0.1:0").await?;
/// #     let url = format!("http://{}/", listener.local_addr()?);
/// #     tokio::spawn(async move {
/// #         while let Ok((mut stream, _)) = listener.accept().await {
/// #             let mut request = Vec::new();
/// #             while !request.ends_with(b"}") && stream.read_buf(&mut request).await.unwrap() > 0 {}
/// #             stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
/// #             let Some(start) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
/// #             let callback: Value = serde_json::from_slice(&request[start + 4..]).unwrap();
/// #             let message = &callback["meta_object"]["value"]["messages"][0];
/// #             let Some(text) = message["text"]["body"].as_str() else { continue };
/// #             let to = format!("+{}", message["from"].as_str().unwrap());
/// #             let reply = json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": format!("You said: {text}")}});
/// #             let body = json!({"messaging_object": reply}).to_string();
/// #             let mut api = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
/// #             let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #             api.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #             api.read_to_end(&mut Vec::new()).await.unwrap();
/// #         }
/// #     });
/// #     Ok(url)
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, None)?;
/// sim.faults("message:fail code=131026")?;
/// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
/// sim.settle().await;
///
/// let statuses = sim.statuses(sim.accepted()[0].id.as_str());
/// let last = statuses.last().ok_or("no status")?;
/// assert_eq!(last.status.as_str(), "failed");
/// assert_eq!(last.error.as_ref().map(|error| error.code.as_str()), Some("131026"));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MessageStatus {
    /// How far it came.
    pub status: StatusName,
    /// When.
    pub at: SystemTime,
    /// Why it went no further.
    pub error: Option<DeliveryError>,
    /// What it is charged as: `service`, `marketing`. `None` where the status says nothing of it.
    pub category: Option<&'static str>,
}

/// The newest messages.
#[derive(Default)]
pub(crate) struct Messages {
    messages: VecDeque<Arc<AcceptedMessage>>,
    tracks: HashMap<String, Track>,
    /// Of all of them together.
    bytes: usize,
}

/// How far a message has come.
#[derive(Default)]
struct Track {
    /// The journal's entry about it.
    entry: Option<u64>,
    steps: Vec<MessageStatus>,
    /// Whether it is decided what becomes of it.
    has_left: bool,
}

impl Messages {
    /// How many are kept.
    pub(crate) const MAX: usize = 10_000;
    /// How many bytes their bodies may have had together.
    pub(crate) const MAX_BYTES: usize = 64 << 20;
    /// How many steps of a message are kept.
    const STEPS_MAX: usize = 32;

    pub(crate) fn push(&mut self, message: Arc<AcceptedMessage>) {
        self.bytes += message.bytes;
        self.messages.push_back(message);
        while self.messages.len() > Self::MAX || self.bytes > Self::MAX_BYTES {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes;
            self.tracks.remove(oldest.wamid.as_str());
        }
    }

    /// All, newest last.
    pub(crate) fn all(&self) -> Vec<Arc<AcceptedMessage>> {
        self.messages.iter().cloned().collect()
    }

    /// The newest for which `is_it` holds.
    pub(crate) fn newest(
        &self,
        is_it: impl Fn(&AcceptedMessage) -> bool,
    ) -> Option<Arc<AcceptedMessage>> {
        let mut newest_first = self.messages.iter().rev();
        newest_first.find(|message| is_it(message)).cloned()
    }

    /// The newest message of this reference: the first, second or third.
    pub(crate) fn find_reference(&self, reference: &str) -> Option<Arc<AcceptedMessage>> {
        self.newest(|message| {
            let it = &message.references;
            let all = [&it.reference, &it.reference1, &it.reference2];
            all.into_iter().flatten().any(|own| &**own == reference)
        })
    }

    /// The message of this id: Kaleyra's or WhatsApp's.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<AcceptedMessage>> {
        self.newest(|message| message.id.as_str() == id || message.wamid.as_str() == id)
    }

    /// Notes the journal's entry about a message that is kept.
    pub(crate) fn is_at(&mut self, wamid: &str, entry: u64) {
        self.track(wamid).entry = Some(entry);
    }

    /// The journal's entry about a message.
    pub(crate) fn entry(&self, wamid: &str) -> Option<u64> {
        self.tracks.get(wamid)?.entry
    }

    /// Notes a step of a message that is kept.
    pub(crate) fn came(&mut self, wamid: &str, status: MessageStatus) {
        let track = self.track(wamid);
        if track.steps.len() < Self::STEPS_MAX {
            track.steps.push(status);
        }
    }

    fn track(&mut self, wamid: &str) -> &mut Track {
        // Of messages that gave way nothing is kept for long.
        if self.tracks.len() > 2 * Self::MAX {
            let known: HashSet<&str> = self.messages.iter().map(|it| it.wamid.as_str()).collect();
            self.tracks
                .retain(|wamid, _| known.contains(wamid.as_str()));
        }
        self.tracks.entry(wamid.to_owned()).or_default()
    }

    /// It is decided what becomes of a message.
    pub(crate) fn has_left(&mut self, wamid: &str) {
        self.track(wamid).has_left = true;
    }

    /// Whether it is decided what becomes of a message.
    pub(crate) fn has_gone(&self, wamid: &str) -> bool {
        self.tracks.get(wamid).is_some_and(|track| track.has_left)
    }

    /// Every step of a message, in order.
    pub(crate) fn statuses(&self, wamid: &str) -> Vec<MessageStatus> {
        let track = self.tracks.get(wamid);
        track.map_or_else(Vec::new, |track| track.steps.clone())
    }

    /// Whether the message came so far.
    pub(crate) fn has_come(&self, wamid: &str, status: &StatusName) -> bool {
        let track = self.tracks.get(wamid);
        track.is_some_and(|track| track.steps.iter().any(|step| step.status == *status))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::Sources;
    use crate::model::accepted_message::Payload;

    fn message(to: &str, bytes: usize) -> Arc<AcceptedMessage> {
        let payload = Payload {
            json: json!({"messaging_object": {"to": to}}),
            typed: None,
            bytes,
        };
        Arc::new(AcceptedMessage::new(
            payload,
            "918",
            None,
            &Sources::of_nobody(),
        ))
    }

    #[test]
    fn the_oldest_give_way() {
        let mut messages = Messages::default();
        let sources = Sources::of_nobody();
        for number in 0..=Messages::MAX {
            let payload = Payload {
                json: json!({"messaging_object": {"to": number.to_string()}}),
                typed: None,
                bytes: 100,
            };
            messages.push(Arc::new(AcceptedMessage::new(
                payload, "918", None, &sources,
            )));
        }
        let all = messages.all();
        assert_eq!(all.len(), Messages::MAX);
        assert!(all[0].is_to("1"));
        assert!(messages.newest(|_| true).unwrap().is_to("10000"));
    }

    #[test]
    fn the_oldest_give_way_to_large_ones_too() {
        let mut messages = Messages::default();
        let half = Messages::MAX_BYTES / 2;
        for (to, bytes) in [("1", 1), ("2", half), ("3", half)] {
            messages.push(message(to, bytes));
        }
        let kept = |messages: &Messages| {
            let kept = messages.all();
            ["1", "2", "3", "4"].map(|to| kept.iter().any(|message| message.is_to(to)))
        };
        assert_eq!(kept(&messages), [false, true, true, false]);
        messages.push(message("4", half + 1));
        assert_eq!(kept(&messages), [false, false, false, true]);
    }

    #[test]
    fn steps_are_kept_with_their_message() {
        let mut messages = Messages::default();
        let first = message("1", Messages::MAX_BYTES);
        messages.push(first.clone());
        let wamid = first.wamid.as_str();
        assert_eq!(messages.find(wamid).unwrap().id, first.id);
        let step = MessageStatus {
            status: StatusName::Sent,
            at: SystemTime::now(),
            error: None,
            category: None,
        };
        messages.came(wamid, step);
        assert!(messages.has_come(wamid, &StatusName::Sent));
        assert!(!messages.has_come(wamid, &StatusName::Read));
        messages.push(message("2", 1));
        assert!(messages.statuses(wamid).is_empty());
    }
}
