//! How a conversation went.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::builder::StartError;
use crate::delivery::webhook::InvalidWebhook;
use crate::play::PlayError;

/// How a conversation went. `Display` has the transcript, and what went wrong.
///
/// ```
/// use kaleyra_wa_sim::{Bot, ChatFile, ChatRun, FailureKind, StartedBot};
///
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
/// let bot = Bot::started_by(|base_url| async { Ok(StartedBot::new(start_your_bot(base_url).await?, ())) });
/// let file = ChatFile::parse("user asha +919800000001\nasha: Hi\nshop: Hello!")?;
/// let run = ChatRun::new(bot);
/// let outcome = run.run(&file).await?;
/// let failure = outcome.failure.as_ref().unwrap();
/// assert_eq!((failure.line, failure.source.as_str()), (3, "shop: Hello!"));
/// assert_eq!(failure.error.kind, FailureKind::Different);
///
/// // The file as it would have to be.
/// let outcome = run.updates(true).run(&file).await?;
/// assert!(outcome.updated.unwrap().contains("shop: You said: Hi"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChatOutcome {
    /// What went wrong first; `None` where nothing did.
    pub failure: Option<ChatFailure>,
    /// What faults were decided by.
    pub seed: u64,
    /// The keys of the faults that took place, in their order: see [`Simulator::only_faults`](crate::Simulator::only_faults).
    pub faults: Vec<String>,
    /// The conversations, each below its user's name where there are several.
    pub transcript: String,
    /// How long it took, in real time.
    pub took: Duration,
    /// The file with what the bot sent in place of what was expected, where that was wanted and differs.
    pub updated: Option<String>,
}

/// Where a conversation went wrong.
///
/// For an example see [`ChatOutcome`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChatFailure {
    /// The line of the file, from 1; the last one where it was after the end.
    pub line: usize,
    /// That line.
    pub source: String,
    /// What went wrong.
    pub error: PlayError,
}

/// A conversation could not be played at all.
///
/// ```
/// use kaleyra_wa_sim::{Bot, ChatFile, ChatRun, ChatRunError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = ChatFile::parse("user asha +919800000001\nasha: Hi\nshop: Hello!")?;
/// let error = ChatRun::new(Bot::at("shop.example")).run(&file).await.unwrap_err(); // no URL
/// assert!(matches!(error, ChatRunError::Webhook(_)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChatRunError {
    /// The simulator did not start.
    #[error(transparent)]
    Simulator(#[from] StartError),
    /// The bot did not start.
    #[error("the bot did not start")]
    Bot(#[source] io::Error),
    /// The bot can't be called back there.
    #[error(transparent)]
    Webhook(#[from] InvalidWebhook),
    /// A file that is sent can't be read.
    #[error("line {line}: the file can't be read")]
    File {
        /// The line of the file.
        line: usize,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl fmt::Display for ChatOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            None => write!(f, "as expected (seed {})", self.seed),
            Some(failure) => write!(f, "{failure}"),
        }
    }
}

impl fmt::Display for ChatFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}: {}\n{}",
            self.line,
            self.source.trim(),
            self.error
        )
    }
}
