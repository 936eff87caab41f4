//! Whose account a message is sent from: flags, or the environment.

use clap::Args;
use kaleyra_wa_client::{Account, BaseUrl, Pod};

use crate::exit::Exit;

/// The account that sends.
#[derive(Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountSettings {
    /// Account SID, such as HXIN0000000000IN, from the console
    #[arg(long, env = "KALEYRA_SID")]
    sid: String,
    /// API key; better in the environment than here, where every user of the machine can see it
    #[arg(long, env = "KALEYRA_API_KEY", hide_env_values = true)]
    api_key: String,
    /// WhatsApp number of the business, with + and country code
    #[arg(long, env = "KALEYRA_SENDER")]
    sender: String,
    /// Kaleyra's region that holds the account: in, sg, eu or na
    #[arg(long, env = "KALEYRA_POD", value_name = "POD", default_value = "in")]
    pod: Pod,
    /// Another server, such as a simulator on this machine; wins over --pod
    #[arg(long, env = "KALEYRA_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
}

impl AccountSettings {
    /// The account, checked.
    pub(crate) fn account(&self) -> Result<Account, Exit> {
        let server = match &self.base_url {
            Some(url) => BaseUrl::parse(url).map_err(Exit::bad_input)?,
            None => self.pod.into(),
        };
        Account::new(
            server,
            self.sid.as_str(),
            self.api_key.as_str(),
            self.sender.as_str(),
        )
        .map_err(Exit::bad_input)
    }
}
