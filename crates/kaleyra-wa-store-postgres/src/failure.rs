//! What Postgres's errors mean.

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio_postgres::Error;

/// The error to answer with. Of Postgres's it holds the code alone: its words can repeat what is stored.
pub(crate) fn failed(error: &Error) -> StoreError {
    let Some(state) = error.code() else {
        return of_connection(error);
    };
    let code = state.code();
    let detail = match meaning(code) {
        Some(meaning) => format!("{meaning}: SQLSTATE {code}"),
        None => format!("Postgres SQLSTATE {code}"),
    };
    StoreError::new(kind(code), detail)
}

/// No response came in time.
pub(crate) fn too_late() -> StoreError {
    StoreError::new(StoreErrorKind::Io, "Postgres did not respond in time")
}

/// A column holds what this version can't read.
pub(crate) fn unreadable() -> StoreError {
    let detail = "a column holds what this version can't read";
    StoreError::new(StoreErrorKind::Other, detail)
}

/// There was no response to look into.
fn of_connection(error: &Error) -> StoreError {
    let told = error.to_string();
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let cause = cause.unwrap_or_default();
    let io = std::error::Error::source(error).and_then(|it| it.downcast_ref::<std::io::Error>());
    // What rustls has against a server is invalid data; all else is a connection that ended.
    let is_broken = io.is_some_and(|it| it.kind() != std::io::ErrorKind::InvalidData);
    if told.starts_with("error performing TLS handshake") && !is_broken {
        let detail = if cause.contains("no TLS implementation") {
            "TLS is asked for: turn on the feature `rustls`, or give `PostgresOptions::tls` a connector"
        } else if cause.contains("does not support TLS") {
            "TLS is asked for, and the server has none: see its setting `ssl`"
        } else if cause.contains("certificate") {
            "the server's certificate is not to be trusted: see sslmode and sslrootcert, and whether it names this host"
        } else {
            "no connection with TLS could be made to the server"
        };
        return StoreError::new(StoreErrorKind::Invalid, detail);
    }
    if told.starts_with("authentication error") || told.starts_with("invalid configuration") {
        let detail =
            "what the connection string says is not enough to log in: is the password there?";
        return StoreError::new(StoreErrorKind::Invalid, detail);
    }
    let kind = if error.is_closed() || io.is_some() || told.starts_with("timeout") {
        StoreErrorKind::Io
    } else {
        StoreErrorKind::Other
    };
    StoreError::new(kind, "the connection to Postgres failed")
}

/// What a code means to whoever runs the application, and what to do.
fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "28P01" => "Postgres refuses the user or the password",
        "28000" => {
            "Postgres takes no such connection: see its pg_hba.conf for this user, this host, and whether TLS is asked for"
        }
        "3D000" => "there is no such database: create it first",
        "25006" => {
            "this server only reads: name the primary, as by target_session_attrs=read-write"
        }
        "42501" => {
            "the role may not do this: grant it CREATE on the database, or make the schema and grant it USAGE and CREATE on that, or \
             have another role open the store first"
        }
        "42939" => "names of schemas that begin with pg_ are Postgres's own",
        "53300" => "Postgres has no connection left: raise max_connections, or lower `connections`",
        "57014" => "a statement took too long: see `timeout`",
        _ => return None,
    })
}

fn kind(code: &str) -> StoreErrorKind {
    match code {
        "53100" => StoreErrorKind::Full,
        // Deadlocks, and locks that were not given in time.
        "40001" | "40P01" | "55P03" => StoreErrorKind::Busy,
        "25006" | "42501" => StoreErrorKind::ReadOnly,
        "3D000" | "42939" => StoreErrorKind::Invalid,
        "XX001" | "XX002" => StoreErrorKind::Corrupt,
        code if code.starts_with("28") => StoreErrorKind::Invalid,
        // Connections, resources, the server's end, and what an administrator or a limit of time broke off.
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57") => {
            StoreErrorKind::Io
        }
        "25P03" => StoreErrorKind::Io,
        _ => StoreErrorKind::Other,
    }
}
