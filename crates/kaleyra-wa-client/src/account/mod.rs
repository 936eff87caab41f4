//! The account: server, SID, API key and sender's number.

mod api_key;
mod base_url;
mod environment;
mod error;
mod pod;

use std::fmt;

use kaleyra_wa_transport::http::Uri;
use kaleyra_wa_types::PhoneNumber;

pub use self::api_key::ApiKey;
pub use self::base_url::{BaseUrl, InvalidBaseUrl};
pub use self::error::ConfigError;
pub use self::pod::Pod;

/// An account of Kaleyra's with one of its WhatsApp numbers: all that a request needs besides the message.
///
/// Everything is checked when the account is made, so that no send fails because of a typo in a setting. `Debug` shows
/// neither the key nor the number.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::{Account, Pod};
///
/// let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// assert_eq!(account.base_url().to_string(), "https://api.in.kaleyra.io");
/// assert_eq!((account.sid(), account.sender().as_str()), ("HXIN0000000000IN", "+918000000001"));
///
/// // Another number of the same account.
/// let support = account.with_sender("+91 80000 00002")?;
/// assert_eq!(support.sender().as_str(), "+918000000002");
///
/// // Another server: a proxy of your own, a simulator on this machine, a host that is not among the pods here.
/// let account = Account::new("http://127.0.0.1:8080/kaleyra", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// assert_eq!(account.base_url().to_string(), "http://127.0.0.1:8080/kaleyra");
/// # Ok::<(), kaleyra_wa_client::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Account {
    base_url: BaseUrl,
    sid: Box<str>,
    api_key: ApiKey,
    sender: PhoneNumber,
    /// The URL that messages are posted to, built once.
    messages: Uri,
}

impl Account {
    /// An account on this server, with its SID, its API key and the WhatsApp number that messages come from.
    ///
    /// - `server` is a [`Pod`], the region where the account was opened, or a [`BaseUrl`]; or the text of one of them,
    ///   such as `"in"` or `"https://api.in.kaleyra.io"`.
    /// - `sid` and `api_key` are in Kaleyra's console.
    /// - `sender` is the business's own number, with `+` and country code. The documentation's tables call the
    ///   number in the URL the end customer's; every other page and the error texts show that it is the sender's.
    ///
    /// # Errors
    ///
    /// When the server is neither a pod nor a URL that may be used, when the SID is empty or has characters other than ASCII
    /// letters, digits, `-` and `_`, when the key is empty or does not fit into a header, or when the sender is not a
    /// phone number. The error says which, and never repeats the value.
    pub fn new(
        server: impl TryInto<BaseUrl, Error: Into<ConfigError>>,
        sid: impl Into<String>,
        api_key: impl TryInto<ApiKey, Error: Into<ConfigError>>,
        sender: impl TryInto<PhoneNumber, Error: Into<ConfigError>>,
    ) -> Result<Self, ConfigError> {
        let sid = sid.into().into_boxed_str();
        if sid.is_empty() {
            return Err(ConfigError::EmptySid);
        }
        let is_safe = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_');
        if !sid.bytes().all(is_safe) {
            return Err(ConfigError::Sid);
        }
        let base_url = server.try_into().map_err(Into::into)?;
        let api_key = api_key.try_into().map_err(Into::into)?;
        let sender = sender.try_into().map_err(Into::into)?;
        Ok(Self {
            messages: endpoint(&base_url, &sid, &sender, "messages")?,
            base_url,
            sid,
            api_key,
            sender,
        })
    }

    /// The server.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// The account's SID.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The number that messages come from.
    pub fn sender(&self) -> &PhoneNumber {
        &self.sender
    }

    pub(crate) fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    /// The same account with another of its numbers as the sender.
    ///
    /// # Errors
    ///
    /// When it is not a phone number.
    pub fn with_sender(
        mut self,
        sender: impl TryInto<PhoneNumber, Error: Into<ConfigError>>,
    ) -> Result<Self, ConfigError> {
        self.sender = sender.try_into().map_err(Into::into)?;
        self.messages = endpoint(&self.base_url, &self.sid, &self.sender, "messages")?;
        Ok(self)
    }

