//! Uploads and downloads with canaries in their names, URLs and contents, for the test of what is logged.

use kaleyra_wa_client::{Error, MediaFile, MediaLink};

use super::server::{Server, answer};
use super::temporary::Folder;

/// In the names of files, in URLs, and in what is in files; the same as where the log is read.
const CANARY: &str = "canary-media-c81d";

/// Uploads and downloads, well and badly; gives the errors.
pub(crate) async fn exercise() -> Vec<Error> {
    let refusing = Server::start(answer("403 Forbidden", "", CANARY.as_bytes())).await;
    let taking = Server::start(answer("200 OK", "", br#"{"id":"1"}"#)).await;
    let folder = Folder::new();
    let name = format!("{CANARY}.txt");
    let file = || MediaFile::bytes(&name, CANARY);
    let link = |server: &Server| MediaLink::new(server.url(&format!("/{CANARY}?{CANARY}")));
    let digest = "0".repeat(64);

    let uploaded = taking.client().upload(file()).await.unwrap();
    let downloaded = taking.client().download(link(&taking)).await.unwrap();
    let download = taking.client().download(link(&taking));
    let shown = format!(
        "{uploaded:?} {downloaded:?} {download:?} {:?} {:?}",
        file(),
        link(&taking)
    );
    let upload = taking.client().upload(folder.path().join(&name));
    let shown = format!(
        "{shown} {upload:?} {:?}",
        download.clone().open().await.unwrap()
    );
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(taking.received()[0].head.contains("POST"));
    assert!(String::from_utf8_lossy(&taking.received()[0].body).contains(CANARY));
    assert!(taking.received()[1].head.contains(CANARY), "it did go out");

    vec![
        refusing.client().upload(file()).await.unwrap_err(),
        upload.await.unwrap_err(),
        taking
            .client()
            .upload(MediaFile::bytes(CANARY, "x"))
            .await
            .unwrap_err(),
        refusing
            .client()
            .download(link(&refusing))
            .await
            .unwrap_err(),
        taking.client().download(CANARY).await.unwrap_err(),
        download.clone().sha256(CANARY).await.unwrap_err(),
        download.clone().sha256(digest).await.unwrap_err(),
        download
            .save(folder.path().join(CANARY).join(&name))
            .await
            .unwrap_err(),
    ]
}
