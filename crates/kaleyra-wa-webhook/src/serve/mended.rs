//! A stream whose request lines have no characters in their queries that HTTP forbids there.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activity::Activity;

/// The longest request line that is looked at; a longer one is hyper's to refuse.
const LONGEST: usize = 16 * 1024;

/// Kaleyra's own sample of a GET has raw quotes in its query (`event="REJECTED"`), and texts of templates have spaces.
/// hyper refuses such a line before anybody sees it, again and again.
///
/// Only the query is touched: quotes are left out, and what else may not stand there is escaped.
pub(super) struct Mended<S> {
    stream: S,
    activity: Arc<Activity>,
    /// The head whose line was dealt with last.
    done: Option<u64>,
    /// The beginning of a line.
    held: Vec<u8>,
    /// What goes out before anything else, from here on.
    out: Vec<u8>,
    gone: usize,
}

impl<S> Mended<S> {
    pub(super) const fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self {
            stream,
            activity,
            done: None,
            held: Vec::new(),
            out: Vec::new(),
            gone: 0,
        }
    }

    /// Gives out what is ready. `false` if nothing is.
    fn give(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let left = &self.out[self.gone..];
        if left.is_empty() {
            return false;
        }
        let some = &left[..left.len().min(buf.remaining())];
        buf.put_slice(some);
        self.gone += some.len();
        if self.gone == self.out.len() {
            (self.out, self.gone) = (Vec::new(), 0);
        }
        true
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Mended<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.give(buf) {
                return Poll::Ready(Ok(()));
            }
            let head = this.activity.head();
            if head.is_none() || head == this.done {
                return Pin::new(&mut this.stream).poll_read(cx, buf);
            }
            let before = buf.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
            let read = &buf.filled()[before..];
            let is_end = read.is_empty();
            if this.held.is_empty() {
                let line = line_of(read);
                if is_end || line.is_some_and(|line| mended(line).is_none()) {
                    this.done = head;
                    return Poll::Ready(Ok(()));
                }
            }
            this.held.extend_from_slice(read);
            buf.set_filled(before);
            let line = line_of(&this.held);
            if line.is_some() || is_end || this.held.len() > LONGEST {
                this.done = head;
                this.out = match line.and_then(|line| Some((mended(line)?, line.len()))) {
                    Some((mut mended, length)) => {
                        mended.extend_from_slice(&this.held[length..]);
                        this.held.clear();
                        mended
                    }
                    None => std::mem::take(&mut this.held),
                };
            }
        }
    }
}

/// The first line, without its end.
fn line_of(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some(&bytes[..end])
}

/// A request line with a query in order; `None` if it is so already, or is no such line.
fn mended(line: &[u8]) -> Option<Vec<u8>> {
    let version = line
        .windows(b" HTTP/".len())
        .rposition(|part| part == b" HTTP/")?;
    let query = line[..version].iter().position(|byte| *byte == b'?')? + 1;
    let query = line.get(query..version).map(|it| (query, it))?;
    let (start, query) = query;
    if query.iter().all(|byte| may_stand(*byte)) {
        return None;
    }
    let mut mended = line[..start].to_vec();
    for byte in query {
        match byte {
            b'"' => {}
            byte if may_stand(*byte) => mended.push(*byte),
            byte => mended.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    mended.extend_from_slice(&line[version..]);
    Some(mended)
}

/// What hyper and `http` take in a query, less what begins a fragment.
const fn may_stand(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'`')
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Mended<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[test]
    fn only_a_query_that_is_not_in_order_is_touched() {
        let check = |line: &str| mended(line.as_bytes()).map(|it| String::from_utf8(it).unwrap());
        for (line, expect) in [
            ("GET /a?b=\"c\" HTTP/1.1\r", "GET /a?b=c HTTP/1.1\r"),
            ("GET /a?b=c d&e HTTP/1.1\r", "GET /a?b=c%20d&e HTTP/1.1\r"),
            ("GET /?b=é<> HTTP/1.1\r", "GET /?b=%C3%A9%3C%3E HTTP/1.1\r"),
            ("GET /?a= HTTP/2 HTTP/1.1\r", "GET /?a=%20HTTP/2 HTTP/1.1\r"),
        ] {
            assert_eq!(check(line).as_deref(), Some(expect), "{line}");
        }
        for line in [
            "GET /a?b=c&d=%22 HTTP/1.1\r",
            "GET /a\"b HTTP/1.1\r",
            "GET /a?b=\"c\"",
            "",
            " HTTP/1.1",
            "? HTTP/1.1",
        ] {
            assert_eq!(check(line), None, "{line}");
        }
    }

    #[tokio::test]
    async fn the_pieces_that_it_comes_in_do_not_matter() {
        let request = b"GET /?a=\"1\" HTTP/1.1\r\nx: \"y\"\r\n\r\n\"body\"";
        for size in [1, 7, 12, 1024] {
            let (ours, mut theirs) = duplex(1024);
            let mut stream = Mended::new(ours, Arc::new(Activity::new()));
            let writing = async {
                for piece in request.chunks(size) {
                    theirs.write_all(piece).await.unwrap();
                    tokio::task::yield_now().await;
                }
                drop(theirs);
            };
            let mut read = String::new();
            let (read_it, ()) = tokio::join!(stream.read_to_string(&mut read), writing);
            read_it.unwrap();
            assert_eq!(read, "GET /?a=1 HTTP/1.1\r\nx: \"y\"\r\n\r\n\"body\"");
        }
    }
}
