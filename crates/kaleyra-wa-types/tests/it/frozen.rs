//! Stored events stay readable: what each version wrote, and how it understood it, is kept and read by all later ones.
//!
//! `FREEZE=1 cargo test -p kaleyra-wa-types frozen` writes the files of the version that is being made. Once that version is
//! released its files are never written again: somebody has stored what they show. A later version has files of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use kaleyra_wa_types::inbound::Callback;
use kaleyra_wa_types::outbound::{DecodedOutbound, decode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fixtures::{all, json_files};

/// One fixture, as a version wrote it.
#[derive(Serialize, Deserialize)]
struct Frozen<T> {
    /// The file's name.
    source: String,
    written: T,
    events: Vec<Summary>,
}

/// How one event was understood.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Summary {
    kind: String,
    #[serde(rename = "type")]
    type_name: String,
    id: Option<String>,
    user: Option<String>,
    outcome: String,
}

impl Summary {
    /// Whether a later version understands it at least as well: what had a meaning still has the same.
    fn is_kept_by(&self, later: &Self) -> bool {
        let text = |earlier: &Option<String>, later| earlier.is_none() || earlier == later;
        match self.outcome.as_str() {
            "typed" => {
                self.kind == later.kind
                    && self.type_name == later.type_name
                    && self.outcome == later.outcome
                    && text(&self.id, &later.id)
                    && text(&self.user, &later.user)
            }
            _ => text(&self.id, &later.id),
        }
    }
}

/// Reads a callback, and writes it.
fn callback(body: &[u8]) -> (Callback, Vec<Summary>) {
    let callback = Callback::from_slice(body).expect("a callback is read");
    let events = callback.events().map(|event| Summary {
        kind: event.kind().to_string(),
        type_name: event.type_name().to_owned(),
        id: event.id().map(str::to_owned),
        user: event.user().map(str::to_owned),
        outcome: event.recognition().to_string(),
    });
    let events = events.collect();
    (callback, events)
}

/// Reads what is sent, and writes it; it is one event, and has no id yet.
fn request(body: &[u8]) -> (DecodedOutbound, Vec<Summary>) {
    let request = decode(body).expect("what is sent is read");
    let summary = Summary {
        kind: "outbound".to_owned(),
        type_name: request.type_name().to_owned(),
        id: None,
        user: None,
        outcome: request.recognition().to_string(),
    };
    (request, vec![summary])
}

/// The folders of all versions that left something, with their names.
fn versions() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(root()).expect("something is frozen");
    folders
        .map(|folder| folder.expect("a folder is read"))
        .map(|folder| {
            (
                folder.file_name().to_string_lossy().into_owned(),
                folder.path(),
            )
        })
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/frozen")
}

/// Writes what this version makes of the fixtures in a folder, one to a line.
fn freeze<T: Serialize>(folder: &str, read: impl Fn(&[u8]) -> (T, Vec<Summary>)) {
    let lines: Vec<String> = all(folder)
        .into_iter()
        .map(|(path, body)| {
            let (written, events) = read(&body);
            let source = path
                .file_name()
                .expect("a file")
                .to_string_lossy()
                .into_owned();
            let frozen = Frozen {
                source,
                written,
                events,
            };
            serde_json::to_string(&frozen).expect("it is written")
        })
        .collect();
    let version = root().join(env!("CARGO_PKG_VERSION"));
    fs::create_dir_all(&version).expect("a folder for this version");
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    fs::write(version.join(format!("{folder}.json")), text).expect("the file is written");
}

/// Reads what a version wrote, and compares what it is understood as.
fn check<T: Serialize>(version: &str, file: &Path, read: impl Fn(&[u8]) -> (T, Vec<Summary>)) {
    let text = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let all: Vec<Frozen<Value>> = serde_json::from_slice(&text).expect("a file of this test");
    assert!(!all.is_empty(), "{}", file.display());
    for Frozen {
        source,
        written,
        events,
    } in all
    {
        let what = format!("{source} as {version} wrote it");
        let (again, later) = read(written.to_string().as_bytes());
        let again = serde_json::to_value(again).expect("it is written");
        assert_eq!(again, written, "{what}");
        assert_eq!(later.len(), events.len(), "{what}");
        for (earlier, later) in events.iter().zip(&later) {
            if version == env!("CARGO_PKG_VERSION") {
                assert_eq!(later, earlier, "{what}");
            }
            assert!(
                earlier.is_kept_by(later),
                "{what}: {earlier:?} is now {later:?}"
            );
        }
    }
}

#[test]
fn what_any_version_wrote_is_read_as_it_was() {
    if env::var_os("FREEZE").is_some_and(|freeze_now| freeze_now == "1") {
        freeze("callbacks", callback);
        freeze("requests", request);
    }
    let versions = versions();
    assert!(
        versions.contains_key(env!("CARGO_PKG_VERSION")),
        "this version has left nothing yet: run this test once with FREEZE=1"
    );
    for (version, folder) in versions {
        assert_eq!(json_files(&folder).len(), 2, "{version}");
        check(&version, &folder.join("callbacks.json"), callback);
        check(&version, &folder.join("requests.json"), request);
    }
}

#[test]
fn a_later_version_may_understand_more_and_never_less() {
    let summary = |type_name: &str, user: Option<&str>, outcome: &str| Summary {
        kind: "message".to_owned(),
        type_name: type_name.to_owned(),
        id: Some("wamid.A".to_owned()),
        user: user.map(str::to_owned),
        outcome: outcome.to_owned(),
    };
    let typed = summary("text", Some("919800000001"), "typed");
    let unknown = summary("poll", None, "unknown");
    assert!(typed.is_kept_by(&typed) && unknown.is_kept_by(&unknown));
    assert!(unknown.is_kept_by(&summary("poll", Some("919800000001"), "typed")));
    assert!(!typed.is_kept_by(&summary("text", Some("919800000001"), "unknown")));
    assert!(!typed.is_kept_by(&summary("image", Some("919800000001"), "typed")));
    assert!(!typed.is_kept_by(&summary("text", None, "typed")));
}
