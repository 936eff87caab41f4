//! Reads recorded payloads with the command line tool; they lie beside the checkout, and are no part of the project.

use std::fs;

use crate::cargo::{cargo, root, run};

/// Where they are, seen from the root of the repository.
const FOLDER: &str = "../shared/corpus";

/// How the name of a whole request begins; the others hold placeholders where numbers belong.
const WHOLE: &str = "send_";

/// Has every payload checked; without them there is nothing to check.
///
/// # Errors
/// What failed first, in one line.
pub(crate) fn check() -> Result<(), String> {
    if !root().join(FOLDER).is_dir() {
        println!("no corpus beside this checkout: skipped");
        return Ok(());
    }
    for arguments in arguments(&requests()?) {
        let tool = ["run", "--quiet", "--package", "kaleyra-wa-cli"];
        let mut command = cargo(tool);
        command.args(["--bin", "kaleyra-wa", "--", "check"]);
        run(command.args(arguments))?;
    }
    Ok(())
}

/// What `check` is asked, the paths as they are seen from the root.
fn arguments(requests: &[String]) -> [Vec<String>; 2] {
    let path = |path: &str| format!("{FOLDER}/{path}");
    let callbacks = ["kaleyra/callbacks", "meta/callbacks"].map(path);
    let whole = requests.iter().filter(|name| name.starts_with(WHOLE));
    // Recorded messages hold placeholders and refused tries: whether they are read is what counts.
    let mut messages = ["--as", "message", "--unchecked"]
        .map(str::to_owned)
        .to_vec();
    messages.extend(whole.map(|name| path(&format!("kaleyra/requests/{name}"))));
    messages.push(path("meta/messages"));
    [callbacks.to_vec(), messages]
}

/// The names of the recorded requests, in their order.
fn requests() -> Result<Vec<String>, String> {
    let folder = format!("{FOLDER}/kaleyra/requests");
    let entries = fs::read_dir(root().join(&folder))
        .map_err(|error| format!("the folder `{folder}` can't be read: {error}"))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_checked_then_messages() {
        let names = ["format_image.json", "send_image.json", "resend_it.json"];
        let found = arguments(&names.map(str::to_owned));
        let expect = [
            "../shared/corpus/kaleyra/callbacks ../shared/corpus/meta/callbacks",
            "--as message --unchecked ../shared/corpus/kaleyra/requests/send_image.json ../shared/corpus/meta/messages",
        ];
        assert_eq!(found.map(|arguments| arguments.join(" ")), expect);
    }
}
