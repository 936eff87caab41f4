//! Disks that are full, read-only, or fail to sync. They need root, or a tracer, and say aloud where that is missing.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{Retention, SqliteOptions, SqliteStore, StoreErrorKind};

use crate::support::{Folder, delivery, keep};

/// A small disk of its own, where that may be mounted.
struct Disk(Folder);

impl Disk {
    fn new(options: &str) -> Option<Self> {
        let folder = Folder::new();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: no disk could be mounted, for which one has to be root");
        None
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.file(name)
    }

    fn remount(&self, how: &str) {
        let mut command = Command::new("mount");
        let status = command
            .args(["-o", &format!("remount,{how}")])
            .arg(self.0.path())
            .status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// A new delivery of 10 KB, whose events are numbered.
async fn keep_large(store: &SqliteStore, number: usize) -> Result<i64, StoreErrorKind> {
    let mut delivery = delivery(&[(&format!("{number}"), "1")]);
    delivery.raw = vec![b'x'; 10_000].into();
    let kept = store.keep(delivery, Box::new(|_| ())).await;
    // What was refused may have been kept all the same, and is known then.
    kept.map(|kept| kept.events.first().map_or(0, |(_, id)| id.get()))
        .map_err(|error| error.kind())
}

async fn handle(store: &SqliteStore, id: i64) {
    let id = EventId::new(id);
    let attempt = store.take(id).await.unwrap().unwrap();
    let handled = Settlement::Handled { sends: vec![] };
    assert!(store.settle(id, attempt, handled).await.unwrap());
}

fn is_whole(path: &Path) -> bool {
    let db = rusqlite::Connection::open(path).unwrap();
    let whole: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    whole == "ok"
}

#[tokio::test]
async fn a_full_disk_refuses_what_is_new_and_finishes_what_is_there() {
    let Some(disk) = Disk::new("size=12m") else {
        return;
    };
    let path = disk.file("a.db");
    let options = SqliteOptions::new(&path).refusal(Duration::from_millis(100));
    let store = options.open().unwrap();
    let reserve = fs::metadata(disk.file("a.db.reserve")).unwrap().len();
    assert!((1_000_000..2_000_000).contains(&reserve), "{reserve}");
    let (mut kept, mut number) = (Vec::new(), 0);
    let refused = loop {
        number += 1;
        match keep_large(&store, number).await {
            Ok(id) => kept.push(id),
            Err(kind) => break kind,
        }
    };
    assert_eq!(refused, StoreErrorKind::Full);
    assert!(kept.len() > 100, "{}", kept.len());
    assert_eq!(store.stats().await.unwrap().waiting, kept.len() as u64);
    for id in &kept {
        handle(&store, *id).await;
    }
    assert!(!disk.file("a.db.reserve").exists(), "it was for this");
    let at_once = Retention::default()
        .handled(Duration::ZERO)
        .bodies(Duration::ZERO);
    while !store.prune(at_once, 50).await.unwrap().is_done {}
    let begun = Instant::now();
    while keep_large(&store, number).await.is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "it does not recover"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await;
    assert!(is_whole(&path));
}

#[tokio::test]
async fn a_disk_that_another_program_fills_is_survived() {
    let Some(disk) = Disk::new("size=24m") else {
        return;
    };
    let path = disk.file("a.db");
    let options = SqliteOptions::new(&path).refusal(Duration::from_millis(100));
    let store = options.open().unwrap();
    let mut kept = Vec::new();
    for number in 0..20 {
        kept.push(keep_large(&store, number).await.unwrap());
    }
    let mut other = File::create(disk.file("other")).unwrap();
    while other.write_all(&[0; 65_536]).is_ok() {}
    let mut number = 20;
    while let Ok(id) = keep_large(&store, number).await {
        kept.push(id);
        number += 1;
    }
    for id in &kept {
        handle(&store, *id).await;
    }
    drop(other);
    fs::remove_file(disk.file("other")).unwrap();
    let begun = Instant::now();
    while keep_large(&store, number).await.is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "it does not recover"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The reserve is made again, as soon as there is time for it.
    while !disk.file("a.db.reserve").exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the reserve is gone"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await;
    assert!(is_whole(&path));
}

#[tokio::test]
async fn a_disk_that_becomes_read_only_is_told_and_goes_on_when_it_is_not() {
    let Some(disk) = Disk::new("size=64m") else {
        return;
    };
    let path = disk.file("a.db");
    let store = SqliteStore::open(&path).unwrap();
    keep(&store, &[("A", "1")]).await.unwrap();
    // What has a file open for writing keeps a disk from being read-only.
    store.close().await;
    disk.remount("ro");
    let error = SqliteStore::open(&path).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly, "{error}");
    disk.remount("rw");
    let store = SqliteStore::open(&path).unwrap();
    keep(&store, &[("B", "1")]).await.unwrap();
    assert_eq!(store.stats().await.unwrap().waiting, 2);
    store.close().await;
}

const FOLDER: &str = "KWA_TEST_SYNC_FOLDER";
const DELIVERIES: usize = 60;

/// The child: keeps deliveries one by one, each until it is kept, and notes which were refused on the way.
#[test]
fn keeps_what_it_can() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(folder.join("a.db")).unwrap();
        let mut notes = File::create(folder.join("notes")).unwrap();
        for number in 0..DELIVERIES {
            loop {
                match keep_large(&store, number).await {
                    Ok(_) => break writeln!(notes, "kept {number}").unwrap(),
                    Err(kind) => writeln!(notes, "refused {number} {kind}").unwrap(),
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        writeln!(notes, "end").unwrap();
        store.close().await;
    });
}

/// Runs the child under a tracer that has syncs fail.
fn with_failing_syncs(folder: &Folder, when: &str) -> Option<String> {
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={when}");
    let traced = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            &inject,
        ])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "disks::keeps_what_it_can", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    let Ok(output) = traced else {
        eprintln!("SKIPPED: there is no strace on this machine");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("ptrace") || said.contains("PTRACE") {
        eprintln!("SKIPPED: nothing may be traced here: {said}");
        return None;
    }
    assert!(output.status.success(), "{said}");
    Some(fs::read_to_string(folder.file("notes")).unwrap())
}

#[test]
fn a_sync_that_fails_is_no_answer_and_it_goes_on_by_itself() {
    for when in ["40", "50..54", "40+13"] {
        let folder = Folder::new();
        let Some(notes) = with_failing_syncs(&folder, when) else {
            return;
        };
        assert!(notes.ends_with("end\n"), "{when}: {notes}");
        assert!(notes.contains("refused"), "{when}: no sync failed: {notes}");
        assert!(!notes.contains("other"), "{when}: {notes}");
        let path = folder.file("a.db");
        assert!(is_whole(&path), "{when}");
        let db = rusqlite::Connection::open(&path).unwrap();
        let kept = db.query_row("SELECT count(DISTINCT key) FROM event", [], |row| {
            row.get::<_, i64>(0)
        });
        assert_eq!(kept.unwrap(), i64::try_from(DELIVERIES).unwrap(), "{when}");
        let all: i64 = db
            .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            all,
            i64::try_from(DELIVERIES).unwrap(),
            "{when}: one was kept twice"
        );
    }
}
