//! A connection string: what tokio-postgres reads of it, and what it says about certificates, which only libpq and this know.

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::PathBuf;

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::db::Outcome;

/// Where the database is, and whom to take for it.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
}

/// Which certificate a server has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Any: who only listens learns nothing, who stands in between learns all.
    Any,
    /// One that is signed by these, whatever it names.
    SignedBy(PathBuf),
    /// One that names the host, and is signed by these, or by an authority that this machine trusts.
    ForHost(Option<PathBuf>),
}

/// The settings that are read here, and what is left for tokio-postgres.
struct Split<'a> {
    rest: String,
    mode: Option<Cow<'a, str>>,
    roots: Option<Cow<'a, str>>,
}

impl Address {
    /// Reads `postgres://user@host/database?sslmode=…`, or `host=… user=… sslmode=…`.
    pub(crate) fn parse(database: &str) -> Outcome<Self> {
        let split = if database.starts_with("postgres://") || database.starts_with("postgresql://")
        {
            split_url(database)
        } else {
            split_words(database)
        };
        let no_string = || {
            invalid("it is no connection string of Postgres: write postgres://user@host/database")
        };
        let mut config: Config = split.rest.parse().map_err(|_| no_string())?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(no_string());
        }
        let roots = split.roots.filter(|it| !it.is_empty());
        let is_system = roots.as_deref() == Some("system");
        let file = || roots.as_deref().map(PathBuf::from);
        let mode = split.mode.as_deref().unwrap_or("prefer");
        let (mode, trust) = match mode {
            "verify-full" => (
                SslMode::Require,
                Trust::ForHost(file().filter(|_| !is_system)),
            ),
            _ if is_system => {
                return Err(invalid("sslrootcert=system is for sslmode=verify-full"));
            }
            "verify-ca" => match file() {
                Some(file) => (SslMode::Require, Trust::SignedBy(file)),
                None => return Err(invalid("sslmode=verify-ca needs a file: sslrootcert=FILE")),
            },
            // As libpq: certificates to compare with are there to be compared with.
            "require" => (SslMode::Require, file().map_or(Trust::Any, Trust::SignedBy)),
            "prefer" | "allow" => (SslMode::Prefer, Trust::Any),
            "disable" => (SslMode::Disable, Trust::Any),
            _ => {
                return Err(invalid(
                    "sslmode is one of disable, prefer, require, verify-ca and verify-full",
                ));
            }
        };
        config.ssl_mode(mode);
        Ok(Self { config, trust })
    }

    /// Whether the server is on another machine.
    pub(crate) fn is_remote(&self) -> bool {
        let addresses = self.config.get_hostaddrs();
        if !addresses.is_empty() {
            return addresses.iter().any(|address| !address.is_loopback());
        }
        self.config.get_hosts().iter().any(|host| match host {
            Host::Tcp(name) => {
                let address: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
                name != "localhost" && !address.is_some_and(|address| address.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => false,
        })
    }
}

impl From<Config> for Address {
    fn from(config: Config) -> Self {
        let trust = Trust::Any;
        Self { config, trust }
    }
}

fn invalid(detail: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Invalid, detail)
}

fn split_url(url: &str) -> Split<'_> {
    // A password may have a question mark.
    let begin = url.find('@').unwrap_or(0);
    let (base, query) = match url[begin..].find('?') {
        Some(at) => (&url[..begin + at], &url[begin + at + 1..]),
        None => (url, ""),
    };
    let (mut mode, mut roots, mut left) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(decoded(value)),
            Some(("sslrootcert", value)) => roots = Some(decoded(value)),
            _ => left.push(pair),
        }
    }
    let mut rest = base.to_owned();
    if !left.is_empty() {
        rest = format!("{rest}?{}", left.join("&"));
    }
    Split { rest, mode, roots }
}

