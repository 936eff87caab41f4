//! Files on their way out and in, over real sockets where it is about the wire.

mod failed_uploads;
mod form;
mod refused_files;
mod server;
mod source;
mod temporary;
mod uploads;
