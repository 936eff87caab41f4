//! Bodies that are read as they are sent, and responses that are read as they come.

use std::io;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{Body, ChunkStream, Source};

/// These bytes, by its own account so many.
struct Says {
    len: u64,
    bytes: &'static [u8],
}

impl Source for Says {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> ChunkStream {
        Box::pin(Full::new(Bytes::from_static(self.bytes)).map_err(|never| match never {}))
    }
}

#[tokio::test]
async fn bodies_one_after_the_other_are_one_body_each_time_it_is_read() {
    let source = Says {
        len: 3,
        bytes: b"bcd",
    };
    let inner = Body::concat([Body::from_source(source), Body::empty()]);
    let body = Body::concat([
        Body::from("a".to_owned()),
        inner,
        Body::from("e".to_owned()),
    ]);
    assert_eq!((body.len(), body.as_bytes()), (5, None));
    for _ in 0..2 {
        assert_eq!(body.collect().await.unwrap(), "abcde");
    }
    assert_eq!(Body::concat([]).collect().await.unwrap(), "");
}

#[tokio::test]
async fn progress_counts_what_was_read_and_begins_anew() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let parts = ["ab", "", "cde"].map(|part| Body::from(part.to_owned()));
    let body = Body::concat(parts).on_progress(move |read| log.lock().unwrap().push(read));
    assert_eq!(body.len(), 5);
    body.collect().await.unwrap();
    body.collect().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [2, 5, 2, 5]);
}

#[tokio::test]
async fn a_source_of_another_size_than_it_said_is_an_error() {
    for len in [2, 4] {
        let body = Body::from_source(Says { len, bytes: b"abc" });
        let error = body.collect().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{len}");

        let mut reader = body.read();
        while reader.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
        assert_eq!(
            reader.chunk().await.unwrap(),
            None,
            "it ends after the error"
        );
    }
}

#[tokio::test]
async fn an_error_of_the_source_is_handed_on() {
    struct Broken;
    impl Source for Broken {
        fn len(&self) -> u64 {
            3
        }
        fn open(&self) -> ChunkStream {
            let error = io::Error::from(io::ErrorKind::PermissionDenied);
            Box::pin(
                Full::new(Bytes::new())
                    .map_err(|never| match never {})
                    .with_trailers(async move { Some(Err(error)) }),
            )
        }
    }
    let error = Body::from_source(Broken).collect().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}

#[cfg(feature = "file")]
mod file {
    use std::io::Write;
    use std::path::PathBuf;

    use kaleyra_wa_transport::FileSource;

    use super::*;

    /// A file that is gone at the end of the test.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let name = format!("kaleyra-wa-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::File::create(&path)
                .unwrap()
                .write_all(bytes)
                .unwrap();
            Self(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[tokio::test]
    async fn a_file_is_read_whole_in_pieces() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
        let file = Temporary::new("pieces", &bytes);
        let body = Body::from_source(FileSource::at(&file.0).await.unwrap());
        assert_eq!(body.len(), 200_000);
        let mut reader = body.read();
        let mut sizes = Vec::new();
        let mut read = Vec::new();
        while let Some(chunk) = reader.chunk().await.unwrap() {
            sizes.push(chunk.len());
            read.extend_from_slice(&chunk);
        }
        assert_eq!(sizes, [65_536, 65_536, 65_536, 3_392]);
        assert_eq!(read, bytes);
    }

