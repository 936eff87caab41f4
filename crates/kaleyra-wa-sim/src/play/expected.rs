//! What the bot is expected to send.

use regex_lite::Regex;

use super::dialogue::{business_text, failure_code};
use crate::core::Core;
use crate::fault;
use crate::model::accepted_message::AcceptedMessage;

/// A message that the bot is expected to send. A string means a message that says exactly this.
///
/// ```
/// use kaleyra_wa_sim::{Expected, Simulator};
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
/// sim.user("+919800000001")
///     .says("Hi")
///     .expect("You said: Hi") // a string: exactly this
///     .says("Bye")
///     .expect(Expected::matching("^You (said|wrote): Bye$")?)
///     .await;
///
/// // What else there is to expect.
/// let question = Expected::text("Which size do you need?").buttons(["41", "42", "43"]);
/// let photo = Expected::any().of_type("image").quoting();
/// let late = Expected::template("still_there").failed("131047"); // a template that Meta refuses
/// let part = [Expected::containing("in two days"), Expected::glob("*in * days*")];
/// # let _ = (question, photo, late, part);
/// assert!(Expected::matching("(").is_err());
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Expected {
    pub(crate) text: TextMatch,
    pub(crate) type_name: Option<String>,
    pub(crate) buttons: Option<Vec<String>>,
    pub(crate) failed: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) quotes: bool,
}

/// What a message is expected to say.
///
/// For an example see [`Expected`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TextMatch {
    /// Anything.
    Any,
    /// Exactly this.
    Exact(String),
    /// This somewhere.
    Contains(String),
    /// This, where `*` stands for anything.
    Glob(String),
    /// What this regular expression finds somewhere.
    Pattern(Regex),
}

impl Expected {
    fn new(text: TextMatch) -> Self {
        Self {
            text,
            type_name: None,
            buttons: None,
            failed: None,
            template: None,
            quotes: false,
        }
    }

    /// Any message.
    ///
    /// For an example see [`Expected`].
    pub fn any() -> Self {
        Self::new(TextMatch::Any)
    }

    /// A message that says exactly this: in its body or its caption.
    ///
    /// For an example see [`Expected`].
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(TextMatch::Exact(text.into()))
    }

    /// A message that says this somewhere.
    ///
    /// For an example see [`Expected`].
    pub fn containing(text: impl Into<String>) -> Self {
        Self::new(TextMatch::Contains(text.into()))
    }

    /// A message that says this, where `*` stands for anything.
    ///
    /// For an example see [`Expected`].
    pub fn glob(text: impl Into<String>) -> Self {
        Self::new(TextMatch::Glob(text.into()))
    }

    /// A message in which this regular expression finds something, in the syntax of the crate `regex-lite`.
    ///
    /// # Errors
    ///
    /// When it is not a regular expression.
    pub fn matching(pattern: &str) -> Result<Self, regex_lite::Error> {
        Ok(Self::new(TextMatch::Pattern(Regex::new(pattern)?)))
    }

    /// A template of this name, whatever it says.
    pub fn template(name: impl Into<String>) -> Self {
        let mut expected = Self::any().of_type("template");
        expected.template = Some(name.into());
        expected
    }

    /// Of this type: `image`, `interactive`, …
    ///
    /// For an example see [`Expected`].
    #[must_use]
    pub fn of_type(mut self, type_name: impl Into<String>) -> Self {
        self.type_name = Some(type_name.into());
        self
    }

    /// With exactly this to tap: buttons, rows of a list.
    ///
    /// For an example see [`Expected`].
    #[must_use]
    pub fn buttons<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        self.buttons = Some(labels.into_iter().map(Into::into).collect());
        self
    }

    /// A message that never reaches the phone, with this code: `131047`. Without this, a message that fails does not match.
    #[must_use]
    pub fn failed(mut self, code: impl Into<String>) -> Self {
        self.failed = Some(code.into());
        self
    }

    /// One that quotes what the user wrote last.
    ///
    /// For an example see [`Expected`].
    #[must_use]
    pub fn quoting(mut self) -> Self {
        self.quotes = true;
        self
    }

    /// In words.
    pub(crate) fn describe(&self) -> String {
        let mut words = match &self.text {
            TextMatch::Any => "anything".to_owned(),
            TextMatch::Exact(text) => text.replace('\n', "\\n"),
            TextMatch::Contains(text) => format!("… {text} …"),
            TextMatch::Glob(text) => format!("~ {text}"),
            TextMatch::Pattern(pattern) => format!("~ /{pattern}/"),
        };
        if let Some(template) = &self.template {
            words = format!("template {template}");
        } else if let Some(type_name) = &self.type_name {
            words = format!("{type_name}: {words}");
        }
        if let Some(buttons) = &self.buttons {
            words.push_str(&format!("\n  buttons {}", buttons.join(" | ")));
        }
        if let Some(code) = &self.failed {
            words.push_str(&format!("\n  failed {code}"));
        }
        if self.quotes {
            words.push_str("\n  quotes that");
        }
        words
    }

    /// What is different about a message; `None` where it is the one that is expected.
    pub(crate) fn difference(
        &self,
        core: &Core,
        message: &AcceptedMessage,
        last_of_user: Option<&str>,
    ) -> Option<String> {
        let text = business_text(core, message);
        let says = match &self.text {
            TextMatch::Any => true,
            TextMatch::Exact(expected) => *expected == text,
            TextMatch::Contains(part) => text.contains(part),
            TextMatch::Glob(pattern) => fault::matches(pattern, &text),
            TextMatch::Pattern(pattern) => pattern.is_match(&text),
        };
        if !says {
            return Some(format!("it says: {}", text.replace('\n', "\\n")));
        }
        let found = message.type_name().unwrap_or_default();
        if let Some(expected) = self
            .type_name
            .as_deref()
            .filter(|expected| *expected != found)
        {
            return Some(format!("it is of type {found}, not {expected}"));
        }
        if let Some(expected) = &self.template {
            let found = message.content()["name"].as_str().unwrap_or_default();
            if found != expected {
                return Some(format!("it is the template {found}, not {expected}"));
            }
        }
        if let Some(expected) = &self.buttons {
            let taps = core.taps(message).into_iter();
            let found: Vec<String> = taps.map(|tap| tap.label).collect();
            if found != *expected {
                return Some(format!("its buttons are {}", found.join(" | ")));
            }
        }
        if self.quotes && (message.quotes().is_none() || message.quotes() != last_of_user) {
            return Some("it does not quote what the user wrote last".to_owned());
        }
        match (&self.failed, failure_code(core, message)) {
            (Some(expected), Some(found)) if *expected == found => None,
            (None, None) => None,
            (_, Some(found)) => Some(format!("it never reached the phone: {found}")),
            (Some(_), None) => Some("it did not fail".to_owned()),
        }
    }
}

impl From<&str> for Expected {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Expected {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}