/// With `%2F` and the like as what they stand for.
fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let number = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let number = number.and_then(|it| u8::from_str_radix(it, 16).ok());
        match number.filter(|_| byte == b'%') {
            Some(number) => {
                bytes.push(number);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// `key = value` with blanks between, and `'…'` around values that have some; a backslash takes the next character as it is.
fn split_words(words: &str) -> Split<'_> {
    let (mut mode, mut roots, mut rest) = (None, None, String::new());
    let mut left = words.trim_start();
    while let Some((key, after)) = left.split_once('=') {
        let begin = after.trim_start();
        let (value, length) = value_of(begin);
        let end = words.len() - begin.len() + length;
        match key.trim_end() {
            "sslmode" => mode = Some(Cow::Owned(value)),
            "sslrootcert" => roots = Some(Cow::Owned(value)),
            _ => {
                rest.push_str(&words[words.len() - left.len()..end]);
                rest.push(' ');
            }
        }
        left = words[end..].trim_start();
    }
    rest.push_str(left);
    Split { rest, mode, roots }
}

/// The value that a text begins with, and how long it is there.
fn value_of(text: &str) -> (String, usize) {
    let is_quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(is_quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, it)| it)),
            '\'' if is_quoted => return (value, at + 1),
            it if it.is_whitespace() && !is_quoted => return (value, at),
            it => value.push(it),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(database: &str) -> (SslMode, Trust) {
        let address = Address::parse(database).unwrap();
        (address.config.get_ssl_mode(), address.trust)
    }

    fn refused(database: &str) -> String {
        match Address::parse(database) {
            Ok(_) => panic!("it was taken: {database}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn modes_are_those_of_libpq() {
        use SslMode::{Disable, Prefer, Require};
        let file = || PathBuf::from("/etc/a b.pem");
        for (query, mode, trust) in [
            ("", Prefer, Trust::Any),
            ("?", Prefer, Trust::Any),
            ("?sslmode=prefer", Prefer, Trust::Any),
            ("?sslmode=allow", Prefer, Trust::Any),
            ("?sslmode=disable", Disable, Trust::Any),
            ("?connect_timeout=3&sslmode=require", Require, Trust::Any),
            (
                "?sslmode=require&sslrootcert=%2Fetc/a%20b.pem&application_name=x",
                Require,
                Trust::SignedBy(file()),
            ),
            (
                "?sslrootcert=/etc/a%20b.pem&sslmode=verify-ca",
                Require,
                Trust::SignedBy(file()),
            ),
            ("?sslmode=verify-full", Require, Trust::ForHost(None)),
            (
                "?sslmode=verify-full&sslrootcert=system",
                Require,
                Trust::ForHost(None),
            ),
            (
                "?sslmode=verify-full&sslrootcert=/etc/a b.pem",
                Require,
                Trust::ForHost(Some(file())),
            ),
        ] {
            let url = format!("postgres://bot:a?b@db.internal/bot{query}");
            assert_eq!(parse(&url), (mode, trust), "{query}");
        }
    }

    #[test]
    fn words_are_read_as_urls_are() {
        let words = r"user=bot password='sslmode=\'x\' ' sslmode = verify-full sslrootcert='/etc/a b.pem' host=db.internal";
        let address = Address::parse(words).unwrap();
        assert_eq!(address.config.get_password(), Some(&b"sslmode='x' "[..]));
        assert_eq!(
            address.config.get_hosts(),
            [Host::Tcp("db.internal".into())]
        );
        let file = PathBuf::from("/etc/a b.pem");
        assert_eq!(address.trust, Trust::ForHost(Some(file)));
        assert_eq!(parse("host=a").0, SslMode::Prefer);
    }

    #[test]
    fn what_makes_no_sense_is_refused_without_repeating_it() {
        for (database, why) in [
            (
                "postgres://bot:s3cret@h/d?sslmode=maybe",
                "sslmode is one of",
            ),
            (
                "postgres://bot:s3cret@h/d?sslmode=verify-ca",
                "needs a file",
            ),
            (
                "postgres://bot:s3cret@h/d?sslrootcert=system",
                "verify-full",
            ),
            (
                "postgres://bot:s3cret@h/d?colour=s3cret",
                "no connection string",
            ),
            ("s3cret", "no connection string"),
            ("host=h password='s3cret", "no connection string"),
            ("=", "no connection string"),
            ("postgres://bot:s3cret@h:99999999/d", "no connection string"),
        ] {
            let told = refused(database);
            assert!(told.contains(why), "{told}");
            assert!(!told.contains("s3cret"), "{told}");
        }
    }

    #[test]
    fn another_machine_is_what_is_not_this_one() {
        for (database, is_remote) in [
            ("postgres://bot@db.internal/bot", true),
            ("postgres://bot@192.0.2.7/bot", true),
            ("postgres://bot@127.0.0.1/bot", false),
            ("postgres://bot@localhost/bot", false),
            ("postgres://bot@[::1]/bot", false),
            ("host=/run/postgresql user=bot", false),
            ("host=db.internal hostaddr=127.0.0.1", false),
            ("host=localhost,db.internal", true),
        ] {
            let address = Address::parse(database).unwrap();
            assert_eq!(address.is_remote(), is_remote, "{database}");
        }
    }
}
