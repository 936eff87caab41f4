//! The result of an accepted send.

use std::fmt;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_types::KaleyraMessageId;
use kaleyra_wa_types::response::Response;

use crate::error::has_failure_code;

/// Kaleyra accepted the message. Status callbacks report later whether it reached the user.
///
/// Which field of a callback equals this id is not documented. To find the message that a callback is about, use its
/// [`reference`](Self::reference): callbacks repeat it. `Debug` shows the id alone.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA202", "message": "Accepted", "data": {"message_id": "AX1"}, "error": {}}"#;
/// # let kaleyra = Scripted::new().respond(202, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let sent = client.send("+14155550123", "Hello").reference("greeting-17").await?;
/// assert_eq!(sent.message_id().as_str(), "AX1");
/// assert_eq!(sent.reference(), Some("greeting-17")); // what callbacks about it have
/// assert_eq!(sent.status(), 202);
/// assert_eq!(sent.response().code.as_ref().unwrap().as_str(), "WA202");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Sent {
    message_id: KaleyraMessageId,
    status: StatusCode,
    response: Response,
    pub(crate) reference: Option<String>,
}

impl Sent {
    /// The id in a response that names no failure; `None` where there is none.
    pub(crate) fn id_in(response: &Response) -> Option<KaleyraMessageId> {
        response
            .message_id()
            .filter(|_| !has_failure_code(response))
    }

    pub(crate) fn new(
        message_id: KaleyraMessageId,
        status: StatusCode,
        response: Response,
    ) -> Self {
        Self {
            message_id,
            status,
            response,
            reference: None,
        }
    }

    /// Kaleyra's id of the message: not WhatsApp's, which only callbacks have.
    pub fn message_id(&self) -> &KaleyraMessageId {
        &self.message_id
    }

    /// The reference of the message, given or generated: callbacks about it repeat it. `None` only if it was sent
    /// [without one](crate::SendMessage::without_reference).
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The response's HTTP status; 202 by the documentation.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}
