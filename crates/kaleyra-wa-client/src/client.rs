//! The client: an account and a transport.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_transport::Transport;
use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::callback::Message;
use kaleyra_wa_types::messaging_object::{Content, MessagingObject};

use crate::{Account, IntoRecipient, NoRecipient, SendMessage};

/// Sends messages from one number of one account.
///
/// It is cheap to clone, and clones share the transport and its connections: make one and pass it around. `Debug`
/// shows neither the key nor the number.
///
/// # Examples
///
#[cfg_attr(feature = "reqwest", doc = "```no_run")]
#[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
/// use kaleyra_wa_client::types::messaging_object::Image;
/// use kaleyra_wa_client::{Account, Client, Pod};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?)?;
///
/// client.send("+14155550123", "Your order is on its way").reference("order-17").await?;
/// client.send("+14155550123", Image::link("https://example.com/parcel.png")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) account: Arc<Account>,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Client {
    /// A client over [`ReqwestTransport`](crate::transport::ReqwestTransport) with its own settings.
    ///
    /// To change them, build the transport and give it to [`with_transport`](Self::with_transport).
    ///
    /// # Errors
    ///
    /// When TLS can't be set up; most often the machine has no certificate roots.
    #[cfg(feature = "reqwest")]
    #[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
    pub fn new(account: Account) -> Result<Self, crate::transport::BuildError> {
        let transport = crate::transport::ReqwestTransport::new()?;
        Ok(Self::with_transport(account, transport))
    }

    /// A client over a transport of your choice.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_client::transport::{Request, Response, Transport, TransportError, async_trait, http};
    /// use kaleyra_wa_client::{Account, Client, Pod};
    ///
    /// /// Stands for your HTTP stack.
    /// struct Canned;
    ///
    /// #[async_trait]
    /// impl Transport for Canned {
    ///     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
    ///         let mut answer = Response::new(r#"{"code":"WA202","data":{"message_id":"AX1"}}"#.into());
    ///         *answer.status_mut() = http::StatusCode::ACCEPTED;
    ///         Ok(answer)
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// let sent = Client::with_transport(account, Canned).send("+14155550123", "Hello").await?;
    /// assert_eq!(sent.message_id().as_str(), "AX1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_transport(account: Account, transport: impl Transport + 'static) -> Self {
        Self {
            account: Arc::new(account),
            transport: Arc::new(transport),
        }
    }

    /// The account that messages are sent from.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// A message to a recipient. Nothing happens until it is awaited.
    ///
    /// The recipient is a phone number with `+` and country code, a user id, or anything else that is
    /// [`IntoRecipient`]. The content is a text, or anything else that a [`Content`] can be made of.
    pub fn send(&self, to: impl IntoRecipient, content: impl Into<Content>) -> SendMessage {
        let recipient = to.into_recipient();
        let message = recipient.map(|recipient| MessagingObject::new(recipient, content));
        SendMessage::new(self.clone(), message.map(SendRequest::new))
    }

    /// An answer to a message that a user wrote: it goes to whoever wrote it, and quotes it.
    ///
    /// A message whose id was lost on its way here can't be quoted; it is answered all the same.
    ///
    /// ```
    /// # use kaleyra_wa_client::{Client, Error};
    /// use kaleyra_wa_client::types::callback::{Callback, Event};
    ///
    /// # async fn run(client: &Client, callback: &Callback) -> Result<(), Error> {
    /// for event in callback.events() {
    ///     if let Event::Message(message) = event {
    ///         client.reply(message, "Thank you, we are looking into it").await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn reply(&self, message: &Message, content: impl Into<Content>) -> SendMessage {
        let recipient = message.reply_address().map_err(NoRecipient::from);
        let reply = recipient.map(|to| {
            let reply = MessagingObject::new(to, content);
            if message.id.is_empty() {
                // Its id was lost on the way: better an answer that quotes nothing than none, again and again.
                reply
            } else {
                reply.reply_to(message.id.clone())
            }
        });
        SendMessage::new(self.clone(), reply.map(SendRequest::new))
    }

    /// A request that was made elsewhere, by a service that only has the types, say, and came here through a queue.
    pub fn send_request(&self, request: SendRequest) -> SendMessage {
        SendMessage::new(self.clone(), Ok(request))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A transport has no `Debug`, and one of somebody else's might show too much.
        f.debug_struct("Client")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

// One client serves every thread of a program.
const _: fn() = || {
    const fn crosses_threads<T: Clone + Send + Sync + 'static>() {}
    crosses_threads::<Client>();
    crosses_threads::<SendMessage>();
};
