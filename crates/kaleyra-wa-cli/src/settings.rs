//! Whose account it is: flags, or the environment.
//!
//! The environment is read here and not by the parser of the arguments, for two reasons: an empty variable counts as
//! none, and a flag wins over another flag's variable.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_client::{Account, BaseUrl, Pod};

use crate::exit::Exit;

/// What names an account and proves that it is one's own.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Credentials {
    /// Account SID, such as HXIN0000000000IN, from the console [env: KALEYRA_SID]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    sid: Option<String>,
    /// API key; better in the environment than here, where every user of the machine can see it [env: KALEYRA_API_KEY]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    api_key: Option<String>,
    /// WhatsApp number of the business, with + and country code [env: KALEYRA_SENDER]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    sender: Option<String>,
}

/// The account that sends.
#[derive(Args)]
#[command(next_help_heading = "Account")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct AccountSettings {
    #[command(flatten)]
    credentials: Credentials,
    /// Kaleyra's region that holds the account: in, sg, eu or na; in if nothing else is said [env: KALEYRA_POD]
    #[arg(long, value_name = "POD", conflicts_with = "base_url")]
    pod: Option<Pod>,
    /// Another server in place of the region's, such as a simulator on this machine [env: KALEYRA_BASE_URL]
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    base_url: Option<String>,
}

impl AccountSettings {
    /// The account, checked.
    pub(crate) fn account(&self) -> Result<Account, Exit> {
        let [sid, api_key, sender] = self.credentials.all()?;
        Account::new(self.server()?, sid, api_key, sender).map_err(Exit::bad_input)
    }

    fn server(&self) -> Result<BaseUrl, Exit> {
        let url = |text: &str| BaseUrl::parse(text).map_err(Exit::bad_input);
        // Looked at also where it does not count: a wrong one would come to light only once it does.
        let region = variable("KALEYRA_POD")
            .map(|name| name.parse::<Pod>())
            .transpose()
            .map_err(|error| Exit::bad_input(format!("KALEYRA_POD: {error}")))?;
        if let Some(text) = &self.base_url {
            return url(text);
        }
        if let Some(pod) = self.pod {
            return Ok(pod.into());
        }
        if let Some(text) = variable("KALEYRA_BASE_URL") {
            return url(&text);
        }
        Ok(region.unwrap_or(Pod::In).into())
    }
}

impl Credentials {
    /// SID, API key and sender; or all that is missing, by name.
    pub(crate) fn all(&self) -> Result<[String; 3], Exit> {
        let mut missing = Vec::new();
        let found = [
            (&self.sid, "--sid", "KALEYRA_SID"),
            (&self.api_key, "--api-key", "KALEYRA_API_KEY"),
            (&self.sender, "--sender", "KALEYRA_SENDER"),
        ]
        .map(|(given, flag, name)| {
            let value = given.clone().or_else(|| variable(name));
            if value.is_none() {
                missing.push(format!("{flag} (or {name})"));
            }
            value.unwrap_or_default()
        });
        match missing.as_slice() {
            [] => Ok(found),
            [one] => Err(Exit::bad_input(format!("{one} is missing"))),
            _ => Err(Exit::bad_input(format!(
                "{} are missing",
                missing.join(", ")
            ))),
        }
    }
}

/// A variable of the environment; an empty one is none.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    (!value.is_empty()).then(|| value.to_string_lossy().into_owned())
}
