//! What can be set on a running simulator, and its whole state.

use serde_json::Value;

use super::Simulator;
use crate::core::snapshot::StateError;
use crate::delivery::settings::Callbacks;
use crate::delivery::webhook::{InvalidWebhook, Webhook};
use crate::model::conversation::ConversationId;
use crate::rules::ladder::StatusLadder;
use crate::rules::reviews::ReviewRules;
use crate::rules::settings::{ServiceWindow, Strictness};

impl Simulator {
    /// Where callbacks are posted from now on, and a header that they carry, as with
    /// [`Builder::callbacks`](crate::Builder::callbacks): for a webhook that is started after the simulator.
    ///
    /// Messages that were accepted before it was known where to post have no status.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted there; then it stays as it was.
    ///
    /// For an example see [`post`](Self::post), and the [crate's documentation](crate).
    pub fn post_callbacks_to<'a>(
        &self,
        url: &str,
        header: impl Into<Option<(&'a str, &'a str)>>,
    ) -> Result<(), InvalidWebhook> {
        let callbacks = Callbacks::to(url);
        self.set_callbacks(Some(&match header.into() {
            Some((name, value)) => callbacks.header(name, value),
            None => callbacks,
        }))
    }

    /// Has callbacks posted elsewhere from now on, or nowhere.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted as they are set up.
    ///
    /// For an example see [`Callbacks`].
    pub fn set_callbacks(&self, callbacks: Option<&Callbacks>) -> Result<(), InvalidWebhook> {
        self.core
            .set_webhook(callbacks.map(Webhook::new).transpose()?);
        Ok(())
    }

    /// Has the callbacks of one number posted elsewhere from now on than those of the others; with `None`, where they are.
    ///
    /// # Errors
    ///
    /// When no account has the number, or callbacks can't be posted as they are set up.
    ///
    /// For an example see [`Account`](crate::Account).
    pub fn set_callbacks_of(
        &self,
        number: &str,
        callbacks: Option<&Callbacks>,
    ) -> Result<(), InvalidWebhook> {
        let webhook = callbacks.map(Webhook::new).transpose()?;
        self.core.set_webhook_of(number, webhook)
    }

    /// Changes which statuses messages get that are sent from now on.
    ///
    /// ```
    /// use kaleyra_wa_sim::{Simulator, StatusLadder};
    ///
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.set_ladder(StatusLadder::none());
    /// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
    /// sim.settle().await;
    /// assert!(sim.statuses(sim.accepted()[0].id.as_str()).is_empty());
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_ladder(&self, ladder: StatusLadder) {
        self.core
            .change_settings(format!("statuses: {ladder}"), |it| it.ladder = ladder);
    }

    /// Changes how strict it is from now on.
    ///
    /// For an example see [`Strictness`].
    pub fn set_strictness(&self, strictness: Strictness) {
        self.core
            .change_settings(format!("strictness: {strictness}"), |it| {
                it.strictness = strictness;
            });
    }

    /// Changes who may be written to freely from now on.
    ///
    /// For an example see [`ServiceWindow`].
    pub fn set_window(&self, window: ServiceWindow) {
        self.core
            .change_settings(format!("window: {}", window.as_str()), |it| {
                it.window = Some(window);
            });
    }

    /// Changes what becomes of templates that are created or edited from now on.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// // A template that is submitted from now on waits for `change_template`.
    /// sim.set_reviews("*=hold".parse()?);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_reviews(&self, reviews: ReviewRules) {
        self.core
            .change_settings(format!("reviews: {reviews}"), |it| it.reviews = reviews);
    }

    /// Everything that it knows as one JSON, always in the same order, with the files inside; keys and secrets are not in it.
    ///
    /// ```
    /// use kaleyra_wa_sim::{ConversationId, Simulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Hi")).await;
    /// let with_asha = ConversationId::new("918000000001", "919800000001");
    /// let everything = sim.export();
    /// let fixture = sim.export_conversation(&with_asha);
    ///
    /// sim.reset();
    /// assert!(sim.conversations().is_empty());
    /// sim.import(&fixture)?;
    /// assert_eq!(sim.lines(&with_asha).len(), 1);
    /// sim.import(&everything)?;
    /// assert_eq!(sim.conversations(), [with_asha]);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self) -> Value {
        self.core.export(None)
    }

    /// One conversation as JSON, with all that belongs to it: a fixture.
    ///
    /// For an example see [`export`](Self::export).
    pub fn export_conversation(&self, conversation: &ConversationId) -> Value {
        self.core.export(Some(conversation))
    }

    /// Takes a state in: in place of everything that is known, or of one conversation where it is one. What still waits to be
    /// posted is dropped.
    ///
    /// # Errors
    ///
    /// When it is no state of this version; then nothing is changed.
    ///
    /// For an example see [`export`](Self::export).
    pub fn import(&self, state: &Value) -> Result<(), StateError> {
        self.core.import(state).map(drop)
    }

    /// Forgets everything but accounts, settings and the journal.
    ///
    /// For an example see [`export`](Self::export).
    pub fn reset(&self) {
        self.core.reset();
    }
}
