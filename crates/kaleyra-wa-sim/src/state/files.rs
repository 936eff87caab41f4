//! Files that are kept in memory, and how much of it they may take.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use bytes::Bytes;

/// The newest files.
pub(crate) struct Files {
    max_bytes: usize,
    bytes: usize,
    kept: VecDeque<File>,
}

#[derive(Clone)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) kept_at: SystemTime,
}

impl Files {
    const MAX: usize = 10_000;

    /// Keeps files of so many bytes together, and at least the newest.
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            bytes: 0,
            kept: VecDeque::new(),
        }
    }

    pub(crate) fn push(&mut self, file: File) {
        self.bytes += file.bytes.len();
        self.kept.push_back(file);
        while self.kept.len() > 1 && (self.bytes > self.max_bytes || self.kept.len() > Self::MAX) {
            if let Some(oldest) = self.kept.pop_front() {
                self.bytes -= oldest.bytes.len();
            }
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &File> {
        self.kept.iter()
    }

    pub(crate) fn find(&self, id: &str) -> Option<File> {
        self.kept.iter().find(|file| file.id == id).cloned()
    }
}

/// What all files that are being received may take together.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<AtomicUsize>);

/// A file while it is received. One that gets too long is discarded: the receiver counts and hashes it all the same.
pub(crate) struct Recording {
    bytes: Option<Vec<u8>>,
    in_flight: InFlight,
}

impl InFlight {
    const MAX: usize = 64 << 20;

    /// Records a file; one of which is known that it gets longer than [`Recording::MAX`] is not even begun.
    pub(crate) fn record(&self, expected: Option<u64>) -> Recording {
        let is_too_long = expected.is_some_and(|expected| expected > Recording::MAX as u64);
        Recording {
            bytes: (!is_too_long).then(Vec::new),
            in_flight: self.clone(),
        }
    }

    fn reserve(&self, more: usize) -> bool {
        let add = |bytes: usize| {
            bytes
                .checked_add(more)
                .filter(|together| *together <= Self::MAX)
        };
        let (relaxed, counter) = (Ordering::Relaxed, &self.0);
        counter.fetch_update(relaxed, relaxed, add).is_ok()
    }
}

impl Recording {
    /// The longest file that is kept, in bytes: all but large documents.
    pub(crate) const MAX: usize = 16 << 20;

    pub(crate) fn push(&mut self, piece: &[u8]) {
        let Some(bytes) = &mut self.bytes else { return };
        let length = bytes.len() + piece.len();
        if length > Self::MAX || !self.in_flight.reserve(piece.len()) {
            self.let_go();
            return;
        }
        if length > bytes.capacity() {
            // As a vector grows by itself, but not beyond what is kept.
            let capacity = length.max(2 * bytes.capacity()).min(Self::MAX);
            bytes.reserve_exact(capacity - bytes.len());
        }
        bytes.extend_from_slice(piece);
    }

    /// The file, unless it was too long.
    pub(crate) fn finish(mut self) -> Option<Bytes> {
        self.let_go().map(|bytes| bytes.into_boxed_slice().into())
    }

    fn let_go(&mut self) -> Option<Vec<u8>> {
        let bytes = self.bytes.take()?;
        self.in_flight.0.fetch_sub(bytes.len(), Ordering::Relaxed);
        Some(bytes)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.let_go();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: &str, length: usize) -> File {
        File {
            id: id.to_owned(),
            mime_type: "text/plain".to_owned(),
            bytes: vec![0; length].into(),
            kept_at: SystemTime::now(),
        }
    }

    #[test]
    fn the_oldest_give_way_and_the_newest_stays() {
        let mut files = Files::new(10);
        let kept = |files: &Files| {
            ["a", "b", "c", "d"].map(|id| files.find(id).map(|file| file.bytes.len()))
        };
        files.push(file("a", 5));
        files.push(file("b", 5));
        assert_eq!(kept(&files), [Some(5), Some(5), None, None]);
        files.push(file("c", 1));
        assert_eq!(kept(&files), [None, Some(5), Some(1), None]);
        files.push(file("d", 11));
        assert_eq!(kept(&files), [None, None, None, Some(11)]);
    }

    #[test]
    fn empty_ones_give_way_too() {
        let mut files = Files::new(10);
        for number in 0..=Files::MAX {
            files.push(file(&number.to_string(), 0));
        }
        assert!(files.find("0").is_none() && files.find("1").is_some());
    }

    #[test]
    fn a_recording_ends_where_it_gets_too_long() {
        let in_flight = InFlight::default();
        let half = vec![7; Recording::MAX / 2];
        let mut recording = in_flight.record(None);
        recording.push(&half);
        recording.push(&half);
        assert_eq!(in_flight.0.load(Ordering::Relaxed), Recording::MAX);
        assert_eq!(recording.finish().unwrap().len(), Recording::MAX);
        assert_eq!(in_flight.0.load(Ordering::Relaxed), 0);

        let mut recording = in_flight.record(Some(1));
        for piece in [&half[..], &half, b"x", b"y"] {
            recording.push(piece);
        }
        assert_eq!(in_flight.0.load(Ordering::Relaxed), 0);
        assert!(recording.finish().is_none());

        let mut recording = in_flight.record(Some(Recording::MAX as u64 + 1));
        recording.push(b"x");
        assert!(recording.finish().is_none());
    }

    #[test]
    fn recordings_share_what_there_is() {
        let in_flight = InFlight::default();
        let whole = vec![7; Recording::MAX];
        let mut recordings: Vec<Recording> = (0..5).map(|_| in_flight.record(None)).collect();
        for recording in &mut recordings {
            recording.push(&whole);
        }
        let last = recordings.pop().unwrap();
        assert!(last.finish().is_none());
        drop(recordings);
        assert_eq!(in_flight.0.load(Ordering::Relaxed), 0);
    }
}
