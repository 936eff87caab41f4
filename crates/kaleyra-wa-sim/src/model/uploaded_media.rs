//! A file that was uploaded.

use std::fmt;
use std::time::SystemTime;

use kaleyra_wa_types::MediaId;
use serde_json::{Value, json};

use crate::time::clock::unix_seconds;
use kaleyra_wa_types::MediaKind;

/// A file that was uploaded. Its content is [`Simulator::uploaded_bytes`](crate::Simulator::uploaded_bytes).
///
/// `Debug` shows neither its name nor its digest.
///
/// ```
/// use kaleyra_wa_sim::Simulator;
///
/// # async fn upload(sim: &Simulator) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     let body = "--b\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\ntext/plain\r\n--b\r\n\
/// #         content-disposition: form-data; name=\"file\"; filename=\"receipt.txt\"\r\ncontent-type: text/plain\r\n\r\nThank you!\r\n--b--\r\n";
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/media HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\n\
/// #         content-type: multipart/form-data; boundary=b\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// upload(&sim).await; // by the code under test
/// let file = &sim.uploads()[0];
/// assert_eq!((file.mime_type.as_str(), file.file_name.as_deref()), ("text/plain", Some("receipt.txt")));
/// assert_eq!(sim.uploaded_bytes(&file.id).as_deref(), Some(&b"Thank you!"[..]));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct UploadedMedia {
    /// The id in the response, which a message names it by.
    pub id: MediaId,
    /// The form's `type`, as it came.
    pub mime_type: String,
    /// What a file of this type is.
    pub kind: MediaKind,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256 in base64.
    pub sha256: String,
    /// The `filename` of the form's `file`.
    pub file_name: Option<String>,
    /// When it came.
    pub received_at: SystemTime,
}

impl UploadedMedia {
    /// As `GET /sim/media` shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "mime_type": self.mime_type,
            "kind": self.kind.as_str(),
            "size": self.size,
            "sha256": self.sha256,
            "file_name": self.file_name,
            "received_at": unix_seconds(self.received_at),
        })
    }
}

impl fmt::Debug for UploadedMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedMedia")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
