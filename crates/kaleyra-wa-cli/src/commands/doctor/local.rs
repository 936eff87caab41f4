//! What can be seen on this machine: the values, and who can read the secrets.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::{Check, Finding, Verdict};
use crate::settings::AccountSettings;
use crate::settings::file::credentials_path;
use crate::settings::layers::{Layers, Origin};
use crate::settings::secret::shared;
use crate::settings::variable;

const VALUES: Check = Check(1, "values");
const SECRETS: Check = Check(2, "secrets");

/// Whether the values are there, what they look like, where they come from.
pub(super) fn values(account: &AccountSettings, layers: &Layers) -> Vec<Finding> {
    let credentials = &account.credentials;
    let mut findings = Vec::new();
    let rows = [
        ("SID", credentials.sid(layers), "KALEYRA_SID or --sid"),
        (
            "sender",
            credentials.sender(layers),
            "KALEYRA_SENDER or --sender",
        ),
    ];
    for (name, found, how) in rows {
        findings.push(match found {
            None => VALUES
                .finds(Verdict::Wrong, name, format!("there is no {name}"))
                .advice(format!("copy it from Kaleyra's console into {how}, or into a profile")),
            Some(found) if name == "SID" && !looks_like_sid(&found.value) => VALUES
                .finds(
                    Verdict::Warning,
                    name,
                    "it does not look like those that are known, which begin with HX and have letters and digits",
                )
                .came(format!("from {}", found.origin))
                .advice("compare it with the console; if it works, all is well"),
            Some(found) => VALUES
                .finds(Verdict::Ok, name, format!("{name} from {}", found.origin)),
        });
    }
    findings.push(match credentials.api_key_origin(layers) {
        Err(exit) => SECRETS.finds(
            Verdict::Wrong,
            "the API key",
            exit.message().unwrap_or_default(),
        ),
        Ok(None) => VALUES
            .finds(Verdict::Wrong, "the API key", "there is no API key")
            .advice("copy it from Kaleyra's console into a file and name that in KALEYRA_API_KEY_FILE, or: kaleyra-wa config login"),
        Ok(Some(origin)) => VALUES.finds(Verdict::Ok, "the API key", format!("API key from {origin}")),
    });
    findings
}

/// Whether others can see the secrets.
pub(super) fn secrets(account: &AccountSettings, layers: &Layers) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Ok(Some(Origin::Flag("--api-key"))) = account.credentials.api_key_origin(layers) {
        findings.push(
            SECRETS
                .finds(
                    Verdict::Warning,
                    "the arguments of this command",
                    "the key is in a flag: every user of the machine can see it, and the shell keeps it in its history",
                )
                .advice("put it into a file that only you can read, and name that in KALEYRA_API_KEY_FILE"),
        );
    }
    let credentials = credentials_path(&layers.config.path);
    let named = layers
        .profile("api_key_file")
        .map(|found| PathBuf::from(found.value));
    let variable = variable("KALEYRA_API_KEY_FILE").map(PathBuf::from);
    let files = [Some(credentials), named, variable].into_iter().flatten();
    for path in files {
        let path: &Path = &path;
        if let Ok(metadata) = fs::metadata(path)
            && let Some(why) = shared(path, &metadata)
        {
            let (what, advice) = why.split_once("; ").unwrap_or((&why, ""));
            findings.push(
                SECRETS
                    .finds(Verdict::Wrong, "the modes of files with secrets", what)
                    .advice(advice),
            );
        }
    }
    if findings.is_empty() {
        findings.push(SECRETS.finds(
            Verdict::Ok,
            "the modes of files with secrets, the arguments, the project's file",
            "no secret lies open",
        ));
    }
    findings
}

fn looks_like_sid(sid: &str) -> bool {
    sid.starts_with("HX") && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
