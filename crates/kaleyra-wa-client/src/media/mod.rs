//! Files: sent to Kaleyra, and fetched from where it keeps what users sent.

mod cache;
mod digest;
mod download;
mod downloaded;
mod file;
mod form;
mod kind;
mod link;
mod mime_type;
pub(crate) mod pace;
#[cfg(feature = "tokio")]
mod partial;
mod reader;
#[cfg(feature = "tokio")]
mod save;
mod upload;
mod uploaded;
mod url;

pub use self::cache::MediaCache;
pub use self::download::DownloadMedia;
pub use self::downloaded::Downloaded;
pub use self::file::MediaFile;
pub(crate) use self::form::Form;
pub use self::kind::MediaKind;
pub use self::link::MediaLink;
pub use self::reader::MediaReader;
pub use self::upload::UploadMedia;
pub use self::uploaded::Uploaded;
use crate::Client;

impl Client {
    /// Uploads a file, to send it by the id that comes back. Nothing happens until it is awaited.
    ///
    /// The file is a path, with the feature `tokio`, or any [`MediaFile`]. Its type is determined from its name, and its size
    /// is checked against the [limit of its kind](MediaKind) before anything is sent. Only postpaid accounts may
    /// upload: the others get a [`ApiFailure::AccountType`](crate::types::response::ApiFailure::AccountType).
    ///
    /// Source: *Upload Media Files*.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_client::MediaFile;
    /// use kaleyra_wa_client::types::outbound::Document;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"42"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// # let kaleyra = kaleyra.respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let pdf = "%PDF-1.7 …";
    /// let uploaded = client
    ///     .upload(MediaFile::bytes("invoice-17.pdf", pdf))
    ///     .on_progress(|sent, total| println!("{sent} of {total} bytes"))
    ///     .await?;
    ///
    /// let invoice = Document::id(uploaded.media_id()).filename("invoice-17.pdf");
    /// client.send("+14155550123", invoice).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(&self, file: impl Into<MediaFile>) -> UploadMedia {
        UploadMedia::new(self.clone(), file.into())
    }

    /// Fetches a file that a user sent. Nothing happens until it is awaited.
    ///
    /// The file is a URL, or a [`MediaLink`] with the digest that the callback announced. The URL is requested as it
    /// is, on any server: take it only from [verified] callbacks. The API key is never sent along, redirects are not
    /// followed, and the URL must be https, or http on this machine.
    ///
    /// Kaleyra does not document how long it keeps files, so fetch them soon.
    ///
    /// Source: *Reply - Media Message*, table of `extra_info`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_client::types::inbound::Callback;
    /// use kaleyra_wa_client::{Client, Error, MediaLink};
    ///
    /// # async fn run(client: &Client, callback: &Callback) -> Result<(), Error> {
    /// if let Some(link) = MediaLink::from_callback(callback) {
    ///     let file = client.download(link).limit(16 * 1024 * 1024).await?;
    ///     println!("{} bytes of {:?}", file.bytes().len(), file.content_type());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [verified]: https://docs.rs/kaleyra-wa-webhook
    pub fn download(&self, link: impl Into<MediaLink>) -> DownloadMedia {
        DownloadMedia::new(self.clone(), link.into())
    }
}

// They can be spawned.
const _: fn() = || {
    const fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<MediaFile>();
    crosses_threads::<UploadMedia>();
    crosses_threads::<DownloadMedia>();
    const fn moves_between_threads<T: Send + 'static>() {}
    moves_between_threads::<MediaReader>();
};
