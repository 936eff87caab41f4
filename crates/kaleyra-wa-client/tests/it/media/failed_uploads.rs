//! Uploads that fail under way: one copy, and the verdict of what is known.

use kaleyra_wa_client::transport::{MockTransport, Operation};
use kaleyra_wa_client::types::response::ApiFailure;
use kaleyra_wa_client::{Delivery, Error, ErrorKind, MediaFile};

use crate::fixtures::{answer, client};

const AGAIN: &str = "it may have been stored: upload it again, an unused copy does no harm";

fn file() -> MediaFile {
    MediaFile::bytes("a.txt", vec![b'x'; 100_000])
}

async fn answered(status: u16, body: &'static str) -> Error {
    let mut transport = MockTransport::new();
    transport
        .expect_execute()
        .times(1)
        .returning(move |_| Ok(answer(status, body)));
    client(transport).upload(file()).await.unwrap_err()
}

#[tokio::test]
async fn an_account_that_may_not_upload() {
    let body = r#"{"code":"WA-401","message":"API is not available for given customer.Please contact support for more info","data":{},"error":{"account":"API is not available for given customer.Please contact support for more info"}}"#;
    let error = answered(401, body).await;
    assert_eq!(error.failure(), Some(ApiFailure::AccountType));
    assert_eq!(error.delivery(), Delivery::Rejected);
    assert_eq!(
        error.to_string(),
        "WA-401: this type of account may not upload files; only postpaid accounts may; \
         send the file by a public link, or ask Kaleyra's support about the account"
    );
}

#[tokio::test]
async fn refusals_speak_of_the_file() {
    for (status, body, text) in [
        (
            400,
            r#"{"code":"WA400","error":{"payload":"Incorrect payload format"}}"#,
            "WA400: Kaleyra did not understand the payload; check the file's type, and that it is not empty",
        ),
        (
            413,
            "<html>",
            "HTTP status 413: too large for the server; make it smaller",
        ),
        (
            404,
            "",
            "HTTP status 404: the server refused the file; check the base URL",
        ),
        (
            401,
            r#"{"code":"RBC001","data":[],"error":{"error":"Incorrect SID or API key."}}"#,
            "RBC001: the SID or the API key is wrong; compare both with the console, and the pod with the account's region",
        ),
    ] {
        let error = answered(status, body).await;
        assert_eq!(error.to_string(), text);
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Rejected, Delivery::Rejected)
        );
    }
}

#[tokio::test]
async fn a_success_without_an_id_is_accepted_and_unreadable() {
    for body in [
        "",
        "{\"code\":\"WA200\"\n\"data\":{\"id\":\"1\"}}",
        r#"{"code":"WA200","data":{"id":""}}"#,
        r#"{"code":"WA200","data":{"id":null,"media":[]},"error":{}}"#,
        r#"{"code":"WA200","data":{"message_id":"AX1"}}"#,
    ] {
        let error = answered(200, body).await;
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{body}");
        assert_eq!(error.delivery(), Delivery::Accepted, "{body}");
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(
            error.to_string(),
            "stored with HTTP status 200, but its id is unknown because the response can't be read: upload it again"
        );
    }
}

