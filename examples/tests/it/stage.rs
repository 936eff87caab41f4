//! A simulated Kaleyra, and an example beside it.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use kaleyra_wa_sim::Simulator;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const ACCOUNT: (&str, &str, &str) = ("HXIN0000000000IN", "A-key-of-nobody", "+918000000001");
const SECRET: (&str, &str) = ("x-kaleyra-secret", "a secret of this test");

pub(crate) struct Stage {
    pub(crate) kaleyra: Simulator,
    folder: PathBuf,
}

/// A bot that listens.
pub(crate) struct Bot {
    pub(crate) url: String,
    process: Child,
}

impl Bot {
    /// Kills it, as `kill -9` does.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let kaleyra = Simulator::builder(ACCOUNT.0, ACCOUNT.1, ACCOUNT.2);
        let kaleyra = kaleyra.bind("127.0.0.1:0").await.unwrap();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("kaleyra-wa-examples-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { kaleyra, folder }
    }

    /// A file of the example's own.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("KALEYRA_BASE_URL", self.kaleyra.base_url())
            .env("KALEYRA_SID", ACCOUNT.0)
            .env("KALEYRA_API_KEY", ACCOUNT.1)
            .env("KALEYRA_SENDER", ACCOUNT.2)
            .env("KALEYRA_CALLBACK_SECRET", SECRET.1)
            .env("BOT_ADDRESS", "127.0.0.1:0")
            .env("BOT_DB", self.folder.join("bot.db"))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts a bot, and has callbacks posted to it.
    pub(crate) async fn start(&self, program: &str) -> Bot {
        let mut process = self
            .command(program)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines
                .next_line()
                .await
                .unwrap()
                .expect("it ended before it listened");
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        self.kaleyra.post_callbacks_to(&url, SECRET).unwrap();
        Bot { url, process }
    }

    /// Runs a program to its end.
    pub(crate) async fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = self
            .command(program)
            .args(arguments)
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
        output
    }

    pub(crate) async fn close(self) {
        self.kaleyra.shutdown().await;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
