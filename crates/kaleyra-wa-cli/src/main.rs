//! The command `kaleyra-wa`: send a message, watch callbacks, run a simulator, see a demo.

// What comes from outside must not reach a terminal as it is: everything is written by `show::output`. The methods are
// listed in this crate's `clippy.toml`.
#![deny(clippy::disallowed_methods, clippy::print_stderr, clippy::print_stdout)]

mod child;
mod commands;
mod crash;
mod exit;
mod global;
mod input;
mod interrupt;
mod log;
mod settings;
mod show;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::show::usage;

/// WhatsApp through Kaleyra, from a terminal.
#[derive(Parser)]
#[command(
    name = "kaleyra-wa",
    version,
    arg_required_else_help = true,
    after_help = after_help()
)]
struct Arguments {
    #[command(flatten)]
    global: global::Global,
    #[command(subcommand)]
    command: Command,
}

fn after_help() -> String {
    format!("{EXAMPLES}\n\n{}", exit::TABLE)
}

const EXAMPLES: &str = "\
Examples:
  # Without an account: a shop's bot, its customers and a simulated Kaleyra, all on this machine
  kaleyra-wa demo

  # With an account, or with `kaleyra-wa sim` in another terminal
  export KALEYRA_SID=HX…  KALEYRA_API_KEY=A…
  export KALEYRA_SENDER=+91…  KALEYRA_POD=in
  kaleyra-wa send --to +91… --text 'Your table is booked.'
  export KALEYRA_CALLBACK_SECRET=…
  kaleyra-wa listen --port 8080

  # When something does not work
  kaleyra-wa doctor                       # what is wrong with the account, its number, a webhook
  kaleyra-wa why 131047                   # what an error code means, and what to do
  kaleyra-wa check callback.json          # how a payload is read

The tags [env: …] in the help of a command name the variable that may stand in place of a flag; `kaleyra-wa config` keeps values
in a profile, and `kaleyra-wa completions` lets Tab complete all of this.

RUST_LOG=kaleyra_wa_client=debug writes a line per call to standard error; other filters of this kind show more. The log \
never holds a key, a number or a text.

With --json standard output has one document, or a line per event; a failure is {\"error\": {kind, code, message, do, \
source}}: what kind, whose code, what is wrong, what to do, and the page that says so. Words and bars go to standard error.";

#[derive(Subcommand)]
enum Command {
    Send(Box<commands::send::Send>),
    Reply(Box<commands::reply::Reply>),
    React(commands::react::React),
    Read(commands::read::Read),
    Upload(commands::upload::Upload),
    Download(commands::download::Download),
    Block(commands::block::Block),
    Number(commands::number::Number),
    Template(Box<commands::template::Template>),
    Listen(commands::listen::Listen),
    Trigger(commands::trigger::Trigger),
    Replay(commands::replay::Replay),
    Sim(Box<commands::sim::Sim>),
    Test(commands::test::Test),
    Campaign(commands::campaign::Campaign),
    Outbox(commands::outbox::Outbox),
    Track(commands::track::Track),
    Inbox(commands::inbox::Inbox),
    Demo(commands::demo::Demo),
    Check(commands::check::Check),
    Why(commands::why::Why),
    Doctor(Box<commands::doctor::Doctor>),
    Config(commands::config::Config),
    Completions(commands::completions::Completions),
    Man(commands::man::ManPages),
}

#[tokio::main]
async fn main() -> ExitCode {
    crash::tell_in_a_line();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => return usage::tell::<Arguments>(told, std::env::args_os()),
    };
    let json = arguments.global.json;
    global::set(arguments.global);
    log::start();
    let result = match arguments.command {
        Command::Send(send) => once(send.run()).await,
        Command::Reply(reply) => once(reply.run()).await,
        Command::React(react) => once(react.run()).await,
        Command::Read(read) => once(read.run()).await,
        Command::Upload(upload) => once(upload.run()).await,
        Command::Download(download) => once(download.run()).await,
        Command::Block(block) => once(block.run()).await,
        Command::Number(number) => once(number.run()).await,
        Command::Template(template) => once(template.run()).await,
        Command::Listen(listen) => listen.run().await,
        Command::Trigger(trigger) => once(trigger.run()).await,
        Command::Replay(replay) => once(replay.run()).await,
        Command::Sim(sim) => sim.run().await,
        Command::Test(test) => test.run().await,
        Command::Campaign(campaign) => campaign.run().await,
        Command::Outbox(outbox) => once(outbox.run()).await,
        Command::Track(track) => once(track.run()).await,
        Command::Inbox(inbox) => once(inbox.run()).await,
        Command::Demo(demo) => demo.run().await,
        Command::Check(check) => check.run(),
        Command::Why(why) => why.run(),
        Command::Doctor(doctor) => once(doctor.run()).await,
        Command::Config(config) => config.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => exit.report(json),
    }
}

/// A command that ends by itself, so that Ctrl-C is for giving it up.
async fn once(command: impl Future<Output = Result<(), exit::Exit>>) -> Result<(), exit::Exit> {
    interrupt::guard();
    command.await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense() {
        super::Arguments::command().debug_assert();
    }
}
