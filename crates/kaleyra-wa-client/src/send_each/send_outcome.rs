//! What became of one message of several.

use std::pin::Pin;
use std::task::{Context, Poll};

use kaleyra_wa_types::Recipient;

use crate::{Error, SendMessage, Sent};

/// What became of the message to one recipient of [`send_each`](crate::Client::send_each).
///
/// `Debug` masks the recipient.
///
/// For an example see [`Client::send_each`](crate::Client::send_each).
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
