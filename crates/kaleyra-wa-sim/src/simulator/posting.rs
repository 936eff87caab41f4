//! Users who write, and the callbacks that a running simulator posts for them.

use serde_json::Value;

use super::Simulator;
use crate::callback::{EndUser, UserMessage};
use crate::delivery::webhook::CallbackError;

impl Simulator {
    /// A user who writes to this simulator's business, and uses its clock. The user's messages are posted by
    /// [`post`](Self::post) or [`post_callback`](Self::post_callback); [`user`](Self::user) is shorter.
    ///
    /// For an example see [`post`](Self::post).
    pub fn end_user(&self, name: impl Into<String>, wa_id: &str) -> EndUser {
        EndUser::new(name, wa_id)
            .writing_to(self.business().clone())
            .with_sources(&self.core.sources)
    }

    /// Posts a callback to the webhook, once, and returns the HTTP status of the webhook's response, whatever it is.
    ///
    /// Any JSON may be posted; [`callback`](crate::callback) makes the documented shapes.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no response from it in time; when the message in it is from a user who is blocked; and when a
    /// fault drops it.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
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
    /// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, ("x-kaleyra-secret", "s3cret"))?;
    /// let unheard_of = serde_json::json!({"meta_object": {"field": "holograms", "value": {}}});
    /// assert_eq!(sim.post_callback(&unheard_of).await?, 200);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn post_callback(&self, callback: &Value) -> Result<u16, CallbackError> {
        self.core.post_as_given(callback).done().await
    }

    /// Lets a user write: the callback is posted, with retries, and this gives the HTTP status of the last response. Retries and what
    /// faults hold back go by the simulator's clock: while that is stopped, this waits until it is advanced.
    ///
    /// # Errors
    ///
    /// As [`post_callback`](Self::post_callback).
    ///
    /// ```
    /// use kaleyra_wa_sim::{Fact, Simulator};
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
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, None)?;
    /// let hello = sim.end_user("Asha Example", "919800000001").text("Hi");
    /// assert_eq!(sim.post(hello).await?, 200);
    ///
    /// // The same again, as when Kaleyra missed the 200.
    /// let mut journal = sim.journal_from(1);
    /// let callback = loop {
    ///     let entry = journal.next().await.ok_or("no callback")?;
    ///     if let Fact::Callback(_) = &entry.fact {
    ///         break entry.number;
    ///     }
    /// };
    /// assert_eq!(sim.redeliver(callback).await.ok_or("forgotten")??, 200);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn post(&self, message: UserMessage) -> Result<u16, CallbackError> {
        self.core.user_writes(message, false).done().await
    }

    /// Posts a callback once more, by the number of its entry in the journal, without faults.
    ///
    /// # Errors
    ///
    /// When there is no webhook, or no response from it in time. `None` where no such callback is in the journal any more.
    ///
    /// For an example see [`post`](Self::post).
    pub async fn redeliver(&self, callback: u64) -> Option<Result<u16, CallbackError>> {
        Some(self.core.redeliver(callback)?.done().await)
    }
}
