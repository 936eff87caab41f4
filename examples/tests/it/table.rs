//! The README's table has every example, and each has a test.

use std::fs;
use std::path::Path;

#[test]
fn every_example_is_listed_and_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let tests = ["bots.rs", "programs.rs"];
    let tests = tests.map(|name| fs::read_to_string(folder.join("tests/it").join(name)).unwrap());
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(example) = name.strip_suffix(".rs") else {
            continue;
        };
        count += 1;
        assert!(
            readme.contains(&format!("[`{example}`]({name})")),
            "{name} is not in the README"
        );
        let runs = format!("CARGO_BIN_EXE_{example}\"");
        assert!(
            tests.iter().any(|test| test.contains(&runs)),
            "no test runs {name}"
        );
    }
    assert_eq!(count, 7);
}