#[tokio::test]
async fn a_success_that_names_a_failure_is_settled_by_neither() {
    const OTHER_API: &str = "API V1 responded, and this client speaks V2";
    for (body, advice) in [
        (r#"{"code":"WA500","data":{"id":"1"},"error":{}}"#, AGAIN),
        (r#"{"code":"E13001","data":{}}"#, OTHER_API),
        (
            r#"{"code":"WA200","data":{},"error":{"file":"Invalid"}}"#,
            AGAIN,
        ),
    ] {
        let error = answered(200, body).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        assert_eq!(error.delivery(), Delivery::Indeterminate, "{body}");
        assert!(error.to_string().ends_with(advice), "{error}");
    }
}

#[tokio::test]
async fn the_transport_is_given_time_for_the_size() {
    let mut transport = MockTransport::new();
    transport.expect_execute().times(1).returning(|request| {
        let operation = request.extensions().get::<Operation>().unwrap();
        assert_eq!(operation.name, "upload");
        assert_eq!(operation.timeout.unwrap().as_secs(), 30 + 16);
        Ok(answer(500, ""))
    });
    let file = MediaFile::bytes("a.txt", vec![b'x'; 1024 * 1024]);
    let error = client(transport).upload(file).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
}

mod on_sockets {
    use super::*;
    use crate::media::server::{Server, Then, answer};
    use crate::media::source::Zeros;

    /// Uploads a file; the server must have seen exactly one copy.
    async fn fail(then: Then, file: MediaFile) -> Error {
        let server = Server::start(then).await;
        let error = server.client().upload(file).await.unwrap_err();
        assert_eq!(server.received().len(), 1);
        assert_eq!(error.attempts(), 1);
        error
    }

    #[tokio::test]
    async fn faults_make_no_second_copy() {
        use Delivery::{Accepted, Indeterminate, Rejected};
        let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"code\":".to_vec();
        for (then, kind, delivery) in [
            (
                answer("500 Internal Server Error", "", b""),
                ErrorKind::Server,
                Indeterminate,
            ),
            (
                answer("503 Service Unavailable", "retry-after: 0\r\n", b""),
                ErrorKind::Server,
                Indeterminate,
            ),
            (
                answer("429 Too Many Requests", "", b""),
                ErrorKind::Rejected,
                Rejected,
            ),
            (
                answer("307 Temporary Redirect", "location: /\r\n", b""),
                ErrorKind::Redirect,
                Rejected,
            ),
            (
                Then::Respond(Vec::new()),
                ErrorKind::Transport,
                Indeterminate,
            ),
            (Then::Respond(cut), ErrorKind::UnreadableResponse, Accepted),
        ] {
            let error = fail(then, file()).await;
            assert_eq!((error.kind(), error.delivery()), (kind, delivery));
        }
    }

    #[tokio::test]
    async fn a_reset_in_the_middle_is_not_tried_again() {
        // More than the sockets' buffers hold.
        let big = MediaFile::body("a.pdf", Zeros::new(64 * 1024 * 1024).body());
        let error = fail(Then::Reset(1024 * 1024), big).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Transport, Delivery::Indeterminate)
        );
        assert!(error.to_string().ends_with(AGAIN), "{error}");
    }

    #[tokio::test]
    async fn a_refusal_that_does_not_wait_for_the_file_is_heard() {
        let body = r#"{"code":"WA-401","data":{},"error":{"account":"API is not available"}}"#;
        let length = body.len();
        let early = format!("HTTP/1.1 401 Unauthorized\r\ncontent-length: {length}\r\n\r\n{body}");
        let big = MediaFile::body("a.pdf", Zeros::new(64 * 1024 * 1024).body());
        let error = fail(Then::RespondEarly(early.into()), big).await;
        assert_eq!(error.failure(), Some(ApiFailure::AccountType));
        assert_eq!(error.delivery(), Delivery::Rejected);
    }

    #[tokio::test]
    async fn a_file_that_changes_its_size_while_it_is_sent() {
        use std::fs::OpenOptions;

        use crate::media::temporary::Folder;
        for new_len in [300_000, 2_000_000] {
            let folder = Folder::new();
            let path = folder.file("asha-example.txt", &vec![b'x'; 1_000_000]);
            let server = Server::start(answer("200 OK", "", b"{\"id\":\"1\"}")).await;
            let upload = server
                .client()
                .upload(path.as_path())
                .on_progress(move |_, _| {
                    let file = OpenOptions::new().write(true).open(&path).unwrap();
                    file.set_len(new_len).unwrap();
                });
            let error = upload.await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableFile);
            assert_eq!(error.delivery(), Delivery::Indeterminate);
            assert_eq!(error.attempts(), 1);
            assert!(!format!("{error} {error:?}").contains("asha"), "{error:?}");
            let got = server.received();
            assert!(
                got.iter().all(|request| request.length < 1_000_000),
                "{new_len}"
            );
        }
    }
}
