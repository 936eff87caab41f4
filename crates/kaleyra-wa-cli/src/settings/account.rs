//! The account: its flags, and where else its values are looked for.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use kaleyra_wa_client::{Account, BaseUrl, Client, Pod};
use kaleyra_wa_transport::ReqwestTransport;

use super::layers::{Found, Layers, Origin};
use super::secret::{Secret, SecretFlags};
use super::variable;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::Watched;
use crate::values::one_of;

/// What names an account and proves that it is one's own.
#[derive(Args, Clone)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Credentials {
    /// Account SID, such as HXIN0000000000IN, from the console [env: KALEYRA_SID]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    sid: Option<String>,
    /// API key; better in a file, in the environment or behind a command than here, where every user of the machine can
    /// see it [env: KALEYRA_API_KEY]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    api_key: Option<String>,
    /// File that holds the API key; - reads it from standard input [env: KALEYRA_API_KEY_FILE]
    #[arg(
        long,
        help_heading = "Account",
        value_name = "FILE",
        conflicts_with = "api_key"
    )]
    api_key_file: Option<PathBuf>,
    /// WhatsApp number of the business, with + and country code [env: KALEYRA_SENDER]
    #[arg(long, help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    sender: Option<String>,
}

/// The account that sends.
#[derive(Args, Clone)]
#[command(next_help_heading = "Account")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct AccountSettings {
    #[command(flatten)]
    pub(crate) credentials: Credentials,
    /// Kaleyra's region of the account: in, sg, eu or na; in by default [env: KALEYRA_POD]
    #[arg(long, value_name = "POD", conflicts_with = "base_url", ignore_case = true, value_parser = one_of::<Pod>(["in", "sg", "eu", "na"]))]
    pod: Option<Pod>,
    /// Another server in place of the region's, such as a simulator on this machine [env: KALEYRA_BASE_URL]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = NonEmptyStringValueParser::new())]
    base_url: Option<String>,
}

impl AccountSettings {
    /// The account, checked.
    pub(crate) fn account(&self) -> Result<Account, Exit> {
        let layers = Layers::load()?;
        let [sid, api_key, sender] = self.credentials.all_in(&layers)?;
        Account::new(self.server(&layers)?.0, sid, api_key, sender).map_err(Exit::bad_input)
    }

    /// A client of that account, which notes when something begins to leave this machine.
    pub(crate) fn client(&self) -> Result<Client, Exit> {
        let transport = ReqwestTransport::builder()
            .timeout(global::settings().timeout())
            .build()
            .map_err(Exit::failed)?;
        Ok(Client::with_transport(
            self.account()?,
            Watched::new(transport),
        ))
    }

    /// The server, and who says so.
    pub(crate) fn server(&self, layers: &Layers) -> Result<(BaseUrl, Origin), Exit> {
        let url = |found: Found| {
            let url = BaseUrl::parse(&found.value);
            // A host and a port without a scheme: what most are told to paste.
            let is_bare = !found.value.contains("://")
                && BaseUrl::parse(&format!("https://{}", found.value)).is_ok();
            if url.is_err() && is_bare {
                let (at, value) = (&found.origin, &found.value);
                return Err(Exit::bad_input(format!(
                    "{at}: it has no scheme; write https://, or for a server on this machine http://, as in http://{value}"
                )));
            }
            let url = url.map_err(|error| match &found.origin {
                Origin::Profile { .. } => Exit::bad_input(format!("{}: {error}", found.origin)),
                _ => Exit::bad_input(error),
            })?;
            Ok((url, found.origin))
        };
        let pod = |found: Found| {
            let pod = found.value.parse::<Pod>();
            let pod = pod.map_err(|error| match &found.origin {
                Origin::Variable(name) => Exit::bad_input(format!("{name}: {error}")),
                origin => Exit::bad_input(format!("{origin}: {error}")),
            })?;
            Ok((BaseUrl::from(pod), found.origin))
        };
        // Looked at also where it does not count: a wrong one would come to light only once it does.
        let region = variable("KALEYRA_POD")
            .map(|value| pod(Found::new(value, Origin::Variable("KALEYRA_POD"))))
            .transpose()?;
        if let Some(text) = &self.base_url {
            return url(Found::new(text.clone(), Origin::Flag("--base-url")));
        }
        if let Some(pod) = self.pod {
            return Ok((pod.into(), Origin::Flag("--pod")));
        }
        if let Some(text) = variable("KALEYRA_BASE_URL") {
            return url(Found::new(text, Origin::Variable("KALEYRA_BASE_URL")));
        }
        if let Some(region) = region {
            return Ok(region);
        }
        if let Some(found) = layers.project("pod") {
            return pod(found);
        }
        if let Some(found) = layers.profile("base_url") {
            return url(found);
        }
        match layers.profile("pod") {
            Some(found) => pod(found),
            None => Ok((Pod::In.into(), Origin::Default)),
        }
    }
}

