//! Callbacks that were captured: in files, or in a folder with their heads.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;

use crate::exit::Exit;

/// One callback, as it came.
pub(super) struct Captured {
    pub(super) source: String,
    pub(super) method: Method,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) received_at: Option<Timestamp>,
}

/// The callbacks of a file or a folder, in their order.
pub(super) fn read(source: &Path) -> Result<Vec<Captured>, Exit> {
    if source.is_dir() {
        let entries = fs::read_dir(source).map_err(|error| unreadable(source, &error))?;
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect();
        files.sort();
        return files.iter().map(|path| of_file(path)).collect();
    }
    if source
        .extension()
        .is_some_and(|it| it == "jsonl" || it == "ndjson")
    {
        let text = fs::read_to_string(source).map_err(|error| unreadable(source, &error))?;
        let lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty());
        return Ok(lines
            .map(|(number, line)| {
                Captured::plain(
                    format!("{}:{number}", source.display()),
                    Bytes::copy_from_slice(line.as_bytes()),
                )
            })
            .collect());
    }
    of_file(source).map(|captured| vec![captured])
}

impl Captured {
    fn plain(source: String, body: Bytes) -> Self {
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

fn of_file(path: &Path) -> Result<Captured, Exit> {
    let body = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let captured = Captured::plain(path.display().to_string(), body.into());
    match fs::read_to_string(path.with_extension("head")) {
        Ok(head) => with_head(captured, &head).ok_or_else(|| {
            Exit::bad_input(format!(
                "{}: it can't be read as a head; remove it, or save anew",
                path.with_extension("head").display()
            ))
        }),
        Err(_) => Ok(captured),
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

fn unreadable(path: &Path, error: &std::io::Error) -> Exit {
    Exit::bad_input(format!("{}: can't be read: {error}", path.display()))
}