    #[tokio::test]
    async fn a_file_that_grows_or_goes_is_an_error() {
        let file = Temporary::new("grows", b"abc");
        let body = Body::from_source(FileSource::at(&file.0).await.unwrap());
        std::fs::write(&file.0, "abcd").unwrap();
        let error = body.collect().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        std::fs::remove_file(&file.0).unwrap();
        let error = body.collect().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    /// Of the same size, so that only a look at the file itself tells.
    #[tokio::test]
    async fn a_file_that_is_swapped_or_rewritten_is_an_error() {
        let swapped = Temporary::new("swapped", b"abc");
        let body = Body::from_source(FileSource::at(&swapped.0).await.unwrap());
        assert_eq!(body.collect().await.unwrap(), "abc");
        let other = Temporary::new("other", b"xyz");
        // With the time of the one before, as a copy that keeps it has.
        let modified = std::fs::metadata(&swapped.0).unwrap().modified().unwrap();
        let file = std::fs::File::options().write(true).open(&other.0).unwrap();
        file.set_modified(modified).unwrap();
        std::fs::rename(&other.0, &swapped.0).unwrap();
        let error = body.collect().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains("replaced"), "{error}");

        // While it is read, after its first pieces went out.
        let bytes = vec![b'a'; 400_000];
        let rewritten = Temporary::new("rewritten", &bytes);
        let body = Body::from_source(FileSource::at(&rewritten.0).await.unwrap());
        let mut reader = body.read();
        assert!(reader.chunk().await.unwrap().is_some());
        std::fs::write(&rewritten.0, vec![b'b'; 400_000]).unwrap();
        let mut read = 65_536;
        let error = loop {
            match reader.chunk().await {
                Ok(chunk) => read += chunk.unwrap().len(),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(read < bytes.len(), "it does not look whole");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_is_no_plain_file_is_not_waited_for() {
        let name = format!("kaleyra-wa-transport-pipe-{}", std::process::id());
        let pipe = std::env::temp_dir().join(name);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let error = FileSource::at(&pipe).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        std::fs::remove_file(&pipe).unwrap();

        // One that becomes a pipe before it is read.
        std::fs::write(&pipe, "abc").unwrap();
        let body = Body::from_source(FileSource::at(&pipe).await.unwrap());
        std::fs::remove_file(&pipe).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let error = body.collect().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        std::fs::remove_file(&pipe).unwrap();

        let socket = std::os::unix::net::UnixListener::bind(&pipe).unwrap();
        let error = FileSource::at(&pipe).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        drop(socket);
        std::fs::remove_file(&pipe).unwrap();
        let error = FileSource::at("/dev/zero").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }

    #[tokio::test]
    async fn what_is_no_file_is_told_at_once() {
        let folder = FileSource::at(std::env::temp_dir()).await.unwrap_err();
        assert_eq!(folder.kind(), io::ErrorKind::IsADirectory);
        let missing = FileSource::at("no-such-file-here").await.unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}

#[cfg(feature = "reqwest")]
mod sent {
    use std::error::Error;

    use kaleyra_wa_transport::{Phase, ReqwestTransport, Transport, TransportErrorKind};

    use super::*;
    use crate::server::{Server, post};

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    #[tokio::test]
    async fn a_body_that_is_read_has_its_length_in_the_head() {
        let server = Server::responding(OK).await;
        let source = Says {
            len: 3,
            bytes: b"bcd",
        };
        let body = Body::concat([Body::from("a".to_owned()), Body::from_source(source)]);
        let transport = ReqwestTransport::new().unwrap();
        transport.execute(post(&server.url(), body)).await.unwrap();
        let [request] = server.received().try_into().unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-length: 4"), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert_eq!(body, "abcd");
    }

    #[tokio::test]
    async fn a_body_that_can_t_be_read_is_a_kind_of_its_own() {
        let server = Server::responding(OK).await;
        let short = Says {
            len: 9,
            bytes: b"abc",
        };
        let transport = ReqwestTransport::new().unwrap();
        let request = post(&server.url(), Body::from_source(short));
        let error = transport.execute(request).await.unwrap_err();
        assert_eq!(error.phase(), Phase::InFlight);
        assert_eq!(error.kind(), TransportErrorKind::UnreadableBody);
        assert!(error.source().is_some());
        assert!(server.received().is_empty(), "the request was not whole");
    }

    #[tokio::test]
    async fn an_answer_is_handed_over_before_its_body_is_whole() {
        use crate::server::Fault;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst".to_vec();
        let server = Server::start(Fault::RespondThenHang(head)).await;
        let transport = ReqwestTransport::new().unwrap();
        let mut response = transport
            .execute(post(&server.url(), "{}".to_owned()))
            .await
            .unwrap();
        let chunk = response.body_mut().chunk().await.unwrap();
        assert_eq!(chunk.unwrap(), "first");
    }

    #[tokio::test]
    async fn an_operation_s_own_time_limit_goes_before_the_transport_s() {
        use std::time::Duration;

        use kaleyra_wa_transport::{Operation, OperationClass};

        use crate::server::Fault;
        let server = Server::start(Fault::RespondThenHang(Vec::new())).await;
        let transport = ReqwestTransport::new().unwrap();
        let mut request = post(&server.url(), "{}".to_owned());
        let limit = Duration::from_millis(200);
        let operation = Operation::new("upload", OperationClass::Upload, 1).with_timeout(limit);
        request.extensions_mut().insert(operation);
        let error = transport.execute(request).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Timeout);
    }
}
