//! Where a body comes from that is not held in memory.

use std::io;
use std::pin::Pin;

use bytes::Bytes;

/// Pieces of a body as they are read.
pub type ChunkStream = Pin<Box<dyn http_body::Body<Data = Bytes, Error = io::Error> + Send>>;

/// Something that a body can be read from, as often as it is sent: a file, an object store, a generator.
///
/// With the feature `file` there is `FileSource` for a file on disk.
///
/// # Examples
///
/// ```
/// use http_body_util::{BodyExt, Full};
/// use kaleyra_wa_transport::bytes::Bytes;
/// use kaleyra_wa_transport::{Body, ChunkStream, Source};
///
/// /// So many zeros.
/// struct Zeros(usize);
///
/// impl Source for Zeros {
///     fn len(&self) -> u64 {
///         self.0 as u64
///     }
///
///     fn open(&self) -> ChunkStream {
///         let zeros = Full::new(Bytes::from(vec![0; self.0]));
///         Box::pin(zeros.map_err(|never| match never {}))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// assert_eq!(Body::from_source(Zeros(5)).collect().await?, &[0; 5][..]);
/// # Ok(())
/// # }
/// ```
pub trait Source: Send + Sync {
    /// How many bytes there are. A body that turns out to have another size fails while it is sent.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins to read from the start. What can't be opened is the stream's first error.
    fn open(&self) -> ChunkStream;
}
