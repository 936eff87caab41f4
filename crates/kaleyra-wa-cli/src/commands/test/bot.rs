//! A bot that is started by a command line, and stopped after its run.

use std::io;
use std::time::Duration;

use kaleyra_wa_sim::{Bot, StartedBot};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;
use tokio::time::sleep;

use crate::child;

/// How often one looks whether a bot listens, and how long one waits in between: 20 seconds on a machine that has time.
const LOOKS: u32 = 1_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The program while it runs, and what it has started itself.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        child::end(&mut self.0);
    }
}

/// A bot that this command line starts, with the account and the secret in its environment.
pub(super) fn started_by(line: String, account: [String; 3], secret: String) -> Bot {
    Bot::started_by(move |base_url| start(line.clone(), account.clone(), secret.clone(), base_url))
}

async fn start(
    line: String,
    [sid, api_key, sender]: [String; 3],
    secret: String,
    base_url: String,
) -> io::Result<StartedBot> {
    let free = TcpListener::bind("127.0.0.1:0").await?;
    let address = free.local_addr()?;
    drop(free);
    let mut command = child::beside(&line);
    command
        .env("PORT", address.port().to_string())
        .env("KALEYRA_BASE_URL", base_url)
        .env("KALEYRA_SID", sid)
        .env("KALEYRA_API_KEY", api_key)
        .env("KALEYRA_SENDER", sender)
        .env("KALEYRA_CALLBACK_SECRET", secret);
    let mut program = Program(command.spawn()?);
    // Counted, as the clock goes on while a busy machine gives the bot no time.
    let mut looks = 0;
    while TcpStream::connect(address).await.is_err() {
        if let Some(status) = program.0.try_wait()? {
            let why = format!(
                "it ended ({status}) before it listened at PORT; run it with -v to see what it says"
            );
            return Err(io::Error::other(why));
        }
        looks += 1;
        if looks > LOOKS {
            let why = "it does not listen at the port that the variable PORT names, on 127.0.0.1";
            return Err(io::Error::other(why));
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Ok(StartedBot::new(format!("http://{address}/"), program))
}
