//! The example as its README has it, without Docker.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_nats::NatsOptions;

use crate::sample::until;
use crate::server::Server;

/// Beside this test's own program, where cargo puts examples.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own
        .parent()
        .unwrap()
        .with_file_name("examples")
        .join("jetstream");
    assert!(program.exists(), "build it: cargo build --examples");
    program
}

/// Processes that end with the test.
struct Processes(Vec<Child>);

impl Processes {
    fn start(&mut self, url: &str, arguments: &[&str]) -> &mut Child {
        let mut command = Command::new(program());
        command.args(arguments).stdout(Stdio::piped());
        command.env("KWA_STORE", url).env("KWA_SECRET", "a secret");
        self.0.push(command.spawn().unwrap());
        self.0.last_mut().unwrap()
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let output = BufReader::new(child.stdout.take().unwrap());
    output.lines().map_while(Result::ok)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_handles_all_that_it_acknowledged_though_a_worker_is_killed() {
    let Some(server) = Server::synced() else {
        return;
    };
    let url = server.url();
    let mut processes = Processes(Vec::new());
    let mut receivers = Vec::new();
    for _ in 0..2 {
        let receiver = processes.start(&url, &["receive", "127.0.0.1:0"]);
        let line = lines(receiver).next().unwrap();
        receivers.push(line.rsplit(' ').next().unwrap().to_owned());
    }
    for _ in 0..3 {
        let worker = processes.start(&url, &["work"]);
        // What it says is read, so that it can go on.
        let mut said = lines(worker);
        assert!(said.next().unwrap().contains("of 64 partitions"));
        std::thread::spawn(move || said.count());
    }
    let load = ["load", "3", &receivers[0], &receivers[1]];
    let load = lines(processes.start(&url, &load));
    let load = std::thread::spawn(move || load.last());
    std::thread::sleep(std::time::Duration::from_secs(1));
    processes.0[3].kill().unwrap();
    let said = load.join().unwrap().unwrap();
    let acknowledged: u64 = said.split(' ').next().unwrap().parse().unwrap();
    assert!(acknowledged > 0, "{said}");

    let options = NatsOptions::new(&url).receive_only();
    let store = options.open().await.unwrap();
    until("all is handled", async || {
        store.live().await.is_ok_and(|live| live == 0)
    })
    .await;
    let stats = store.stats().await.unwrap();
    // One more for each user may have been kept when the load ended.
    assert!(stats.handled >= acknowledged, "{} of {said}", stats.handled);
}
