//! Files that are not ours, newer ones, and what SQLite's own shell sees.

use std::fs;
use std::process::Command;

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::{SqliteStore, StoreErrorKind};

use crate::support::{Folder, keep};

#[tokio::test]
async fn a_newer_version_is_refused_and_not_touched() {
    let folder = Folder::new();
    let path = folder.file("a.db");
    SqliteStore::open(&path).unwrap().close().await;
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    fs::remove_file(folder.file("a.db.lock")).unwrap();
    fs::remove_file(folder.file("a.db.reserve")).unwrap();
    let before = (
        fs::read(&path).unwrap(),
        fs::metadata(&path).unwrap().modified().unwrap(),
    );

    for opened in [SqliteStore::open(&path), SqliteStore::attach(&path)] {
        let error = opened.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NewerVersion);
        assert!(error.to_string().contains("999"), "{error}");
    }
    let after = (
        fs::read(&path).unwrap(),
        fs::metadata(&path).unwrap().modified().unwrap(),
    );
    assert!(before == after, "the file was touched");
    let beside: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(beside, ["a.db"], "something was left beside it");
}

#[tokio::test]
async fn what_a_killed_newer_version_left_in_the_log_stays_there() {
    let folder = Folder::new();
    let path = folder.file("a.db");
    SqliteStore::open(&path).unwrap().close().await;
    // A log that nobody moved into the file, as after a kill.
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    let copies = [("a.db", "b.db"), ("a.db-wal", "b.db-wal")];
    for (from, to) in copies {
        fs::copy(folder.file(from), folder.file(to)).unwrap();
    }
    drop(db);
    let read = || copies.map(|(_, to)| fs::read(folder.file(to)).unwrap());
    let before = read();
    let error = SqliteStore::open(folder.file("b.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerVersion);
    assert!(before == read(), "the file or its log was touched");
}

#[test]
fn files_of_others_are_refused_and_not_touched() {
    let folder = Folder::new();
    fs::write(
        folder.file("text"),
        "this is no database, and long enough to look like one\n".repeat(100),
    )
    .unwrap();
    let db = rusqlite::Connection::open(folder.file("other.db")).unwrap();
    db.execute_batch("CREATE TABLE customers(name)").unwrap();
    drop(db);
    for name in ["text", "other.db"] {
        let before = fs::read(folder.file(name)).unwrap();
        let error = SqliteStore::open(folder.file(name)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NotAStore, "{name}: {error}");
        assert!(
            before == fs::read(folder.file(name)).unwrap(),
            "{name} was touched"
        );
        assert!(!folder.file(&format!("{name}.lock")).exists());
    }
    let error = SqliteStore::open(folder.file("no/such/folder.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotFound);
    let error = SqliteStore::attach(folder.file("missing.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotFound);
    assert!(!folder.file("missing.db").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn it_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    keep(&store, &[("A", "1")]).await.unwrap();
    store.backup(&folder.file("copy.db")).await.unwrap();
    for name in ["a.db", "a.db-wal", "a.db.lock", "copy.db"] {
        let mode = fs::metadata(folder.file(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_shell_reads_beside_a_running_owner() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    keep(&store, &[("A", "1"), ("B", "2")]).await.unwrap();
    let shell = Command::new("sqlite3")
        .arg(folder.file("a.db"))
        .arg("SELECT id, state, conversation, length(body) FROM inbox; SELECT count(*) FROM outbox; PRAGMA journal_mode")
        .output();
    let Ok(output) = shell else {
        eprintln!("SKIPPED: there is no sqlite3 on this machine");
        return;
    };
    let (told, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(
        told, "1|waiting|1|113\n2|waiting|2|113\n0\nwal\n",
        "{errors}"
    );
    keep(&store, &[("C", "1")]).await.unwrap();
    assert_eq!(store.stats().await.unwrap().waiting, 3);
    store.close().await;
}
