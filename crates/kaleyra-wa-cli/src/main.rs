//! The command `kaleyra-wa`: send a message, watch callbacks, run a simulator, see the main job run.

// What comes from outside must not reach a terminal as it is: everything is written by `show::output`. The methods are
// listed in this crate's `clippy.toml`.
#![deny(clippy::disallowed_methods, clippy::print_stderr, clippy::print_stdout)]

mod commands;
mod crash;
mod exit;
mod log;
mod settings;
mod show;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::show::usage;

/// WhatsApp through Kaleyra, from a terminal.
#[derive(Parser)]
#[command(
    name = "kaleyra-wa",
    version,
    arg_required_else_help = true,
    after_help = "\
Try it without an account: a shop's bot, its customers and a simulated Kaleyra, all on this machine.
  kaleyra-wa demo

With an account, or with `kaleyra-wa sim` in another terminal:
  export KALEYRA_SID=HX…  KALEYRA_API_KEY=A…
  export KALEYRA_SENDER=+91…  KALEYRA_POD=in
  kaleyra-wa send --to +91… --text 'Your table is booked.'
  export KALEYRA_CALLBACK_SECRET=…
  kaleyra-wa listen --port 8080

RUST_LOG=kaleyra_wa_client=debug writes a line per call to standard error; other filters of this kind show more. The log \
never holds a key, a number or a text."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(commands::check::Check),
    Demo(commands::demo::Demo),
    Campaign(commands::campaign::Campaign),
    Inbox(commands::inbox::Inbox),
    Listen(commands::listen::Listen),
    Outbox(commands::outbox::Outbox),
    Send(Box<commands::send::Send>),
    Sim(commands::sim::Sim),
    Track(commands::track::Track),
}

#[tokio::main]
async fn main() -> ExitCode {
    crash::tell_in_a_line();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => return usage::tell::<Arguments>(told, std::env::args_os()),
    };
    log::start();
    let result = match arguments.command {
        Command::Check(check) => check.run(),
        Command::Demo(demo) => demo.run().await,
        Command::Campaign(campaign) => campaign.run().await,
        Command::Inbox(inbox) => inbox.run().await,
        Command::Listen(listen) => listen.run().await,
        Command::Outbox(outbox) => outbox.run().await,
        Command::Send(send) => send.run().await,
        Command::Sim(sim) => sim.run().await,
        Command::Track(track) => track.run().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => exit.report(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense() {
        super::Arguments::command().debug_assert();
    }
}
