//! Recorded and documented payloads, read where they are laid beside the checkout; they are not part of the project.

use std::path::{Path, PathBuf};

use kaleyra_wa_types::inbound::{Callback, Event, Field};
use kaleyra_wa_types::outbound::decode;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{Recognition, SendRequest};
use serde_json::Value;

use crate::fixtures::{json_files, read_losslessly};

/// A folder of the corpus; `None`, said aloud, where there is no corpus.
fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus")
        .join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no corpus at {}: nothing checked", folder.display());
    None
}

#[test]
fn every_callback_is_read_losslessly_and_nothing_is_malformed() {
    for name in ["kaleyra/callbacks", "meta/callbacks"] {
        let Some(folder) = folder(name) else { return };
        for (path, body) in json_files(&folder) {
            let path = path.display();
            let callback =
                Callback::from_slice(&body).unwrap_or_else(|error| panic!("{path}: {error}"));
            for event in callback.events() {
                assert!(!matches!(event, Event::Malformed(_)), "{path}: {event:?}");
            }
            let came: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(serde_json::to_value(&callback).unwrap(), came, "{path}");
        }
    }
}

#[test]
fn every_message_and_status_is_typed_unless_it_is_of_no_known_type() {
    for name in ["kaleyra/callbacks", "meta/callbacks"] {
        let Some(folder) = folder(name) else { return };
        for (path, body) in json_files(&folder) {
            let name = path.file_name().unwrap().to_string_lossy();
            // Deliberate unknowns, and callbacks of a customer's own profile or of V1.
            let foreign = ["edge-", "profile_template_", "v1_"];
            if foreign.iter().any(|prefix| name.starts_with(prefix)) {
                continue;
            }
            for event in Callback::from_slice(&body).unwrap().events() {
                // Some have the lists of other fields beside.
                if let Event::Unknown(element) = &event {
                    assert!(
                        ["calls", "message_echoes"].contains(&element.list),
                        "{name}: {event:?}"
                    );
                    continue;
                }
                assert_eq!(event.recognition(), Recognition::Typed, "{name}: {event:?}");
            }
        }
    }
}

#[test]
fn every_change_of_another_field_is_typed() {
    let Some(folder) = folder("meta/callbacks") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        let callback = Callback::from_slice(&body).unwrap();
        let Some(change) = callback.meta_object.as_ref() else {
            continue;
        };
        let outcome = change.change().recognition();
        // Some are made so that nobody can know them.
        let is_edge = path.to_string_lossy().contains("/edge-");
        let expected = match change.field {
            Some(Field::Messages) => Recognition::Typed,
            _ if is_edge => Recognition::Unknown,
            _ => Recognition::Typed,
        };
        assert_eq!(outcome, expected, "{}", path.display());
    }
}

#[test]
fn every_answer_is_read_losslessly() {
    let Some(folder) = folder("kaleyra/responses") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        read_losslessly::<Response>(&path, &body);
    }
}

#[test]
fn every_message_is_read_losslessly() {
    let Some(folder) = folder("meta/messages") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        let came: Value = serde_json::from_slice(&body).unwrap();
        let message = decode(&body).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(message.error(), None, "{}", path.display());
        assert_eq!(
            serde_json::to_value(&message).unwrap(),
            came,
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_sample_send_is_read_losslessly() {
    let Some(folder) = folder("kaleyra/requests") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        if !path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("send_")
        {
            continue; // the formats hold placeholders
        }
        read_losslessly::<SendRequest>(&path, &body);
    }
}
