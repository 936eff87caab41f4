//! The command as its users meet it: arguments, output, exit codes, over real sockets.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod chat_files;
mod check;
mod command;
mod config;
mod conventions;
mod demo;
mod desk;
mod doctor;
mod examples;
mod foreign;
mod harmless;
mod http;
mod inbox;
mod kept;
mod listen;
#[cfg(unix)]
mod moving;
mod outbox;
mod pass_on;
mod plain_words;
mod send;
mod send_files;
mod send_input;
mod send_output;
mod sim;
mod sim_desk;
mod sim_run;
mod simulator;
mod template;
#[cfg(unix)]
mod tunnel;