impl Credentials {
    /// SID, API key and sender; or all that is missing, by name.
    pub(crate) fn all(&self) -> Result<[String; 3], Exit> {
        self.all_in(&Layers::load()?)
    }

    /// The same among these files.
    pub(crate) fn all_in(&self, layers: &Layers) -> Result<[String; 3], Exit> {
        let mut missing = Vec::new();
        let mut need = |found: Option<Found>, flag, name| match found {
            Some(found) => found.value,
            None => {
                missing.push(format!("{flag} (or {name})"));
                String::new()
            }
        };
        let sid = need(self.sid(layers), "--sid", "KALEYRA_SID");
        let api_key = need(self.api_key(layers)?, "--api-key", "KALEYRA_API_KEY");
        let sender = need(self.sender(layers), "--sender", "KALEYRA_SENDER");
        match missing.as_slice() {
            [] => Ok([sid, api_key, sender]),
            [one] => Err(Exit::bad_input(format!("{one} is missing"))),
            _ => Err(Exit::bad_input(format!(
                "{} are missing",
                missing.join(", ")
            ))),
        }
    }

    /// SID, key and sender of an account on this machine, for tests: by flag or variable, else made up. No file is
    /// read for it.
    pub(crate) fn made_up(&self) -> [String; 3] {
        let of = |flag: &Option<String>, name, otherwise: &str| {
            let found = flag.clone().or_else(|| variable(name));
            found.unwrap_or_else(|| otherwise.to_owned())
        };
        [
            of(&self.sid, "KALEYRA_SID", "HXIN0000000000IN"),
            of(&self.api_key, "KALEYRA_API_KEY", "A-key"),
            of(&self.sender, "KALEYRA_SENDER", "+918000000001"),
        ]
    }

    /// The SID, and who says so.
    pub(crate) fn sid(&self, layers: &Layers) -> Option<Found> {
        layers.find(self.sid.as_deref(), "--sid", "KALEYRA_SID", "sid")
    }

    /// The sender, and who says so.
    pub(crate) fn sender(&self, layers: &Layers) -> Option<Found> {
        layers.find(
            self.sender.as_deref(),
            "--sender",
            "KALEYRA_SENDER",
            "sender",
        )
    }

    /// The key, and who has it.
    pub(crate) fn api_key(&self, layers: &Layers) -> Result<Option<Found>, Exit> {
        self.key_flags().read(layers)
    }

    /// Where the key would come from; no command is run for it, and nothing read from standard input.
    pub(crate) fn api_key_origin(&self, layers: &Layers) -> Result<Option<Origin>, Exit> {
        self.key_flags().origin(layers)
    }

    fn key_flags(&self) -> SecretFlags<'_> {
        SecretFlags {
            secret: Secret::ApiKey,
            text: self.api_key.as_deref(),
            file: self.api_key_file.as_deref(),
        }
    }
}
