//! Processes that share a store. Each is this test binary again, which then runs [`runs_until_it_is_killed`] alone.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{
    IncomingEvent, Receiver, SharedHeader, WebhookService, handler_fn, serve,
};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

const ROLE: &str = "KWA_TEST_ROLE";

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Receiver,
    Worker,
}

/// Starts one with this name; its files are in the folder.
pub(crate) fn start(role: Role, name: &str, folder: &Path, url: &str, lease: Duration) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child::runs_until_it_is_killed", "--nocapture"]);
    command.env(ROLE, format!("{role:?}"));
    command.env("KWA_TEST_NAME", name);
    command.env("KWA_TEST_FOLDER", folder);
    command.env("KWA_TEST_URL", url);
    command.env("KWA_TEST_LEASE", lease.as_millis().to_string());
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join(format!("{name}.log")))
        .unwrap();
    command.stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap()
}

/// Where a receiver listens, once it does.
pub(crate) fn address(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(format!("{name}.address"))).ok()
}

#[test]
fn runs_until_it_is_killed() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(run(&role));
}

async fn run(role: &str) {
    let variable = |name: &str| std::env::var(name).unwrap();
    let (name, url) = (variable("KWA_TEST_NAME"), variable("KWA_TEST_URL"));
    let folder = PathBuf::from(variable("KWA_TEST_FOLDER"));
    let lease = Duration::from_millis(variable("KWA_TEST_LEASE").parse().unwrap());
    let is_receiver = role == "Receiver";
    let store = loop {
        let options = NatsOptions::new(&url).lease(lease);
        let options = options.timeout(Duration::from_secs(2));
        let options = if is_receiver {
            options.receive_only()
        } else {
            options
        };
        match options.open().await {
            Ok(store) => break store,
            // The server may have been killed a moment ago.
            Err(error) if error.is_temporary() => {
                eprintln!("{error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    let inbox = inbox(&store, &folder, &name).await;
    if is_receiver {
        receive(inbox, &folder, &name).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Its handler notes in a file that it begins with an event, and that it is done.
async fn inbox(store: &NatsStore, folder: &Path, name: &str) -> Inbox {
    let log = Arc::new(append(&folder.join("log")));
    let (folder, name): (PathBuf, String) = (folder.to_owned(), name.to_owned());
    let handler = handler_fn(move |event: IncomingEvent| {
        let (log, name, folder) = (Arc::clone(&log), name.clone(), folder.clone());
        async move {
            let id = event.event().id().unwrap_or_default().to_owned();
            (&*log).write_all(format!("{id} {name}\n").as_bytes())?;
            if id.starts_with("slow") {
                let begun = Instant::now();
                while !folder.join("go").exists() && begun.elapsed() < Duration::from_secs(60) {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
            Ok(())
        }
    });
    loop {
        // An attempt counts where its worker was killed, and here that happens often.
        let builder = Inbox::builder(handler.clone()).attempts(1_000).parallel(8);
        match builder.start(store.clone()).await {
            Ok(inbox) => return inbox,
            Err(error) => eprintln!("{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn receive(inbox: Inbox, folder: &Path, name: &str) {
    let receiver = Receiver::new(SharedHeader::new("x-secret", "a long random text").unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let file = folder.join(format!("{name}.address"));
    fs::write(file.with_extension("new"), address).unwrap();
    fs::rename(file.with_extension("new"), file).unwrap();
    let service = WebhookService::new(receiver, inbox);
    serve(listener, service, std::future::pending())
        .await
        .unwrap();
}

fn append(path: &Path) -> File {
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap()
}
