//! Files on their way out and in, over real sockets where it is about the wire.

mod cache;
mod clock;
mod downloads;
mod failed_downloads;
mod failed_uploads;
mod form;
mod pace;
pub(crate) mod quiet;
mod refused_files;
mod saves;
mod server;
mod source;
mod temporary;
mod uploads;
