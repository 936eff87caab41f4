//! A file on its way to Kaleyra.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{Body, http};
use kaleyra_wa_types::response::Response;

use super::file::in_pieces;
use super::form::Form;
use super::mime_type::MimeType;
use super::{MediaFile, Uploaded, pace};
use crate::endpoint::{UPLOAD, Unsendable};
use crate::error::{Cause, UnsendableFile};
use crate::exchange::{Call, Exchanged};
use crate::{Client, Error, observe};

/// A file that is uploaded when it is awaited; made by [`Client::upload`].
///
/// ```text
///   upload(file) ──► .mime_type("text/plain") ► .await
///                    .on_progress(..)             │ type and size checked: nothing sent if WhatsApp would not take it
///                                                 │ the file is read while it is sent, 64 KiB at a time
///                                                 ▼
///                                    Ok(Uploaded)  or  Err(Error)
/// ```
///
/// It may take 30 s, and a second more for each 64 KiB. What was not sent is tried again; what may have been stored is
/// only with [`RetryPolicy::repeat_uploads`](crate::RetryPolicy::repeat_uploads).
///
/// A server that refuses a file before reading all of it, and closes at once, can look like a broken connection: then
/// it is unknown what became of the file, and the verdict says so.
///
/// It borrows nothing, so it can be spawned. Dropping the future while it runs cancels the upload.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::{ErrorKind, MediaFile};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"42"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// // The name tells no type, so it is given.
/// let notes = MediaFile::bytes("notes", "Blue, size 9");
/// let error = client.upload(notes.clone()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::UnsupportedFileType);
/// let uploaded = client
///     .upload(notes)
///     .mime_type("text/plain")
///     .on_progress(|sent, total| println!("{sent} of {total} bytes"))
///     .await?;
/// assert_eq!(uploaded.media_id().as_str(), "42");
///
/// # let kaleyra = kaleyra.respond(200, r#"{"code":"WA200","data":{"id":"43"}}"#);
/// // A type that this version does not know to be taken, sent all the same.
/// let page = client.upload(MediaFile::bytes("page.html", "<p>Hello</p>")).unchecked().await?;
/// assert_eq!(page.media_id().as_str(), "43");
/// # Ok(())
/// # }
/// ```
#[must_use = "a file is uploaded when it is awaited"]
#[derive(Clone)]
pub struct UploadMedia {
    client: Client,
    file: MediaFile,
    mime_type: Option<String>,
    progress: Option<Arc<Progress>>,
    is_checked: bool,
}

/// Called with the bytes of the file that were read so far, and all that it has.
type Progress = dyn Fn(u64, u64) + Send + Sync;

impl UploadMedia {
    pub(crate) fn new(client: Client, file: MediaFile) -> Self {
        Self {
            client,
            file,
            mime_type: None,
            progress: None,
            is_checked: true,
        }
    }

    /// Sets the file's type, such as `application/pdf` or `audio/ogg; codecs=opus`, if the extension does not determine
    /// it.
    ///
    /// It must be a type that [WhatsApp accepts](crate::MediaKind), and must not contradict the extension, as
    /// `image/png` would for `a.pdf`.
    ///
    /// For an example see [`UploadMedia`].
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    /// Calls `progress` with the bytes of the file sent so far and its size, starting from 0 again if the upload is
    /// retried.
    ///
    /// It is called on the task that sends them, and must return quickly.
    ///
    /// For an example see [`UploadMedia`].
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Uploads the file even if it breaks a limit that this version knows: its size, its type, a contradicting
    /// extension, or emptiness. Use it when WhatsApp has changed a limit. A file of unknown type is sent as
    /// `application/octet-stream`.
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    async fn upload(self) -> Result<Uploaded, Error> {
        let failed = |cause, attempts| Error::new(cause, UPLOAD.class, attempts);
        let refused = |fault| failed(Cause::UnsendableFile(fault), 0);

        let mime_type = self.checked_type().map_err(refused)?;
        let opened = self.file.open().await;
        let file = opened.map_err(|error| refused(UnsendableFile::Unreadable(error)))?;
        self.check_size(&mime_type, file.len()).map_err(refused)?;
        let call = self
            .call(&mime_type, file)
            .map_err(|error| failed(Cause::Unsendable(error), 0))?;

        let Exchanged { outcome, attempts } = self.client.exchange(&call).await;
        let received: http::Response<Bytes> =
            outcome.map_err(|error| failed(Cause::of_transport(error), attempts))?;
        if received.status().is_success()
            && let Ok(response) = Response::from_slice(received.body())
            && let Some(uploaded) = Uploaded::from_response(received.status(), response, mime_type)
        {
            return Ok(uploaded);
        }
        Err(failed(Cause::of_response(received), attempts))
    }

    fn checked_type(&self) -> Result<MimeType, UnsendableFile> {
        let mime_type = match &self.mime_type {
            Some(given) => MimeType::parse(given).ok_or(UnsendableFile::NoMimeType)?,
            None => match MimeType::of_name(self.file.as_name()) {
                Some(told) => told,
                None if self.is_checked => return Err(UnsendableFile::UnknownType),
                None => MimeType::UNKNOWN,
            },
        };
        if self.is_checked && !mime_type.is_taken() {
            return Err(UnsendableFile::UnsupportedType(mime_type.kind()));
        }
        if self.is_checked && mime_type.contradicts(self.file.as_name()) {
            return Err(UnsendableFile::OtherType);
        }
        Ok(mime_type)
    }

    fn check_size(&self, mime_type: &MimeType, found: u64) -> Result<(), UnsendableFile> {
        let kind = mime_type.kind();
        if self.is_checked && found == 0 {
            return Err(UnsendableFile::Empty);
        }
        if self.is_checked && found > kind.max_bytes() {
            return Err(UnsendableFile::TooLarge { kind, found });
        }
        Ok(())
    }

    fn call(&self, mime_type: &MimeType, file: Body) -> Result<Call, Unsendable> {
        let file = match &self.progress {
            Some(progress) => {
                let (progress, total) = (Arc::clone(progress), file.len());
                in_pieces(file).on_progress(move |sent| progress(sent, total))
            }
            None => file,
        };
        let form = Form::new(mime_type.as_str(), self.file.as_name(), file);
        let timeout = pace::time_for(form.body.len());
        let mut call = UPLOAD.call(self.client.account(), form.body)?;
        call.content_type = Some(form.content_type.parse()?);
        call.timeout = Some(timeout);
        Ok(call)
    }
}

impl IntoFuture for UploadMedia {
    type Output = Result<Uploaded, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let client = self.client.clone();
            observe::observed(client.account().base_url(), &UPLOAD, self.upload()).await
        })
    }
}

impl fmt::Debug for UploadMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadMedia")
            .field("file", &self.file)
            .field("mime_type", &self.mime_type)
            .field("is_checked", &self.is_checked)
            .finish_non_exhaustive()
    }
}
