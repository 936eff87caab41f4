//! Reads the form of an upload, in memory that does not grow with the file.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyDataStream, BodyExt};
use hyper::body::{Body, Frame};
use multer::{Field, Multipart};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::base64;
use crate::state::files::{InFlight, Recording};

/// How long the next piece may take.
const PIECE_TIMEOUT: Duration = Duration::from_secs(10);
/// How much of a form is read. What it is beyond the largest document is thrown away, so that its sender gets to read the
/// response instead of being cut off.
const FORM_MAX: u64 = 116 << 20;
/// How much of a `type` is read.
const TYPE_MAX: usize = 255;

/// What an upload's form says.
#[derive(Default)]
pub(in crate::server) struct Form {
    pub(in crate::server) mime_type: Option<String>,
    pub(in crate::server) file: Option<FormFile>,
}

/// The file in it.
pub(in crate::server) struct FormFile {
    pub(in crate::server) name: Option<String>,
    pub(in crate::server) size: u64,
    /// In base64.
    pub(in crate::server) sha256: String,
    /// Unless it was too long to be kept.
    pub(in crate::server) bytes: Option<Bytes>,
}

type AnyError = Box<dyn Error + Send + Sync>;

/// Why there is no form.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) enum Unread {
    /// What is wrong with it.
    Wrong(String),
    BrokenOff,
    TooSlow,
}

/// Reads a form to its end, and whatever is behind that.
pub(in crate::server) async fn read<B>(
    headers: &HeaderMap,
    body: B,
    in_flight: &InFlight,
) -> Result<Form, Unread>
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<AnyError>,
{
    let body = Lent::new(body);
    let form = read_form(headers, body.clone(), in_flight).await;
    match form {
        Err(Unread::Wrong(_)) => body.discard().await?,
        Err(Unread::BrokenOff | Unread::TooSlow) | Ok(_) => {}
    }
    form
}

/// Reads and throws away what is refused unseen.
pub(in crate::server) async fn discard<B>(body: B) -> Result<(), Unread>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<AnyError>,
{
    Lent::new(body).discard().await
}

async fn read_form<B>(
    headers: &HeaderMap,
    body: Lent<B>,
    in_flight: &InFlight,
) -> Result<Form, Unread>
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<AnyError>,
{
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let boundary = text(CONTENT_TYPE)
        .and_then(|content_type| multer::parse_boundary(content_type).ok())
        .ok_or_else(|| wrong("Content-Type: must be multipart/form-data with a boundary"))?;
    let announced = text(CONTENT_LENGTH).and_then(|digits| digits.parse().ok());
    let mut parts = Multipart::new(BodyDataStream::new(body), boundary);
    let mut form = Form::default();
    while let Some(mut part) = in_time(parts.next_field()).await? {
        match part.name() {
            Some("type") if form.mime_type.is_some() => return Err(wrong("type: given twice")),
            Some("type") => form.mime_type = Some(read_type(&mut part).await?),
            Some("file") if form.file.is_some() => return Err(wrong("file: given twice")),
            Some("file") => {
                let recording = in_flight.record(announced);
                form.file = Some(read_file(&mut part, recording).await?);
            }
            // What else there is, Kaleyra's page does not tell; Meta's form has a `messaging_product`.
            _ => while in_time(part.chunk()).await?.is_some() {},
        }
    }
    Ok(form)
}

async fn read_type(part: &mut Field<'static>) -> Result<String, Unread> {
    let mut text = Vec::new();
    while let Some(piece) = in_time(part.chunk()).await? {
        if text.len() + piece.len() > TYPE_MAX {
            return Err(wrong("type: longer than any MIME type"));
        }
        text.extend_from_slice(&piece);
    }
    String::from_utf8(text).map_err(|_| wrong("type: not UTF-8"))
}

async fn read_file(
    part: &mut Field<'static>,
    mut recording: Recording,
) -> Result<FormFile, Unread> {
    let name = part.file_name().map(str::to_owned);
    let mut digest = Sha256::new();
    let mut size = 0;
    while let Some(piece) = in_time(part.chunk()).await? {
        size += piece.len() as u64;
        digest.update(&piece);
        recording.push(&piece);
    }
    Ok(FormFile {
        name,
        size,
        sha256: base64::encode(&digest.finalize()),
        bytes: recording.finish(),
    })
}

async fn in_time<T>(next: impl Future<Output = multer::Result<T>>) -> Result<T, Unread> {
    match timeout(PIECE_TIMEOUT, next).await {
        Ok(Ok(next)) => Ok(next),
        Ok(Err(multer::Error::StreamReadFailed(error))) => Err(match error.is::<TooLong>() {
            true => Unread::Wrong(error.to_string()),
            false => Unread::BrokenOff,
        }),
        Ok(Err(error)) => Err(Unread::Wrong(format!("not a form: {error}"))),
        Err(_) => Err(Unread::TooSlow),
    }
}

fn wrong(why: &str) -> Unread {
    Unread::Wrong(why.to_owned())
}

/// A body that the form's reader has and that can be read on when the reader has given up.
struct Lent<B>(Arc<Mutex<Counted<B>>>);

struct Counted<B> {
    body: B,
    read: u64,
}

/// The form is longer than any that is right.
#[derive(Debug, thiserror::Error)]
#[error("file: longer than 100 MB, the most that any kind of file may have")]
struct TooLong;

impl<B> Clone for Lent<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<B> Lent<B> {
    fn new(body: B) -> Self {
        Self(Arc::new(Mutex::new(Counted { body, read: 0 })))
    }
}

impl<B> Lent<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<AnyError>,
{
    async fn discard(mut self) -> Result<(), Unread> {
        loop {
            match timeout(PIECE_TIMEOUT, self.frame()).await {
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) if error.is::<TooLong>() => return Ok(()),
                Ok(Some(Err(_))) => return Err(Unread::BrokenOff),
                Ok(None) => return Ok(()),
                Err(_) => return Err(Unread::TooSlow),
            }
        }
    }
}

impl<B> Body for Lent<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<AnyError>,
{
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        let counted = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.read > FORM_MAX {
            return Poll::Ready(Some(Err(TooLong.into())));
        }
        let frame = ready!(Pin::new(&mut counted.body).poll_frame(context));
        if let Some(Ok(data)) = frame
            .as_ref()
            .map(|frame| frame.as_ref().map(Frame::data_ref))
        {
            counted.read += data.map_or(0, |data| data.len() as u64);
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::HeaderValue;

    use super::*;

    /// The beginning of a form, and then nothing more.
    struct Stuck(Option<Bytes>);

    impl Body for Stuck {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.0.take() {
                Some(beginning) => Poll::Ready(Some(Ok(Frame::data(beginning)))),
                None => Poll::Pending,
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_that_gets_stuck_is_given_up() {
        let content_type = HeaderValue::from_static("multipart/form-data; boundary=b");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type)]);
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf";
        for beginning in ["", "--b\r\nContent-Disp", head] {
            let stuck = Stuck(Some(Bytes::from_static(beginning.as_bytes())));
            let form = read(&headers, stuck, &InFlight::default()).await;
            assert_eq!(form.err(), Some(Unread::TooSlow), "{beginning:?}");
        }
        // Also where it is refused already.
        let form = read(&HeaderMap::new(), Stuck(None), &InFlight::default()).await;
        assert_eq!(form.err(), Some(Unread::TooSlow));
        assert_eq!(discard(Stuck(None)).await, Err(Unread::TooSlow));
    }
}
