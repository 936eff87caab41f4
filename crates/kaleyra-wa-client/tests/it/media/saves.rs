//! Downloads to disk: whole, or not there.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use kaleyra_wa_client::{Delivery, ErrorKind, RetryPolicy};
use tokio::io::AsyncWrite;
use tokio::sync::Notify;

use super::clock::Held;
use super::downloads::BASE64;
use super::server::{Server, Then, answer};
use super::temporary::Folder;

async fn abc() -> Server {
    Server::start(answer("200 OK", "", b"abc")).await
}

#[tokio::test]
async fn a_file_takes_its_place_when_it_is_whole() {
    let (server, folder) = (abc().await, Folder::new());
    let path = folder.file("photo.jpg", b"what was there before");
    let download = server.client().download(server.url("/")).sha256(BASE64);
    assert_eq!(download.save(&path).await.unwrap(), 3);
    assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    assert_eq!(folder.names(), ["photo.jpg"]);
}

#[tokio::test]
async fn a_large_file_is_the_same_on_disk() {
    let (server, folder) = (Server::start(Then::Zeros(5_000_001)).await, Folder::new());
    let path = folder.path().join("clip.mp4");
    let download = server.client().download(server.url("/"));
    assert_eq!(download.save(&path).await.unwrap(), 5_000_001);
    let saved = std::fs::read(&path).unwrap();
    assert_eq!(saved.len(), 5_000_001);
    assert!(saved.iter().all(|&byte| byte == 0));
}

#[tokio::test]
async fn a_failure_leaves_what_was_there_and_nothing_else() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc";
    let endless = "HTTP/1.1 200 OK\r\n\r\nabcdefghijklmnop";
    for (then, kind) in [
        (answer("403 Forbidden", "", b"<Error>"), ErrorKind::Rejected),
        (answer("200 OK", "", b"abd"), ErrorKind::WrongDigest),
        (
            answer("200 OK", "", b"abcdefghijklmnop"),
            ErrorKind::FileTooLarge,
        ),
        (Then::Respond(cut.into()), ErrorKind::UnreadableResponse),
        (Then::Stall(endless.into()), ErrorKind::FileTooLarge),
    ] {
        let server = Server::start(then).await;
        let folder = Folder::new();
        let path = folder.file("photo.jpg", b"what was there before");
        let download = server.client().download(server.url("/"));
        let download = download.sha256(BASE64).limit(10);
        let error = download.clone().save(&path).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        let other = folder.path().join("other.jpg");
        download.save(other).await.unwrap_err();
        assert_eq!(folder.names(), ["photo.jpg"], "{kind}");
        assert_eq!(std::fs::read(&path).unwrap(), b"what was there before");
    }
}

#[tokio::test]
async fn a_stall_leaves_nothing() {
    let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc".to_vec();
    let (server, folder, clock) = (
        Server::start(Then::Stall(begun)).await,
        Folder::new(),
        Held::new(),
    );
    let client = server.client().with_clock(clock.clone());
    let download = client
        .download(server.url("/"))
        .on_progress(move |_, _| clock.let_go());
    let error = download
        .save(folder.path().join("a.jpg"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(folder.names().is_empty());
}

#[tokio::test]
async fn a_save_that_is_given_up_leaves_nothing() {
    let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc".to_vec();
    let (server, folder) = (Server::start(Then::Stall(begun)).await, Folder::new());
    let begun = Arc::new(Notify::new());
    let (notify, place) = (begun.clone(), folder.path().to_owned());
    let download = server.client().download(server.url("/"));
    let download = download.on_progress(move |_, _| {
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1);
        notify.notify_one();
    });
    let path = folder.path().join("a.jpg");
    tokio::select! {
        outcome = download.save(&path) => panic!("{outcome:?}"),
        () = begun.notified() => {}
    }
    assert!(folder.names().is_empty());
}

/// At whatever moment: while the file is created, before anybody was asked, while it comes, while it gets its name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_saves_that_are_given_up_leave_nothing() {
    let (server, folder) = (abc().await, Folder::new());
    let client = server.client();
    let mut whole = 0;
    for round in 0..2_000_u32 {
        let download = client.download(server.url("/"));
        let path = folder.path().join(format!("{round}.jpg"));
        let mut saving = Box::pin(download.save(&path));
        for _ in 0..round % 40 {
            let mut cx = Context::from_waker(std::task::Waker::noop());
            if let Poll::Ready(outcome) = saving.as_mut().poll(&mut cx) {
                outcome.unwrap();
                whole += 1;
                break;
            }
            if round % 3 == 0 {
                tokio::task::yield_now().await;
            }
        }
    }
    drop(client);
    // A file is created on another thread, and gone as soon as nobody wants it.
    for _ in 0..200 {
        if folder.names().iter().all(|name| !name.ends_with(".part")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let names = folder.names();
    assert!(
        names.iter().all(|name| !name.ends_with(".part")),
        "{names:?}"
    );
    assert_eq!(names.len(), whole);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_plain_file_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let (server, folder) = (abc().await, Folder::new());
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let download = server.client().download(server.url("/"));
    let error = download.save(&socket).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnwritableFile);
    let found = std::fs::symlink_metadata(&socket).unwrap();
    assert!(found.file_type().is_socket());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_place_that_can_t_be_written_is_told_before_anybody_is_asked() {
    let (server, folder) = (abc().await, Folder::new());
    let missing = folder.path().join("asha-example").join("a.jpg");
    for path in [
        missing.as_path(),
        folder.path(),
        Path::new("/"),
        Path::new(""),
    ] {
        let download = server.client().download(server.url("/"));
        let error = download.save(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnwritableFile, "{path:?}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.attempts(), 0);
        assert_eq!(
            error.to_string(),
            "the file can't be written: check the path, the permissions and the free space"
        );
        assert!(std::error::Error::source(&error).is_some());
        assert!(!format!("{error:?}").contains("asha"), "{error:?}");
    }
    assert!(server.received().is_empty());
}

/// A disk that is full.
struct Full;

impl AsyncWrite for Full {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        _bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::StorageFull.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_writer_that_fails() {
    let server = abc().await;
    let client = server.client().with_retry(RetryPolicy::never());
    let download = client.download(server.url("/"));
    let error = download.write_to(&mut Full).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnwritableFile);
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(error.status().unwrap(), 200);

    let mut written = Vec::new();
    let download = client.download(server.url("/"));
    assert_eq!(download.write_to(&mut written).await.unwrap(), 3);
    assert_eq!(written, b"abc");
}
