//! An account whose settings are in the environment.

use std::env;
use std::ffi::OsString;

use super::{Account, ConfigError};

impl Account {
    /// Makes an account from the environment variables that the command `kaleyra-wa` also reads.
    ///
    /// | Variable | |
    /// |---|---|
    /// | `KALEYRA_POD` | the region: `in`, `sg`, `eu` or `na` |
    /// | `KALEYRA_BASE_URL` | another server in place of the region's, such as a simulator on this machine; takes precedence |
    /// | `KALEYRA_SID` | the account's SID |
    /// | `KALEYRA_API_KEY` | its key |
    /// | `KALEYRA_SENDER` | the number that sends, with `+` and country code |
    ///
    /// An empty variable counts as not set. Unlike the command, this has no default region, so that a forgotten
    /// variable can't send a customer's message through the wrong region.
    ///
    /// # Errors
    ///
    /// When a variable is missing or is not UTF-8, or when [`new`](Self::new) fails. The error names the variable, and
    /// never repeats the value.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_client::Account;
    ///
    /// let account = Account::from_env()?;
    /// # Ok::<(), kaleyra_wa_client::ConfigError>(())
    /// ```
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var_os(name))
    }

    fn from_variables(find: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let find = |name: &'static str| {
            let value = find(name).filter(|value| !value.is_empty());
            let text = value.map(OsString::into_string).transpose();
            text.map_err(|_| ConfigError::UnreadableVariable(name))
        };
        let need = |name| find(name)?.ok_or(ConfigError::MissingVariable(name));
        let server = match find("KALEYRA_BASE_URL")? {
            Some(url) => super::BaseUrl::parse(&url)?,
            None => need("KALEYRA_POD")?.parse::<super::Pod>()?.into(),
        };
        let (sid, api_key) = (need("KALEYRA_SID")?, need("KALEYRA_API_KEY")?);
        Self::new(server, sid, api_key, need("KALEYRA_SENDER")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 4] = [
        ("KALEYRA_POD", "eu"),
        ("KALEYRA_SID", "HX1"),
        ("KALEYRA_API_KEY", "canary-key"),
        ("KALEYRA_SENDER", "+918000000001"),
    ];

    /// With these in place of those above.
    fn with(changes: &[(&str, &str)]) -> Result<Account, String> {
        let account = Account::from_variables(|name| {
            let found = changes.iter().chain(&ALL).find(|(set, _)| *set == name);
            found.map(|(_, value)| value.into())
        });
        account.map_err(|error| {
            assert!(!format!("{error:?}").contains("canary"));
            error.to_string()
        })
    }

    #[test]
    fn an_account_of_what_is_set() {
        let account = with(&[]).unwrap();
        assert_eq!(account.base_url().to_string(), "https://api.eu.kaleyra.io");
        assert_eq!(account.sid(), "HX1");
        assert_eq!(account.sender().as_str(), "+918000000001");
        let local = "http://127.0.0.1:8090";
        let account = with(&[("KALEYRA_BASE_URL", local), ("KALEYRA_POD", "")]).unwrap();
        assert_eq!(account.base_url().to_string(), local);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (name, advice) in [
            (
                "KALEYRA_POD",
                "set it to in, sg, eu or na, or KALEYRA_BASE_URL to another server",
            ),
            ("KALEYRA_SID", "copy its value from Kaleyra's console"),
            ("KALEYRA_API_KEY", "copy its value from Kaleyra's console"),
            (
                "KALEYRA_SENDER",
                "set it to the sender's number, with + and country code",
            ),
        ] {
            let expected =
                format!("{name}: this environment variable is not set, or empty; {advice}");
            assert_eq!(with(&[(name, "")]).unwrap_err(), expected);
        }
        let pod = "pod: it must be in, sg, eu or na; for another server give its base URL";
        assert_eq!(with(&[("KALEYRA_POD", "us")]).unwrap_err(), pod);
        let key = with(&[("KALEYRA_API_KEY", "canary key")]).unwrap_err();
        assert!(key.starts_with("API key: it contains characters"), "{key}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_utf_8_is_told() {
        use std::os::unix::ffi::OsStringExt;

        let error = Account::from_variables(|_| Some(OsString::from_vec(vec![0xff]))).unwrap_err();
        assert_eq!(error, ConfigError::UnreadableVariable("KALEYRA_BASE_URL"));
    }
}
