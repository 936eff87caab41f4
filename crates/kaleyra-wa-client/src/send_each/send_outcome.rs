//! What became of one message of several.

use std::pin::Pin;
use std::task::{Context, Poll};

use kaleyra_wa_types::Recipient;

use crate::{Error, SendMessage, Sent};

/// What became of the message to one recipient of [`send_each`](crate::Client::send_each).
///
/// `Debug` masks the recipient.
///
/// ```
/// use kaleyra_wa_client::ErrorKind;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let outcomes = client.send_each(["+14155550123", "98000"], "Hello").references(|index| format!("hi-{index}")).collect().await;
/// assert_eq!(outcomes[0].reference(), Some("hi-0"));
/// assert_eq!(outcomes[0].result.as_ref().unwrap().message_id().as_str(), "AX1");
///
/// assert_eq!((outcomes[1].index, outcomes[1].recipient.as_ref()), (1, None));
/// assert_eq!(outcomes[1].result.as_ref().unwrap_err().kind(), ErrorKind::InvalidRecipient);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct SendOutcome {
    /// The recipient's position in the input, counted from 0.
    pub index: usize,
    /// The recipient; `None` if what was given is not one.
    pub recipient: Option<Recipient>,
    /// Which earlier recipient is the same one, where duplicates are
    /// [reported](crate::SendEach::tell_duplicates).
    pub duplicate_of: Option<usize>,
    /// What became of it.
    pub result: Result<Sent, Error>,
}

impl SendOutcome {
    /// The reference that the message had: callbacks about it repeat it. `None` where none was made, as nothing was
    /// sent.
    pub fn reference(&self) -> Option<&str> {
        match &self.result {
            Ok(sent) => sent.reference(),
            Err(error) => error.reference(),
        }
    }
}

/// A message on its way.
pub(super) struct InFlight {
    index: usize,
    recipient: Option<Recipient>,
    duplicate_of: Option<usize>,
    sending: <SendMessage as IntoFuture>::IntoFuture,
}

impl InFlight {
    pub(super) fn new(
        index: usize,
        recipient: Option<Recipient>,
        duplicate_of: Option<usize>,
        message: SendMessage,
    ) -> Self {
        Self {
            index,
            recipient,
            duplicate_of,
            sending: message.into_future(),
        }
    }
}

impl Future for InFlight {
    type Output = SendOutcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<SendOutcome> {
        self.sending
            .as_mut()
            .poll(context)
            .map(|result| SendOutcome {
                index: self.index,
                recipient: self.recipient.take(),
                duplicate_of: self.duplicate_of,
                result,
            })
    }
}
