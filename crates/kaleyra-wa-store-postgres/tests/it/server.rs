//! A Postgres of one test's own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A certificate for this machine alone, that is nobody's to sign others with.
const CERTIFICATE: &str = "\
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = IP:127.0.0.1, DNS:localhost
basicConstraints = critical, CA:FALSE
";

/// A server, gone with its folder when the test ends.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    bin: PathBuf,
    running: Mutex<Option<Child>>,
}

impl Server {
    /// Starts one. `None`, and said aloud, where Postgres is not installed; where `KWA_REQUIRE_POSTGRES` is set, as by
    /// `.ci/run`, that is a failure.
    pub(crate) fn start() -> Option<Self> {
        Some(Self::made(None)?.0)
    }

    /// Starts one that takes connections with TLS alone, and gives its certificate.
    pub(crate) fn start_with_tls() -> Option<(Self, Vec<u8>)> {
        Self::made(Some(CERTIFICATE))
    }

    fn made(tls: Option<&str>) -> Option<(Self, Vec<u8>)> {
        let Some(bin) = binaries() else {
            let why = "Postgres is not installed: apt-get install postgresql";
            assert!(std::env::var_os("KWA_REQUIRE_POSTGRES").is_none(), "{why}");
            eprintln!("skipped: {why}");
            return None;
        };
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("kwa-postgres-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        if let Some((user, group)) = other_user() {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: free.local_addr().unwrap().port(),
            folder,
            bin,
            running: Mutex::default(),
        };
        drop(free);
        let made = server
            .command("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=test",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--pgdata"])
            .arg(server.data())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let certificate = tls.map(|how| server.encrypt(how)).unwrap_or_default();
        server.run();
        Some((server, certificate))
    }

    /// Makes a certificate for it, and has it take nothing without.
    fn encrypt(&self, how: &str) -> Vec<u8> {
        let data = self.data();
        fs::write(self.folder.join("how"), how).unwrap();
        let mut openssl = Command::new("openssl");
        if let Some((user, group)) = other_user() {
            openssl.uid(user).gid(group);
        }
        openssl
            .current_dir(&data)
            .args(["req", "-x509", "-nodes", "-days", "2"]);
        openssl.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
        openssl.args([
            "-keyout",
            "server.key",
            "-out",
            "server.crt",
            "-config",
            "../how",
        ]);
        let made = openssl.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(made.unwrap().success(), "openssl makes no certificate");
        fs::set_permissions(data.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(
            data.join("pg_hba.conf"),
            "hostssl all all 127.0.0.1/32 trust\n",
        )
        .unwrap();
        let settings = data.join("postgresql.auto.conf");
        fs::write(settings, "ssl = on\n").unwrap();
        fs::read(data.join("server.crt")).unwrap()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A command of Postgres's, or another by its whole path, as the user that Postgres runs as.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.current_dir(&self.folder);
        // It refuses to run as root.
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        command
    }

    /// Starts it, again after it was killed.
    pub(crate) fn run(&self) {
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data());
        command.arg("-k").arg(&self.folder);
        command.args(["-p", &self.port.to_string()]);
        command.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
        ]);
        command.args(["-c", "shared_buffers=32MB", "-c", "max_wal_size=256MB"]);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let begun = Instant::now();
        let mut child = command.spawn().unwrap();
        loop {
            let is_ready = self
                .command("pg_isready")
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .unwrap();
            if is_ready.success() {
                break;
            }
            if child.try_wait().unwrap().is_some() {
                // The shared memory of one that was killed a moment ago may still be in use.
                child = command.spawn().unwrap();
            }
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(60), "{}", log());
            sleep(Duration::from_millis(20));
        }
        *self.running.lock().unwrap() = Some(child);
    }

    /// Kills all of it.
    pub(crate) fn kill(&self) {
        let Some(mut child) = self.running.lock().unwrap().take() else {
            return;
        };
        for backend in backends(child.id()) {
            let _ = kill_process(backend, Signal::KILL);
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    /// How many transactions a second it commits for so many clients, each with a row of 1 kB.
    pub(crate) fn pgbench(&self, clients: usize, seconds: u64) -> f64 {
        let script = self.folder.join("script");
        let insert = "INSERT INTO load(raw) VALUES (convert_to(repeat('x', 1000), 'UTF8'));";
        fs::write(&script, insert).unwrap();
        let port = self.port.to_string();
        let at = ["-h", "127.0.0.1", "-p", &port, "-U", "test"];
        let table = "CREATE TABLE IF NOT EXISTS load(id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, raw BYTEA)";
        let made = self
            .command("psql")
            .args(at)
            .args(["-qc", table, "postgres"])
            .status();
        assert!(made.unwrap().success());
        let mut pgbench = self.command("pgbench");
        pgbench.args(at).args(["-n", "-j", "2", "-M", "prepared"]);
        pgbench.args(["-c", &clients.to_string(), "-T", &seconds.to_string(), "-f"]);
        let output = pgbench.arg(&script).arg("postgres").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = line.and_then(|line| line.split(' ').next()?.parse().ok());
        rate.expect("pgbench says how fast it was")
    }

    /// A file in the server's folder.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let file = self.folder.join(name);
        fs::write(&file, content).unwrap();
        file
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same through another port.
    pub(crate) fn url_at(&self, port: u16) -> String {
        format!("postgres://test@127.0.0.1:{port}/postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The processes of a server.
fn backends(server: u32) -> Vec<Pid> {
    let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children"));
    let children = children.unwrap_or_default();
    let ids = children.split_whitespace().filter_map(|id| id.parse().ok());
    ids.filter_map(Pid::from_raw).collect()
}

fn binaries() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&in_path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<PathBuf> = versions.map(|it| it.path().join("bin")).collect();
    versions.sort();
    folders.splice(0..0, versions.into_iter().rev());
    let has_all = |folder: &PathBuf| {
        let has = |name| Path::new(folder).join(name).exists();
        has("initdb") && has("postgres") && has("pg_isready")
    };
    folders.into_iter().find(has_all)
}

/// The user and the group to run it as, where this is root.
fn other_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(
        ids("postgres")
            .or_else(|| ids("nobody"))
            .unwrap_or((65_534, 65_534)),
    )
}
