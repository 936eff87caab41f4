//! The result of an upload.

use std::fmt;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{MediaId, RawJson};
use serde_json::Value;

use super::MediaKind;
use super::mime_type::MimeType;
use crate::error::has_failure_code;

/// Kaleyra stored the file. Its id can be sent any number of times, to any recipient, for 30 days.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::types::outbound::{Audio, Content, Document, Image, Sticker, Video};
/// use kaleyra_wa_client::{MediaFile, MediaKind, Uploaded};
///
/// /// Whatever the file is, a message of it.
/// fn message(uploaded: &Uploaded) -> Content {
///     let id = uploaded.media_id();
///     match uploaded.kind() {
///         MediaKind::Audio => Audio::id(id).into(),
///         MediaKind::Image => Image::id(id).into(),
///         MediaKind::Sticker => Sticker::id(id).into(),
///         MediaKind::Video => Video::id(id).into(),
///         _ => Document::id(id).into(),
///     }
/// }
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"42"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let uploaded = client.upload(MediaFile::bytes("shoe.jpg", "JPEG…")).await?;
/// assert_eq!((uploaded.mime_type(), uploaded.status().as_u16()), ("image/jpeg", 200));
/// assert_eq!(uploaded.response().data.as_ref().unwrap()["id"], "42");
/// assert_eq!(message(&uploaded), Image::id("42").into());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Uploaded {
    media_id: MediaId,
    mime_type: MimeType,
    status: StatusCode,
    response: Response,
}

impl Uploaded {
    /// From a response that has an id and no failure code.
    pub(crate) fn from_response(
        status: StatusCode,
        response: Response,
        mime_type: MimeType,
    ) -> Option<Self> {
        if has_failure_code(&response) {
            return None;
        }
        Some(Self {
            media_id: media_id(&response)?,
            mime_type,
            status,
            response,
        })
    }

    /// The file's id, for a message: `Image::id(uploaded.media_id())`.
    ///
    /// For an example see [`Uploaded`].
    pub fn media_id(&self) -> &MediaId {
        &self.media_id
    }

    /// The kind that the file can be sent as.
    pub fn kind(&self) -> MediaKind {
        self.mime_type.kind()
    }

    /// The type that it was uploaded as, such as `image/jpeg`.
    pub fn mime_type(&self) -> &str {
        self.mime_type.as_str()
    }

    /// The response's HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The whole response. Its format is not documented.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

/// The id, in one of the places where it may be: no page shows the response.
fn media_id(response: &Response) -> Option<MediaId> {
    let in_data = ["/id", "/media_id", "/media/0/id"]
        .into_iter()
        .filter_map(|place| response.data.as_ref()?.pointer(place));
    let at_the_root = response.unknown.get("id").and_then(RawJson::to_value);
    in_data.chain(&at_the_root).find_map(read)
}

fn read(id: &Value) -> Option<MediaId> {
    let id: MediaId = serde_json::from_value(id.clone()).ok()?;
    (!id.as_str().is_empty()).then_some(id)
}

impl fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploaded")
            .field("media_id", &self.media_id)
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}
