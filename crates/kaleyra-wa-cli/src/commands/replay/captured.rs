//! Callbacks that were captured, read one at a time: in files, in a folder with their headers, or in an inbox.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;

use super::kept::{self, Kept};
use crate::exit::Exit;

/// No callback is longer.
const MAX: u64 = 64 << 20;

/// One callback, as it came.
pub(super) struct Captured {
    pub(super) source: String,
    pub(super) method: Method,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) received_at: Option<Timestamp>,
}

/// Where callbacks are, to be read as often as one likes.
pub(super) enum Source {
    /// A file with one.
    File(PathBuf),
    /// What can be read once only, such as a pipe.
    Once(PathBuf, Bytes),
    /// A file with one per line.
    Lines(PathBuf),
    /// Files with one each, in their order.
    Folder(Vec<PathBuf>),
    /// A store that keeps them.
    Inbox(kept::Inbox),
}

/// The callbacks of a source that are still to come.
pub(super) enum Reading<'a> {
    Whole(Option<Captured>),
    Lines(&'a Path, BufReader<File>, u64),
    Files(std::slice::Iter<'a, PathBuf>),
    Inbox(Kept<'a>),
}

impl Source {
    /// Looks at what a path leads to.
    pub(super) fn open(path: &Path) -> Result<Self, Exit> {
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if metadata.is_dir() {
            return folder(path);
        }
        if !metadata.is_file() {
            return Ok(Self::Once(path.to_owned(), whole(path)?));
        }
        if kept::is_store(path).map_err(|error| unreadable(path, &error))? {
            return Ok(Self::Inbox(kept::Inbox::open(path)?));
        }
        let extension = path.extension();
        Ok(
            match extension.is_some_and(|it| it == "jsonl" || it == "ndjson") {
                true => Self::Lines(path.to_owned()),
                false => Self::File(path.to_owned()),
            },
        )
    }

    /// Reads it from its beginning.
    pub(super) fn read(&self) -> Result<Reading<'_>, Exit> {
        Ok(match self {
            Self::File(path) => Reading::Whole(Some(of_file(path)?)),
            Self::Once(path, body) => {
                let source = path.display().to_string();
                Reading::Whole(Some(Captured::plain(source, body.clone())))
            }
            Self::Lines(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, &error))?;
                Reading::Lines(path, BufReader::new(file), 0)
            }
            Self::Folder(files) => Reading::Files(files.iter()),
            Self::Inbox(inbox) => Reading::Inbox(inbox.read()),
        })
    }
}

impl Reading<'_> {
    /// The next one.
    pub(super) async fn next(&mut self) -> Result<Option<Captured>, Exit> {
        match self {
            Self::Whole(one) => Ok(one.take()),
            Self::Lines(path, file, number) => line(path, file, number),
            Self::Files(files) => files.next().map(|path| of_file(path)).transpose(),
            Self::Inbox(kept) => kept.next().await,
        }
    }
}

impl Captured {
    /// A body of which nothing else is known.
    pub(super) fn plain(source: String, body: Bytes) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            source,
            method: Method::POST,
            query: None,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, json)]),
            body,
            received_at: None,
        }
    }
}

fn folder(path: &Path) -> Result<Source, Exit> {
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        if file.extension().is_some_and(|it| it == "json") {
            files.push(file);
        }
    }
    files.sort();
    Ok(Source::Folder(files))
}

/// The next line that is not empty.
fn line(
    path: &Path,
    file: &mut BufReader<File>,
    number: &mut u64,
) -> Result<Option<Captured>, Exit> {
    loop {
        let mut bytes = Vec::new();
        let length = file
            .by_ref()
            .take(MAX + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        if length == 0 {
            return Ok(None);
        }
        *number += 1;
        if length as u64 > MAX {
            return Err(too_long(path));
        }
        let line = bytes.trim_ascii();
        if !line.is_empty() {
            let source = format!("{}:{number}", path.display());
            return Ok(Some(Captured::plain(source, Bytes::copy_from_slice(line))));
        }
    }
}

fn whole(path: &Path) -> Result<Bytes, Exit> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut body = Vec::new();
    file.take(MAX + 1)
        .read_to_end(&mut body)
        .map_err(|error| unreadable(path, &error))?;
    match body.len() as u64 > MAX {
        true => Err(too_long(path)),
        false => Ok(body.into()),
    }
}

fn of_file(path: &Path) -> Result<Captured, Exit> {
    let captured = Captured::plain(path.display().to_string(), whole(path)?);
    let head = path.with_extension("head");
    match fs::read_to_string(&head) {
        Ok(text) => with_head(captured, &text).ok_or_else(|| {
            Exit::bad_input(format!(
                "{}: it is not the head of a request; remove it, or save the callback again",
                head.display()
            ))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(captured),
        Err(error) => Err(unreadable(&head, &error)),
    }
}

fn with_head(mut captured: Captured, head: &str) -> Option<Captured> {
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    captured.method = method.parse().ok()?;
    captured.query = target.split_once('?').map(|(_, query)| query.to_owned());
    captured.headers = HeaderMap::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ")?;
        if name == "x-received-at" {
            captured.received_at = value.parse().ok();
            continue;
        }
        let name: HeaderName = name.parse().ok()?;
        captured.headers.append(name, value.parse().ok()?);
    }
    if captured.method == Method::GET {
        // All that it says is in the query.
        captured.body = Bytes::new();
    }
    Some(captured)
}

fn too_long(path: &Path) -> Exit {
    let at = path.display();
    let most = MAX >> 20;
    Exit::bad_input(format!(
        "{at}: longer than {most} MiB, so it is no callback"
    ))
}

fn unreadable(path: &Path, error: &io::Error) -> Exit {
    Exit::bad_input(format!(
        "{}: {}",
        path.display(),
        crate::input::why_unreadable(error)
    ))
}
