//! A NATS server of one test's own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A server, gone with its folder when the test ends.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    binary: PathBuf,
    /// More than where it listens and keeps what it has.
    options: Vec<String>,
    has_jetstream: bool,
    running: Mutex<Option<Child>>,
}

impl Server {
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Starts one. `None`, and said aloud, where there is no `nats-server`; where `KWA_REQUIRE_NATS` is set, as by `.ci/run`,
    /// that is a failure.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(Vec::new())
    }

    /// One without JetStream.
    pub(crate) fn without_jetstream() -> Option<Self> {
        Self::made(|_| Vec::new(), false)
    }

    /// One with this configuration, whose files are put into the folder that is given.
    pub(crate) fn configured(config: impl FnOnce(&Path) -> String) -> Option<Self> {
        let prepare = |folder: &Path| {
            let file = folder.join("nats.conf");
            fs::write(&file, config(folder)).unwrap();
            vec!["-c".to_owned(), file.to_str().unwrap().to_owned()]
        };
        Self::made(prepare, true)
    }

    /// One that syncs each write to its disk before it acknowledges it.
    pub(crate) fn synced() -> Option<Self> {
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/jetstream/nats.conf");
        Self::start_with(vec!["-c".to_owned(), config.to_str().unwrap().to_owned()])
    }

    /// Three of them that are a cluster.
    pub(crate) fn three() -> Option<Vec<Self>> {
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
        let route = |port: &u16| format!("nats://127.0.0.1:{port}");
        let routes: Vec<String> = ports.iter().map(route).collect();
        let start = |port: &u16| {
            let options = [
                "--cluster_name".to_owned(),
                "kwa".to_owned(),
                "--cluster".to_owned(),
                route(port),
                "--routes".to_owned(),
                routes.join(","),
                "-n".to_owned(),
                format!("server-{port}"),
            ];
            Self::start_with(options.to_vec())
        };
        ports.iter().map(start).collect()
    }

    fn start_with(options: Vec<String>) -> Option<Self> {
        Self::made(|_| options, true)
    }

    fn made(prepare: impl FnOnce(&Path) -> Vec<String>, has_jetstream: bool) -> Option<Self> {
        let Some(binary) = binary() else {
            let why = "nats-server is not there: see CONTRIBUTING.md for where it comes from";
            assert!(std::env::var_os("KWA_REQUIRE_NATS").is_none(), "{why}");
            eprintln!("skipped: {why}");
            return None;
        };
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("kwa-nats-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let server = Self {
            port: free_port(),
            options: prepare(&folder),
            folder,
            binary,
            has_jetstream,
            running: Mutex::default(),
        };
        server.run();
        Some(server)
    }

    /// Starts it, again after it was killed.
    pub(crate) fn run(&self) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let mut command = Command::new(&self.binary);
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string()]);
        if self.has_jetstream {
            command.arg("-js").arg("-sd").arg(self.folder.join("data"));
        }
        command.args(&self.options);
        command.stdout(Stdio::null()).stderr(log);
        let mut child = command.spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(child.try_wait().unwrap().is_none(), "{}", log());
            assert!(begun.elapsed() < Duration::from_secs(60), "{}", log());
            sleep(Duration::from_millis(10));
        }
        *self.running.lock().unwrap() = Some(child);
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn kill(&self) {
        if let Some(mut child) = self.running.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Where it keeps a stream.
    pub(crate) fn stream(&self, name: &str) -> PathBuf {
        self.folder.join("data/jetstream/$G/streams").join(name)
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!(
                "{}",
                fs::read_to_string(self.folder.join("log")).unwrap_or_default()
            );
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// One below those that systems give to outgoing connections, so that none of these takes it while a server is down.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(61);
    for _ in 0..1_000 {
        let number = first.wrapping_add(NEXT.fetch_add(1, Ordering::SeqCst));
        let port = 15_000 + u16::try_from(number % 17_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}

/// `KWA_NATS_SERVER`, or `nats-server` in `target/nats` or on the path.
fn binary() -> Option<PathBuf> {
    let said = std::env::var_os("KWA_NATS_SERVER").map(PathBuf::from);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let in_target = workspace.join("target/nats/nats-server");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("nats-server"));
    said.into_iter()
        .chain([in_target])
        .chain(on_path)
        .find(|path| path.is_file())
}
