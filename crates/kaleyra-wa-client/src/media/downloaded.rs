//! A downloaded file in memory.

use std::fmt;

use kaleyra_wa_transport::bytes::Bytes;

/// A file that was downloaded: it is whole and, where a SHA-256 was given, the right one.
///
/// ```
/// use kaleyra_wa_client::transport::Response;
/// use kaleyra_wa_client::transport::http::header::CONTENT_TYPE;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().then(|_| {
/// #     let mut response = Response::new("Thank you!".into());
/// #     response.headers_mut().insert(CONTENT_TYPE, "text/plain".parse().unwrap());
/// #     Ok(response)
/// # });
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let file = client.download("https://media.example.com/receipt.txt").await?;
/// assert_eq!((file.content_type(), file.bytes().len()), (Some("text/plain"), 10));
/// let kept = file.into_bytes(); // without a copy
/// assert_eq!(kept, "Thank you!");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Downloaded {
    bytes: Bytes,
    content_type: Option<String>,
}

impl Downloaded {
    pub(crate) fn new(bytes: Bytes, content_type: Option<String>) -> Self {
        Self {
            bytes,
            content_type,
        }
    }

    /// The file.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The file, to keep.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The server's `Content-Type`, such as `image/jpeg`. It is not checked.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

/// Shows the size and the type, and nothing of what is in it.
impl fmt::Debug for Downloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloaded")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish()
    }
}
