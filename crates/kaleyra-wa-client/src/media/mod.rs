//! Files: sent to Kaleyra, and fetched from where it keeps what users sent.

mod file;
mod form;
mod kind;
mod mime_type;
mod pace;
mod upload;
mod uploaded;

pub use self::file::MediaFile;
pub use self::kind::MediaKind;
pub use self::upload::UploadMedia;
pub use self::uploaded::Uploaded;
use crate::Client;

impl Client {
    /// Uploads a file, to send it by the id that comes back. Nothing happens until it is awaited.
    ///
    /// The file is a path, with the feature `tokio`, or any [`MediaFile`]. Its type is told from its name, and its size
    /// is checked against the [limit of its kind](MediaKind) before anything is sent. Only postpaid accounts may upload:
    /// the others get a [`Failure::AccountType`](crate::types::response::Failure::AccountType).
    ///
    /// Source: *Upload Media Files*.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_client::types::messaging_object::Document;
    /// use kaleyra_wa_client::{Client, Error, MediaFile};
    ///
    /// # async fn run(client: &Client, pdf: Vec<u8>) -> Result<(), Error> {
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
}

// They can be spawned.
const _: fn() = || {
    const fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<MediaFile>();
    crosses_threads::<UploadMedia>();
};