    /// The URL of an endpoint of the sender's. It holds the sender's number, so it belongs in no log.
    pub(crate) fn url(&self, tail: &str) -> Result<Uri, ConfigError> {
        match tail {
            "messages" => Ok(self.messages.clone()),
            _ => endpoint(&self.base_url, &self.sid, &self.sender, tail),
        }
    }
}

fn endpoint(
    base_url: &BaseUrl,
    sid: &str,
    sender: &PhoneNumber,
    tail: &str,
) -> Result<Uri, ConfigError> {
    let url = format!("{base_url}/v2/{sid}/whatsapp/{}/{tail}", sender.as_str());
    // All parts were checked; only together can they exceed the maximum length of a URL.
    let uri = url.parse().map_err(|_| InvalidBaseUrl::NotAbsolute)?;
    Ok(uri)
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("base_url", &self.base_url)
            .field("sid", &self.sid)
            .field("api_key", &self.api_key)
            .field("sender", &self.sender)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_checked() {
        fn check(sid: &str, key: &str, sender: &str, expected: Option<&str>) {
            let found = Account::new(Pod::Eu, sid, key, sender).err();
            assert_eq!(found.map(|error| error.to_string()).as_deref(), expected);
        }
        let (sid, key, sender) = ("HXEU0000000000IT", "A-key", "+918000000001");
        check(sid, key, sender, None);
        check("HX_1-a", key, sender, None);
        let bad_sid =
            "SID: only letters, digits, - and _ are allowed; copy it from Kaleyra's console";
        let empty_sid = "SID: it is empty; copy it from Kaleyra's console";
        check("", key, sender, Some(empty_sid));
        let empty_key = "API key: it is empty; copy it from Kaleyra's console";
        check(sid, "", sender, Some(empty_key));
        for sid in [" ", "HX 1", "HX/../v1", "HX?", "HX%2f", "HXé"] {
            check(sid, key, sender, Some(bad_sid));
        }
        let bad_key = "API key: it contains characters that no key has, such as spaces or line breaks; copy it from Kaleyra's console";
        for key in [" ", "A key", "A-key\n", "Aé", "\tA"] {
            check(sid, key, sender, Some(bad_key));
        }
        check(
            sid,
            key,
            "918000000001",
            Some("sender: not a phone number: it must begin with + and the country code"),
        );
        check(
            sid,
            key,
            "+918000000001,+918000000002",
            Some("sender: several phone numbers in one: give only the sender's"),
        );
    }

    #[test]
    fn the_url_is_the_documented_one() {
        let account = Account::new(Pod::In, "HX1", "A-key", "+91 80000 00001").unwrap();
        assert_eq!(
            account.url("messages").unwrap(),
            "https://api.in.kaleyra.io/v2/HX1/whatsapp/+918000000001/messages"
        );
    }

    #[test]
    fn the_server_may_be_a_text() {
        fn server(text: &str) -> Result<String, String> {
            let account = Account::new(text, "HX1", "A-key", "+918000000001");
            let account = account.map_err(|error| error.to_string())?;
            let owned = Account::new(text.to_owned(), "HX1", "A-key", "+918000000001").unwrap();
            assert_eq!(account.base_url(), owned.base_url());
            Ok(account.base_url().to_string())
        }
        assert_eq!(server("in").unwrap(), "https://api.in.kaleyra.io");
        assert_eq!(server("NA").unwrap(), "https://api.na.kaleyra.ai");
        let local = "http://127.0.0.1:8090";
        assert_eq!(server(local).unwrap(), local);
        let pod = "pod: it must be in, sg, eu or na; for another server give its base URL";
        assert_eq!(server("us").unwrap_err(), pod);
        let empty = "base URL: it is empty: give https:// and a host";
        assert_eq!(server("").unwrap_err(), empty);
        let no_url = "base URL: it must be https:// and a host, optionally with a port and a path";
        assert_eq!(server("api.in.kaleyra.io").unwrap_err(), no_url);
    }

    #[test]
    fn settings_that_are_checked_already_are_taken_as_they_are() {
        let key: ApiKey = "A-key".parse().unwrap();
        let sender: PhoneNumber = "+918000000001".parse().unwrap();
        let account = Account::new(Pod::Sg, "HX1".to_owned(), key, sender.clone()).unwrap();
        assert_eq!(account.sender(), &sender);
        assert_eq!(account.sid(), "HX1");
    }
}
