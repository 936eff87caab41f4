//! Starts a simulated Kaleyra and an example beside it: `cargo run -p kaleyra-wa-examples echo_bot`. Open the address that it prints,
//! and write to the bot. What stands behind the name is given to the example.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to who typed it"
)]

use std::env;
use std::error::Error;
use std::process::{ExitCode, Stdio};

use kaleyra_wa_sim::Simulator;
use tokio::process::Command;

/// The account of everybody who tries; the simulator knows no other.
const ACCOUNT: (&str, &str, &str) = ("HXIN0000000000IN", "A-key-of-nobody", "+918000000001");
const SECRET: (&str, &str) = ("x-kaleyra-secret", "a secret for trying");
const BOT: &str = "127.0.0.1:8080";
const PHONE: &str = "127.0.0.1:8090";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let Some(example) = arguments.next() else {
        eprintln!("name an example: examples/README.md lists them");
        return Ok(ExitCode::from(2));
    };
    let path = if example == "axum_app" {
        "callbacks"
    } else {
        ""
    };
    let kaleyra = Simulator::builder(ACCOUNT.0, ACCOUNT.1, ACCOUNT.2)
        .callbacks(format!("http://{BOT}/{path}"), SECRET)
        .bind(PHONE)
        .await?;
    println!("the phone: {}/", kaleyra.base_url());

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "run",
            "--quiet",
            "-p",
            "kaleyra-wa-examples",
            "--bin",
            &example,
            "--",
        ])
        .args(arguments)
        .env("KALEYRA_BASE_URL", kaleyra.base_url())
        .env("KALEYRA_SID", ACCOUNT.0)
        .env("KALEYRA_API_KEY", ACCOUNT.1)
        .env("KALEYRA_SENDER", ACCOUNT.2)
        .env("KALEYRA_CALLBACK_SECRET", SECRET.1)
        .env("BOT_ADDRESS", BOT)
        .stdin(Stdio::null())
        .status()
        .await?;
    println!("Kaleyra accepted {} messages", kaleyra.accepted().len());
    kaleyra.shutdown().await;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
