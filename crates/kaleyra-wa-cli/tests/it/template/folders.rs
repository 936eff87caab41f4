//! Folders of definitions: pulled, checked, submitted, each file by itself.

use std::fs;

use serde_json::{Value, json};

use super::{PARCEL, folder, json_of, template};
use crate::command::{kaleyra_wa, run};
use crate::send::{KEY, sim};

#[test]
fn a_pulled_folder_is_the_same_each_time() {
    let (sim, folder) = (sim(), folder("pull"));
    let parcel = folder.join("parcel.json");
    assert_eq!(
        run(&mut template(
            &sim,
            &["create", parcel.to_str().unwrap(), "--yes"]
        ))
        .0,
        0
    );
    let into = folder.join("templates");
    let pull = |json: bool| {
        let mut arguments = vec!["pull", into.to_str().unwrap()];
        arguments.extend(json.then_some("--json"));
        run(&mut template(&sim, &arguments))
    };
    let (code, out, error) = pull(false);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("added    parcel in en_US"), "{out}");
    let file = into.join("parcel.en_US.json");
    let first = fs::read(&file).unwrap();
    let (_, out, _) = pull(true);
    let again = json_of(&out);
    assert_eq!(
        (&again["listed"], &again["added"], &again["changed"]),
        (&json!(1), &json!([]), &json!([]))
    );
    assert_eq!(fs::read(&file).unwrap(), first);
    // What was pulled says the same as what is there.
    let (_, out, _) = run(&mut template(
        &sim,
        &["create", file.to_str().unwrap(), "--json"],
    ));
    assert_eq!(json_of(&out)["outcome"], "unchanged");
    assert_eq!(
        run(&mut template(&sim, &["delete", "parcel", "--yes"])).0,
        0
    );
    let (_, _, error) = pull(false);
    assert!(
        error.contains("parcel in en_US is not listed any more") && file.exists(),
        "{error}"
    );
    // Another WABA than the account's.
    let (code, _, error) = run(&mut template(&sim, &["list", "--waba", "1"]));
    assert_eq!(code, 3, "{error}");
}

#[test]
fn files_and_folders_are_checked_each() {
    let folder = folder("check-many");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::remove_file(folder.join("right.json")).unwrap();
    fs::remove_file(folder.join("wrong.json")).unwrap();
    fs::create_dir_all(folder.join("more")).unwrap();
    // With enough words around its variables, so that there is nothing to say about it.
    let parcel = PARCEL.replace("it waits", "your parcel has arrived and waits for you");
    fs::write(folder.join("parcel.json"), &parcel).unwrap();
    let check = |arguments: &[&str]| {
        run(&mut kaleyra_wa(
            &[&["template", "check"], arguments].concat(),
        ))
    };
    // As an editor on Windows writes it.
    let windows = format!(
        "\u{feff}{}",
        parcel
            .replace("\"parcel\"", "\"second\"")
            .replace('\n', "\r\n")
    );
    fs::write(folder.join("more/second.json"), windows).unwrap();
    let (one, more) = (at("parcel.json"), at("more"));
    let (code, out, error) = check(&[&one, &more]);
    assert_eq!((code, out.as_str()), (0, ""), "{error}");
    assert!(error.contains("2 definitions keep"), "{error}");

    // Misspelt values are told; they may be new.
    let misspelt = parcel
        .replace("UTILITY", "UTILTY")
        .replace("en_US", "en_XX")
        .replace("\"URL\"", "\"LINK\"");
    fs::write(folder.join("more/third.json"), &misspelt).unwrap();
    let (code, out, error) = check(&[&one, &more]);
    assert_eq!(code, 1);
    assert!(
        out.contains("third.json  parcel in en_XX") && !out.contains("second"),
        "{out}"
    );
    for path in ["category", "language", "components[2].buttons[0].type"] {
        assert!(out.contains(&format!("unknown  {path}: ")), "{out}");
    }
    assert!(error.contains("3 values not known"), "{error}");
    assert_eq!(check(&[&more, "--allow-unknown"]).0, 0);

    fs::write(folder.join("more/broken.json"), "{").unwrap();
    let (code, out, _) = check(&[&one, &more, "--json"]);
    let lines: Vec<Value> = out.lines().map(json_of).collect();
    // A line for each, and one for the error.
    assert_eq!((code, lines.len()), (2, 5), "{out}");
    assert_eq!(lines[4]["error"]["message"], "1 file can't be read");
    let broken = lines.iter().find(|it| it["name"].is_null()).unwrap();
    assert!(broken["file"].as_str().unwrap().ends_with("broken.json"));
    assert_eq!(broken["findings"][0]["severity"], "unreadable");
    assert_eq!(check(&[&one, &more, "--with", &parcel]).0, 2);
}

