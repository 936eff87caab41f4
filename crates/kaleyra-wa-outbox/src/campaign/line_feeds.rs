//! Line ends, made the same.

use std::io::{self, BufRead, Read};

/// A file whose lines end with a line feed each, also where they end with a carriage return before it, and the last.
pub(super) struct LineFeeds<R> {
    inner: R,
    state: Feed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Feed {
    Within,
    /// A carriage return was read, and not given yet.
    AfterReturn,
    /// All was read; one line feed is still to be given.
    Last,
    Over,
}

impl<R> LineFeeds<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self {
            inner,
            state: Feed::Within,
        }
    }
}

impl<R: BufRead> Read for LineFeeds<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut given = 0;
        while given < to.len() {
            if matches!(self.state, Feed::Last | Feed::Over) {
                if self.state == Feed::Last {
                    to[given] = b'\n';
                    given += 1;
                    self.state = Feed::Over;
                }
                return Ok(given);
            }
            let piece = self.inner.fill_buf()?;
            let Some(byte) = piece.first().copied() else {
                if self.state == Feed::AfterReturn {
                    to[given] = b'\r';
                    given += 1;
                }
                self.state = Feed::Last;
                continue;
            };
            if self.state == Feed::AfterReturn {
                self.state = Feed::Within;
                if byte != b'\n' {
                    to[given] = b'\r';
                    given += 1;
                    continue;
                }
            }
            // As much as there is up to the next carriage return.
            let length = piece.len().min(to.len() - given);
            let length = piece[..length]
                .iter()
                .position(|byte| *byte == b'\r')
                .unwrap_or(length);
            if length == 0 {
                self.inner.consume(1);
                self.state = Feed::AfterReturn;
                continue;
            }
            to[given..given + length].copy_from_slice(&piece[..length]);
            self.inner.consume(length);
            given += length;
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn every_line_ends_with_a_line_feed_however_it_is_read() {
        for size in [1, 2, 3, 100] {
            let file = BufReader::with_capacity(size, &b"a\r\nb\nc\rd\r\r\n\r"[..]);
            let mut text = String::new();
            LineFeeds::new(file).read_to_string(&mut text).unwrap();
            assert_eq!(text, "a\nb\nc\rd\r\n\r\n");
        }
    }
}
