//! A small bot over real sockets: what tests of conversations talk to.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_sim::{Builder, Simulator};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::wire::{KEY, SENDER, SID, builder, exchange};

/// What the bot gets wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flaw {
    #[default]
    None,
    /// It answers a message as often as it is told of it.
    AnswersTwice,
    /// It answers nobody.
    Silent,
}

/// A shoe shop: it asks for a size, offers buttons, and says when the shoes come.
pub(crate) struct ShoeBot {
    pub(crate) url: String,
    task: JoinHandle<()>,
    pub(crate) told: Arc<Mutex<Vec<Value>>>,
}

impl ShoeBot {
    pub(crate) async fn start(kaleyra: SocketAddr, flaw: Flaw) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let answered = Arc::new(Mutex::new(HashSet::new()));
        let all = told.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (told, answered) = (all.clone(), answered.clone());
                tokio::spawn(serve(stream, kaleyra, flaw, told, answered));
            }
        });
        Self { url, task, told }
    }

    /// The names of the statuses that it was told of, in order.
    pub(crate) fn statuses(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        let statuses = told
            .iter()
            .filter_map(|callback| callback["status"].as_str());
        statuses.map(str::to_owned).collect()
    }
}

impl Drop for ShoeBot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A simulator, and the bot that talks to it.
pub(crate) async fn shop(
    set_up: impl FnOnce(Builder) -> Builder,
    flaw: Flaw,
) -> (Simulator, ShoeBot) {
    let sim = set_up(builder()).bind("127.0.0.1:0").await.unwrap();
    let bot = ShoeBot::start(sim.addr(), flaw).await;
    sim.post_callbacks_to(&bot.url, None).unwrap();
    (sim, bot)
}

async fn serve(
    mut stream: TcpStream,
    kaleyra: SocketAddr,
    flaw: Flaw,
    told: Arc<Mutex<Vec<Value>>>,
    answered: Arc<Mutex<HashSet<String>>>,
) {
    let mut bytes = Vec::new();
    let body = loop {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            break body.to_owned();
        }
    };
    let Ok(callback) = serde_json::from_str::<Value>(&body) else {
        let _ = stream
            .write_all(b"HTTP/1.1 400 Any\r\ncontent-length: 0\r\n\r\n")
            .await;
        return;
    };
    told.lock().unwrap().push(callback.clone());
    let messages = callback["meta_object"]["value"]["messages"]
        .as_array()
        .cloned();
    for message in messages.unwrap_or_default() {
        let id = message["id"].as_str().unwrap().to_owned();
        let is_new = answered.lock().unwrap().insert(id);
        if is_new || flaw == Flaw::AnswersTwice {
            answer(kaleyra, &message, &callback, flaw).await;
        }
    }
    let _ = stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .await;
}

async fn answer(kaleyra: SocketAddr, message: &Value, callback: &Value, flaw: Flaw) {
    if flaw == Flaw::Silent {
        return;
    }
    let to = format!("+{}", message["from"].as_str().unwrap());
    let said = message["text"]["body"].as_str().unwrap_or_default();
    let content = match message["type"].as_str().unwrap() {
        "text" if said.contains("remind") => {
            // A real bot would wait by its own clock; this one says it at once.
            text(&to, "I will.")
        }
        "text" if said.contains("template") => template(&to),
        "text" => question(&to),
        "interactive" => text(&to, "Size 42 comes in two days."),
        "image" => {
            assert!(callback["extra_info"]["media_url"].is_string());
            let mut content = text(&to, "Nice cup!");
            content["context"] = json!({"message_id": message["id"]});
            content
        }
        "button" => text(&to, "Booked."),
        _ => return,
    };
    send(kaleyra, content).await;
}

pub(crate) fn text(to: &str, body: &str) -> Value {
    json!({"to": to, "type": "text", "text": {"body": body}})
}

pub(crate) fn template(to: &str) -> Value {
    json!({"to": to, "type": "template", "template": {"name": "book_again", "language": {"code": "en"}, "components": [
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "again"}]},
    ]}})
}

fn question(to: &str) -> Value {
    let button = |size: &str| json!({"type": "reply", "reply": {"id": format!("size-{size}"), "title": size}});
    json!({"to": to, "type": "interactive", "interactive": {
        "type": "button",
        "body": {"text": "Which size do you need?"},
        "action": {"buttons": [button("41"), button("42"), button("43")]},
    }})
}

/// Sends a message, on a connection of its own.
pub(crate) async fn send(kaleyra: SocketAddr, mut message: Value) {
    message["messaging_product"] = "whatsapp".into();
    let body = json!({"messaging_object": message}).to_string();
    let request = format!(
        "POST /v2/{SID}/whatsapp/{SENDER}/messages HTTP/1.1\r\nhost: localhost\r\napi-key: {KEY}\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    exchange(kaleyra, request.as_bytes()).await;
}

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
