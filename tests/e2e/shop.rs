//! A shop on WhatsApp: a simulated Kaleyra, the shop's webhook, and its client.

use std::io;

use kaleyra_wa_client::{Account, BaseUrl, Client};
use kaleyra_wa_sim::Simulator;
use kaleyra_wa_webhook::{Receiver, SharedHeader, Sink, WebhookService, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const SID: &str = "HXIN0000000000IN";
const KEY: &str = "A0000000000000000000000000000000";
const SENDER: &str = "+918000000001";
/// Of messages that are given none.
pub(crate) const REFERENCE: &str = "fresh";
const SECRET: (&str, &str) = ("x-kaleyra-secret", "s3cret");

/// The shop while it is open.
pub(crate) struct Shop {
    pub(crate) sim: Simulator,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

impl Shop {
    /// Opens a shop whose callbacks go to the sink that `sink` makes of its client.
    pub(crate) async fn open<S: Sink + 'static>(sink: impl FnOnce(Client) -> S) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let sim = Simulator::builder(SID, KEY, SENDER)
            .callbacks(url, SECRET)
            .bind("127.0.0.1:0")
            .await
            .unwrap();
        let server = BaseUrl::parse(&sim.base_url()).unwrap();
        let client = Client::new(Account::new(server, SID, KEY, SENDER).unwrap()).unwrap();
        let client = client.with_references(|| REFERENCE.to_owned());
        let receiver = Receiver::new(SharedHeader::new(SECRET.0, SECRET.1).unwrap());
        let service = WebhookService::new(receiver, sink(client));
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(listener, service, async {
            let _ = stopped.await;
        }));
        Self { sim, stop, serving }
    }

    /// Closes it; what is under way is finished first.
    pub(crate) async fn close(self) {
        self.sim.shutdown().await;
        self.stop.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}
