//! Recorded and documented payloads, read where they are laid beside the checkout; they are not part of the project.

use std::path::{Path, PathBuf};

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::callback::{Callback, Event};
use kaleyra_wa_types::messaging_object::MessagingObject;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use crate::fixtures::json_files;

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
fn every_answer_is_read_losslessly() {
    let Some(folder) = folder("kaleyra/responses") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        let response = Response::from_slice(&body).unwrap();
        let came: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            serde_json::to_value(&response).unwrap(),
            came,
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_message_is_read_losslessly() {
    let Some(folder) = folder("meta/messages") else {
        return;
    };
    for (path, body) in json_files(&folder) {
        let came: Value = serde_json::from_slice(&body).unwrap();
        if came.get("status").is_some() {
            continue; // a read receipt is no message
        }
        let message: MessagingObject = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
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
        let request: SendRequest = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let came: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            serde_json::to_value(&request).unwrap(),
            came,
            "{}",
            path.display()
        );
    }
}
