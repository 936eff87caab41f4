//! The commands and samples of `docs/templates.md`.

use std::fs;

use super::{folder, on_account};
use crate::command::{kaleyra_wa, run};
use crate::http::request;
use crate::send::sim;

/// The samples of `docs/templates.md`, in their order.
#[test]
fn the_commands_of_the_documentation_run() {
    let (sim, folder) = (sim(), folder("documentation"));
    let text = include_str!("../../../../../docs/templates.md");
    let blocks = |language: &str| -> Vec<String> {
        let fence = format!("```{language}\n");
        let blocks = text.split(&fence).skip(1);
        blocks
            .map(|block| block.split("```").next().unwrap().to_owned())
            .collect()
    };
    let [parcel, message, parts] = &blocks("json")[..] else {
        panic!("three files are shown");
    };
    let checked = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        run(&mut kaleyra_wa(&[
            "template",
            "check",
            file.to_str().unwrap(),
        ]))
    };
    // Nothing is wrong with them, and nothing is to be said of them.
    for (name, text) in [("parcel.json", parcel), ("parts.json", parts)] {
        let (code, out, error) = checked(name, text);
        assert_eq!((code, &*out), (0, ""), "{name}: {error}");
    }
    fs::remove_file(folder.join("parts.json")).unwrap();
    fs::write(folder.join("parcel.json"), parcel).unwrap();
    fs::write(folder.join("message.json"), message).unwrap();
    let commands = blocks("sh");
    let mut count = 0;
    for line in commands.iter().flat_map(|block| block.lines()) {
        let (line, comment) = line.split_once("   # ").unwrap_or((line, "ends with 0"));
        let expected = comment.split([' ', ':']).nth(2).unwrap();
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match &words[..] {
            // It runs already, at another address.
            ["kaleyra-wa", "sim", ..] | ["export", ..] => continue,
            ["curl", "-X", "PATCH", url, "-d", body] => {
                let path = url.strip_prefix("http://127.0.0.1:8090").unwrap();
                let (status, answer) = request("PATCH", &sim.address, path, &[], body.as_bytes());
                assert_eq!(status, 200, "{line}: {answer}");
            }
            ["kaleyra-wa", arguments @ ..] => {
                let mut command = on_account(&sim, arguments);
                let (code, _, error) = run(command.current_dir(&folder));
                assert_eq!(code.to_string(), expected, "{line}: {error}");
            }
            _ => panic!("{line}"),
        }
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

/// The words of a shell's line, with quotes around those that have blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for sign in line.chars() {
        match (sign, quote) {
            (sign, Some(open)) if sign == open => quote = None,
            ('"' | '\'', None) => quote = Some(sign),
            (' ', None) => words.push(String::new()),
            (sign, _) => words.last_mut().unwrap().push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
