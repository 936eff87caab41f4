//! What the address of a server says: where it is, who logs in, whom to trust, and which store it is.
//!
//! The client ignores a user in an address, and shows addresses in its log. So all but host and port is taken out here.

use std::path::PathBuf;

use async_nats::ServerAddr;
use kaleyra_wa_store::StoreError;

use crate::failure::invalid;

/// An address, taken apart.
#[derive(Default)]
pub(crate) struct Address {
    /// Host and port of each server, and nothing else.
    pub(crate) servers: Vec<ServerAddr>,
    /// Which store it is.
    pub(crate) name: Option<String>,
    pub(crate) login: Option<Login>,
    pub(crate) tls: Tls,
}

/// Who logs in, and how.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    User(String, String),
    Token(String),
    /// A file with a JWT and its seed.
    Credentials(PathBuf),
    /// A file with the seed of an `NKey`.
    NKey(PathBuf),
}

/// How connections are encrypted.
#[derive(Default)]
pub(crate) struct Tls {
    /// The authorities to trust, in place of the machine's own.
    pub(crate) ca: Option<PathBuf>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    /// Before the server has said anything.
    pub(crate) is_first: bool,
}

impl Tls {
    /// Whether a connection without must not be used.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.ca.is_some() || self.certificate.is_some() || self.key.is_some() || self.is_first
    }
}

impl Address {
    /// Takes it apart. No error repeats anything of it.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        let mut address = Self::default();
        for one in text.split(',') {
            address.add(one.trim())?;
        }
        let tls = &address.tls;
        if tls.certificate.is_some() != tls.key.is_some() {
            return Err(invalid(
                "the address of a NATS server has only one of `cert` and `key`: give both",
            ));
        }
        Ok(address)
    }

    fn add(&mut self, one: &str) -> Result<(), StoreError> {
        let not_one = || {
            invalid(
                "it is no address of a NATS server: write nats://host:4222 or tls://host:4222, and in a user or a password %40 for @, \
                 %2F for /, %3A for : and %2C for a comma",
            )
        };
        let server: ServerAddr = one.parse().map_err(|_| not_one())?;
        if !matches!(server.scheme(), "nats" | "tls") || server.host().is_empty() {
            return Err(not_one());
        }
        let mut url = server.into_inner();
        let user = decoded(url.username()).ok_or_else(not_one)?;
        let password = url.password().map(decoded);
        match password {
            Some(password) => self.log_in(Login::User(user, password.ok_or_else(not_one)?))?,
            // As other clients have it.
            None if !user.is_empty() => self.log_in(Login::Token(user))?,
            None => {}
        }
        let name = decoded(url.path().trim_start_matches('/')).ok_or_else(not_one)?;
        if !name.is_empty() {
            self.name = Some(name);
        }
        for option in url.query().unwrap_or_default().split('&') {
            if !option.is_empty() {
                let (key, value) = option.split_once('=').unwrap_or((option, ""));
                self.set(key, decoded(value).ok_or_else(not_one)?)?;
            }
        }
        let is_bare = url.set_username("").is_ok() && url.set_password(None).is_ok();
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        let bare = ServerAddr::from_url(url).ok().filter(|_| is_bare);
        self.servers.push(bare.ok_or_else(not_one)?);
        Ok(())
    }

    fn set(&mut self, key: &str, value: String) -> Result<(), StoreError> {
        let file = PathBuf::from(&value);
        match key {
            "creds" => return self.log_in(Login::Credentials(file)),
            "nkey" => return self.log_in(Login::NKey(file)),
            "ca" => self.tls.ca = Some(file),
            "cert" => self.tls.certificate = Some(file),
            "key" => self.tls.key = Some(file),
            "tls" if value == "first" => self.tls.is_first = true,
            _ => {
                return Err(invalid(
                    "the address of a NATS server has an unknown option: there are `creds`, `nkey`, `ca`, `cert` and `key`, each a file, \
                     and `tls=first`",
                ));
            }
        }
        Ok(())
    }

    fn log_in(&mut self, login: Login) -> Result<(), StoreError> {
        if self.login.as_ref().is_some_and(|it| *it != login) {
            return Err(invalid(
                "the address of a NATS server says more than one way to log in: give one user and password, token, `creds` or `nkey` \
                 for all servers",
            ));
        }
        self.login = Some(login);
        Ok(())
    }
}

/// What is written with `%` and two digits; `None` where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_store::StoreErrorKind;

    use super::*;

    fn servers(address: &Address) -> Vec<&str> {
        address.servers.iter().map(ServerAddr::as_url_str).collect()
    }

    #[test]
    fn an_address_is_taken_apart_and_what_is_left_of_it_tells_nothing() {
        let address =
            Address::parse("nats://bot:p%40ss%2C1@a.example:4223, tls://b.example/bot-2").unwrap();
        assert_eq!(
            servers(&address),
            ["nats://a.example:4223", "tls://b.example"]
        );
        assert!(address.login == Some(Login::User("bot".to_owned(), "p@ss,1".to_owned())));
        assert_eq!(address.name.as_deref(), Some("bot-2"));
        assert!(!address.tls.is_asked_for());

        let address = Address::parse("s3cret@127.0.0.1").unwrap();
        assert_eq!(servers(&address), ["nats://127.0.0.1"]);
        assert!(address.login == Some(Login::Token("s3cret".to_owned())));

        let text =
            "tls://[::1]:4222?creds=/run/bot%20a.creds&ca=ca.pem&cert=a.pem&key=b.pem&tls=first";
        let address = Address::parse(text).unwrap();
        assert_eq!(servers(&address), ["tls://[::1]:4222"]);
        assert!(address.login == Some(Login::Credentials("/run/bot a.creds".into())));
        assert!(address.tls.is_asked_for() && address.tls.is_first);
        assert_eq!(address.tls.ca, Some("ca.pem".into()));
    }

    #[test]
    fn what_makes_no_sense_is_refused_without_being_repeated() {
        let texts = [
            "",
            "nats://",
            "nats:s3cret",
            "ws://s3cret@host",
            "http://s3cret",
            "nats://s3cret%zz@host",
            "nats://host?s3cret=1",
            "nats://host?tls=s3cret",
            "nats://host?cert=s3cret",
            "nats://a:s3cret@a,nats://b:s3cret@b",
            "nats://a:s3cret@a?creds=file",
            "nats://a:s3cret,1@a",
        ];
        for text in texts {
            let Err(error) = Address::parse(text) else {
                panic!("{text} was taken");
            };
            assert_eq!(error.kind(), StoreErrorKind::Invalid, "{text}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
