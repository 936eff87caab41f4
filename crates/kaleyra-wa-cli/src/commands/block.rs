//! `kaleyra-wa block`: users who may not write any more.

use clap::{Args, Subcommand};
use kaleyra_wa_client::{BlocklistUpdate, UserOutcome};
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::{note, say, say_all};
use crate::show::style::Tone;

/// Block users, unblock them, or list blocked users
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa block add +919800000001
  kaleyra-wa block rm +919800000001
  kaleyra-wa block ls --all

Only users who wrote within the last 24 hours can be blocked.")]
pub(crate) struct Block {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Block users: their messages no longer arrive
    #[command(
        after_help = "Examples:\n  kaleyra-wa block add +919800000001 +919800000002\n\nWith --json each user is a line \
                      with user, outcome (done, refused or unclear) and reason."
    )]
    Add(Users),
    /// Unblock users
    #[command(
        after_help = "Examples:\n  kaleyra-wa block rm +919800000001\n\nWith --json each user is a line with user, \
                      outcome (done, refused or unclear) and reason."
    )]
    Rm(Users),
    /// List blocked users
    #[command(
        after_help = "Examples:\n  kaleyra-wa block ls\n  kaleyra-wa block ls --all --json\n\nWith --json each user is a \
                      line with user; the last has next, the cursor of the page that follows, where there is one."
    )]
    Ls(List),
}

#[derive(Args)]
struct Users {
    /// Numbers, with + and country code
    #[arg(required = true, value_name = "NUMBER")]
    users: Vec<String>,
    #[command(flatten)]
    account: AccountSettings,
}

#[derive(Args)]
struct List {
    /// All pages
    #[arg(long)]
    all: bool,
    /// Users on a page
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Page after this cursor
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
    #[command(flatten)]
    account: AccountSettings,
}

impl Block {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        match self.action {
            Action::Add(users) => {
                let client = users.account.client()?;
                let update = client.block(users.users.iter().map(String::as_str));
                let update = or_stopped(update.into_future()).await?;
                tell(&update.map_err(|error| Exit::of(&error))?, "blocked")
            }
            Action::Rm(users) => {
                let client = users.account.client()?;
                let update = client.unblock(users.users.iter().map(String::as_str));
                let update = or_stopped(update.into_future()).await?;
                tell(&update.map_err(|error| Exit::of(&error))?, "unblocked")
            }
            Action::Ls(list) => list.run().await,
        }
    }
}

impl List {
    async fn run(self) -> Result<(), Exit> {
        let client = self.account.client()?;
        let mut page = client.blocked_users();
        if let Some(limit) = self.limit {
            page = page.limit(limit);
        }
        if let Some(cursor) = &self.after {
            page = page.after(cursor);
        }
        let json = global::settings().json;
        loop {
            let found = or_stopped(page.into_future()).await?;
            let found = found.map_err(|error| Exit::of_read(&error))?;
            for user in found.users() {
                let id = user.wa_id.as_ref().map(|id| id.as_str());
                let id = id.or_else(|| user.user_id.as_ref().map(|id| id.as_str()));
                let id = id.unwrap_or_default();
                if json {
                    say(Line::json(&json!({"user": id})).map_err(Exit::failed)?)?;
                } else {
                    say(id)?;
                }
            }
            match found.next_page() {
                Some(next) if self.all => page = next,
                Some(_) if json => {
                    return say(Line::json(&json!({"next": found.after()})).map_err(Exit::failed)?);
                }
                Some(_) => {
                    note("there may be more: --all shows them");
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }
}

/// What became of each user.
fn tell(update: &BlocklistUpdate, done: &str) -> Result<(), Exit> {
    let json = global::settings().json;
    let mut lines = Vec::new();
    for (user, outcome) in update.outcomes() {
        let (word, tone, reason) = match outcome {
            UserOutcome::Done => ("done", Tone::Good, None),
            UserOutcome::Failed(_) => ("refused", Tone::Bad, Some(outcome.to_string())),
            _ => ("unclear", Tone::Bad, Some(outcome.to_string())),
        };
        lines.push(if json {
            let line = json!({"user": user.as_str(), "outcome": word, "reason": reason});
            Line::json(&line).map_err(Exit::failed)?
        } else {
            let shown = if word == "done" { done } else { word };
            let line = Line::toned(tone, shown).then("  ").then(user.as_str());
            match reason {
                Some(reason) => line.then("  ").then(reason),
                None => line,
            }
        });
    }
    say_all(lines)?;
    if update.is_complete() {
        Ok(())
    } else {
        Err(Exit::refused("not every user was taken, as said above").quiet())
    }
}
