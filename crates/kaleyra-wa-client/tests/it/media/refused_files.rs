//! Files that are not even tried: each has an error of its own kind, and nothing is sent.

use std::error::Error as _;

use kaleyra_wa_client::{Delivery, ErrorKind, MediaFile, MediaKind, UploadMedia};

use super::source::Zeros;
use crate::fixtures::{Recording, client};

/// Awaits it, and checks that it came to nothing, and why.
async fn check(
    change: impl FnOnce(UploadMedia) -> UploadMedia,
    file: MediaFile,
    expected: (ErrorKind, &str),
) {
    let transport = Recording::default();
    let upload = client(transport.clone()).upload(file);
    let error = change(upload).await.unwrap_err();
    let (kind, text) = expected;
    assert_eq!(error.to_string(), format!("not sent: {text}"));
    assert_eq!((error.kind(), error.delivery()), (kind, Delivery::NotSent));
    assert_eq!(error.attempts(), 0);
    assert!(error.status().is_none() && error.transport_error().is_none());
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_file_that_is_larger_than_its_kind_may_be() {
    for (name, kind, limit) in [
        ("a.mp3", MediaKind::Audio, 16 * 1024 * 1024),
        ("a.pdf", MediaKind::Document, 100 * 1024 * 1024),
        ("a.jpeg", MediaKind::Image, 5 * 1024 * 1024),
        ("a.webp", MediaKind::Sticker, 500 * 1024),
        ("a.mp4", MediaKind::Video, 16 * 1024 * 1024),
    ] {
        let file = |bytes| MediaFile::body(name, Zeros::new(bytes).body());
        let found = limit + 1;
        let text = format!(
            "the file is too large: WhatsApp accepts at most {limit} bytes as {kind}, and it has {found}; make it smaller"
        );
        let expected = (ErrorKind::FileTooLarge, text.as_str());
        check(|upload| upload, file(found), expected).await;

        let transport = Recording::default();
        let largest = client(transport.clone()).upload(file(limit));
        // It does not respond as to an upload, but it was asked.
        largest.await.unwrap_err();
        assert_eq!(transport.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_file_of_no_known_type() {
    let file = |name: &str| MediaFile::bytes(name, "x");
    let unknown = (
        ErrorKind::UnsupportedFileType,
        "the file's type can't be determined from its name: set it with .mime_type(..), such as application/pdf",
    );
    check(|upload| upload, file("page.xyz"), unknown).await;
    check(|upload| upload, file("README"), unknown).await;
    let none = (
        ErrorKind::UnsupportedFileType,
        "the value given to .mime_type(..) is not a MIME type: use one such as application/pdf",
    );
    check(|upload| upload.mime_type("pdf"), file("a.pdf"), none).await;
    // It would begin another line of the form.
    check(
        |upload| upload.mime_type("a/b\r\nx: y").unchecked(),
        file("a.pdf"),
        none,
    )
    .await;
}

#[tokio::test]
async fn a_type_that_whatsapp_does_not_take() {
    for (mime_type, text) in [
        (
            "audio/flac",
            "WhatsApp does not accept audio of this type: \
             convert it to audio/aac, audio/amr, audio/mpeg, audio/mp4 or audio/ogg with Opus",
        ),
        (
            "image/svg+xml",
            "WhatsApp does not accept images of this type: \
             convert it to image/jpeg or image/png, or to image/webp for a sticker",
        ),
        (
            "text/csv",
            "WhatsApp does not accept documents of this type: \
             convert it to application/pdf, text/plain or a format of Word, Excel or PowerPoint",
        ),
        (
            "application/zip",
            "WhatsApp does not accept documents of this type: \
             convert it to application/pdf, text/plain or a format of Word, Excel or PowerPoint",
        ),
        (
            "video/webm",
            "WhatsApp does not accept videos of this type: convert it to video/mp4 or video/3gpp",
        ),
    ] {
        let expected = (ErrorKind::UnsupportedFileType, text);
        let file = MediaFile::bytes("a.pdf", "x");
        check(|upload| upload.mime_type(mime_type), file, expected).await;
        // Where the name tells as much, nobody is asked for a type that would be refused then.
        let subtype = mime_type.rsplit(['/', '.']).next().unwrap();
        let extension = subtype.trim_end_matches("+xml");
        let file = MediaFile::bytes(format!("a.{extension}"), "x");
        check(|upload| upload, file, expected).await;
    }
}

#[tokio::test]
async fn a_type_that_the_extension_belies() {
    let expected = (
        ErrorKind::UnsupportedFileType,
        "the type given to .mime_type(..) contradicts the file's extension: \
         correct one of the two, with MediaFile::name if it is the extension",
    );
    for (name, mime_type) in [("a.pdf", "image/png"), ("a.csv", "application/pdf")] {
        let file = MediaFile::bytes(name, "x");
        check(|upload| upload.mime_type(mime_type), file, expected).await;
    }
}

/// Whoever knows better than this version says so.
#[tokio::test]
async fn unchecked_it_goes_out_all_the_same() {
    for (name, mime_type) in [
        ("a.csv", "text/csv"),
        ("a.pdf", "image/png"),
        ("a", "application/zip"),
    ] {
        let transport = Recording::default();
        let file = MediaFile::bytes(name, "x");
        let upload = client(transport.clone()).upload(file).mime_type(mime_type);
        // It does not respond as to an upload, but it was asked.
        upload.unchecked().await.unwrap_err();
        let [request] = transport.requests().try_into().unwrap();
        let form = request.body().collect().await.unwrap();
        let form = String::from_utf8_lossy(&form).into_owned();
        assert!(
            form.contains(&format!("Content-Type: {mime_type}\r\n")),
            "{form}"
        );
    }
}

/// It would be waited for until somebody writes into it, or goes on for ever.
#[cfg(unix)]
#[tokio::test]
async fn a_pipe_a_socket_and_a_device() {
    let folder = super::temporary::Folder::new();
    let text = "this is not a regular file: read it, and upload its contents with MediaFile::bytes";
    let expected = (ErrorKind::UnreadableFile, text);
    let pipe = folder.path().join("pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let socket = folder.path().join("socket.txt");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for path in [pipe, socket] {
        check(|upload| upload, path.into(), expected).await;
    }
    for path in ["/dev/zero", "/dev/stdin"] {
        let as_text = |upload: UploadMedia| upload.mime_type("text/plain").unchecked();
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            check(as_text, path.into(), expected).await;
        }
    }
}

#[tokio::test]
async fn an_empty_file() {
    let expected = (
        ErrorKind::UnreadableFile,
        "the file is empty: check the program that writes it",
    );
    check(|upload| upload, MediaFile::bytes("a.txt", ""), expected).await;
}

#[tokio::test]
async fn a_path_that_leads_to_no_file() {
    let folder = super::temporary::Folder::new();
    let missing = folder.path().join("asha-example.pdf");
    let expected = (
        ErrorKind::UnreadableFile,
        "there is no such file: check its path",
    );
    check(|upload| upload, missing.into(), expected).await;

    #[cfg(unix)]
    {
        let file = folder.path().join("asha.txt");
        std::fs::write(&file, "x").unwrap();
        let text =
            "there is no such file, because a part of its path is not a directory: check its path";
        let expected = (ErrorKind::UnreadableFile, text);
        check(|upload| upload, file.join("b.txt").into(), expected).await;
    }

    let expected = (
        ErrorKind::UnreadableFile,
        "this is a directory: give the path of a file",
    );
    let as_text = |upload: UploadMedia| upload.mime_type("text/plain");
    check(as_text, folder.path().into(), expected).await;

    #[cfg(unix)]
    {
        let text =
            "this is not a regular file: read it, and upload its contents with MediaFile::bytes";
        let expected = (ErrorKind::UnreadableFile, text);
        check(as_text, "/dev/null".into(), expected).await;
    }
}

#[tokio::test]
async fn the_system_s_own_words_are_the_source() {
    let transport = Recording::default();
    let upload = client(transport).upload("no/asha-example.pdf");
    let error = upload.await.unwrap_err();
    let source = error.source().unwrap().downcast_ref::<std::io::Error>();
    assert_eq!(source.unwrap().kind(), std::io::ErrorKind::NotFound);
    assert!(!format!("{error:?} {source:?}").contains("asha"));
}
