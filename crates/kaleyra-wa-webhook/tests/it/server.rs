//! A server under test, and a client that speaks HTTP by hand.

use std::net::SocketAddr;
use std::time::Duration;

use kaleyra_wa_webhook::{
    ReceivedCallback, Receiver, Server, SharedHeader, WebhookService, sink_fn,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The secret that the servers under test expect in `x-kaleyra-secret`.
pub(crate) const SECRET: &str = "canary-secret-1";

/// No test waits longer for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a port of its own.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    pub(crate) async fn start(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve(listener, async {
            stopped.await.ok();
        }));
        let stop = Some(stop);
        Self {
            address,
            stop,
            task,
        }
    }

    /// A server that verifies and puts what it accepts into a channel.
    pub(crate) async fn collecting() -> (Self, mpsc::UnboundedReceiver<ReceivedCallback>) {
        let (service, deliveries) = collecting();
        (Self::start(Server::new(service)).await, deliveries)
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes over a connection of their own and reads what comes back until its end.
    pub(crate) async fn exchange(&self, request: &str) -> Answer {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        Answer::read_to_end(&mut stream).await
    }

    /// Proves that it lives: a good callback is accepted.
    pub(crate) async fn assert_alive(&self) {
        let response = self.exchange(&post(SECRET, "{}")).await;
        assert_eq!(response.status, 200, "{response:?}");
    }

    /// Asks it to stop.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(self) {
        let ended = timeout(PATIENCE, self.task).await;
        ended.expect("the server goes on").unwrap().unwrap();
    }
}

/// The service of [`Running::collecting`].
pub(crate) fn collecting() -> (WebhookService, mpsc::UnboundedReceiver<ReceivedCallback>) {
    let (sender, deliveries) = mpsc::unbounded_channel();
    let sink = sink_fn(move |delivery| {
        sender.send(delivery).unwrap();
        async { Ok(()) }
    });
    (WebhookService::new(receiver(), sink), deliveries)
}

/// Expects [`SECRET`].
pub(crate) fn receiver() -> Receiver {
    Receiver::new(SharedHeader::new("x-kaleyra-secret", SECRET).unwrap())
}

/// A whole POST, the last one of its connection.
pub(crate) fn post(secret: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /hook HTTP/1.1\r\nhost: localhost\r\nx-kaleyra-secret: {secret}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// A response, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads until the server closes the connection, which must not be by a reset.
    pub(crate) async fn read_to_end(stream: &mut TcpStream) -> Self {
        let mut text = String::new();
        let read = timeout(PATIENCE, stream.read_to_string(&mut text)).await;
        read.expect("no end of the response").unwrap();
        Self::parse(&text)
    }

    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let (head, body) = (head.to_ascii_lowercase(), body.to_owned());
        Self { status, head, body }
    }

    /// The value of a header; its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}