#[test]
fn a_folder_goes_on_after_a_refusal() {
    let (sim, folder) = (sim(), folder("refusals"));
    fs::remove_file(folder.join("right.json")).unwrap();
    fs::remove_file(folder.join("wrong.json")).unwrap();
    let write =
        |name: &str, text: &str| fs::write(folder.join(format!("{name}.json")), text).unwrap();
    let named = |name: &str| PARCEL.replace("\"parcel\"", &format!("\"{name}\""));
    write("a", &named("a").replace("Hello {{1}}, it", "{{1}} it"));
    write("b", "{");
    write("c", &named("c").replace("UTILITY", "UTILTY"));
    write("d", &named("d"));
    let all = folder.to_str().unwrap();
    let (code, out, error) = run(&mut template(&sim, &["create", all, "--yes"]));
    assert_eq!(code, 2, "{error}");
    assert!(
        out.contains("created d in en_US") && out.contains("created parcel"),
        "{out}"
    );
    for part in [
        "refused: a in en_US: components[1].text",
        "b.json",
        "refused: c in en_US",
        "3 of 5 templates were refused",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(error.contains("warning: category: not known"), "{error}");

    // The same of an edit: one is not there, one was edited today, one can be.
    for name in ["b", "c"] {
        fs::remove_file(folder.join(format!("{name}.json"))).unwrap();
    }
    let edited = |name: &str, day: &str| write(name, &named(name).replace("Friday", day));
    edited("d", "Sunday");
    let one = folder.join("d.json");
    assert_eq!(
        run(&mut template(
            &sim,
            &["edit", one.to_str().unwrap(), "--yes"]
        ))
        .0,
        0
    );
    edited("d", "Monday");
    edited("parcel", "Monday");
    let (code, out, _) = run(&mut template(&sim, &["edit", all, "--yes", "--json"]));
    let lines: Vec<Value> = out.lines().map(json_of).collect();
    let outcome = |name: &str| {
        let of_name = lines.iter().find(|it| it["name"] == name);
        of_name.unwrap_or_else(|| panic!("{name}: {out}"))["outcome"].clone()
    };
    assert_eq!(
        (outcome("a"), outcome("d"), outcome("parcel")),
        (json!("refused"), json!("refused"), json!("edited"))
    );
    assert_eq!(code, 2);
}

/// By the command alone: the header of a template that was pulled gets a new sample.
#[test]
fn a_header_gets_its_sample_by_the_command() {
    let (folder, sim) = (folder("sample"), sim());
    let picture = folder.join("photo.jpg");
    fs::write(&picture, b"\xff\xd8\xff\xe0 a picture").unwrap();
    let upload = ["sample", picture.to_str().unwrap()];
    let (code, handle, error) = run(&mut template(&sim, &upload));
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("header_handle"), "{error}");
    let definition = json!({"name": "spring", "language": "en", "category": "MARKETING", "components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle.trim()]}},
        {"type": "BODY", "text": "Everything is new today."},
    ]});
    let file = folder.join("spring.json");
    fs::write(&file, definition.to_string()).unwrap();
    let create = ["create", file.to_str().unwrap(), "--yes"];
    let (code, out, error) = run(&mut template(&sim, &create));
    assert_eq!(code, 0, "{out}{error}");
    let (code, out, _) = run(&mut template(&sim, &[&upload[..], &["--json"]].concat()));
    let outcome = json_of(&out);
    assert!(
        code == 0 && outcome["handle"].is_string() && outcome["id"].is_string(),
        "{out}"
    );
    for (file, word) in [("nothing.jpg", "no such file"), ("parcel.json", ".mp4")] {
        let path = folder.join(file);
        let (code, _, error) = run(&mut template(&sim, &["sample", path.to_str().unwrap()]));
        assert!(code == 2 && error.contains(word), "{code} {error}");
    }
}

#[test]
fn what_can_be_pulled_is_pulled() {
    let folder = folder("pull-some");
    let long = "n".repeat(300);
    let list = json!({"code": "WA200", "message": "ok", "error": {}, "data": [
        {"id": "1", "name": long, "language": "en", "status": "APPROVED", "components": [{"type": "BODY", "text": "Hi"}]},
        {"id": "2", "language": "en", "status": "APPROVED", "components": []},
        {"id": "3", "name": "last", "language": "en", "status": "APPROVED", "components": [{"type": "BODY", "text": "Hi"}]}]});
    let json = [("content-type", "application/json")];
    let address = crate::http::serving(&json, list.to_string().as_bytes());
    let pulled = |arguments: &[&str]| {
        let mut command = kaleyra_wa(&[&["template"], arguments, &["--waba", "1"]].concat());
        run(command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_API_KEY", KEY)
            .env("KALEYRA_SENDER", "+918000000001")
            .env("KALEYRA_BASE_URL", format!("http://{address}")))
    };
    let into = folder.join("templates");
    let (code, out, error) = pulled(&["pull", into.to_str().unwrap()]);
    assert_eq!(code, 1, "{error}");
    assert!(
        out.contains("last in en")
            && error.contains("not written: entry 2 of the list: it has no name"),
        "{out}{error}"
    );
    assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
    // A broken file in the folder keeps nothing away.
    fs::write(into.join("last.en.json"), "{").unwrap();
    let (code, out, _) = pulled(&["pull", into.to_str().unwrap(), "--json"]);
    let outcome = json_of(out.lines().next().unwrap());
    assert_eq!((code, &outcome["unreadable"][0]["entry"]), (1, &json!(2)));
    assert!(
        fs::read_to_string(into.join("last.en.json"))
            .unwrap()
            .contains("\"Hi\"")
    );
    let (code, out, error) = pulled(&["list"]);
    assert!(
        code == 1 && out.lines().count() == 2 && error.contains("entry 2 of the list"),
        "{out}{error}"
    );
}
