//! `kaleyra-wa config`: where values come from, and the file that keeps them.

mod login;
mod show;
mod write;

use clap::{Args, Subcommand};
use serde_json::json;

use self::login::Login;
use crate::exit::Exit;
use crate::global;
use crate::settings::file::{PROFILE_MEMBERS, config_path, credentials_path, state_folder};
use crate::settings::layers::{Found, Layers};
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;

/// Show and change the configuration
#[derive(Args)]
#[command(after_help = "\
Values take precedence in this order: a flag, the environment, the project's .kaleyra-wa.toml, the profile, the default.

  ~/.config/kaleyra-wa/config.toml                 .kaleyra-wa.toml, up to the repository's root
  profile = \"shop\"                                 profile = \"shop\"
  [profiles.shop]                                  listen_port = 8081
  sid = \"HX…\"
  sender = \"+91…\"
  pod = \"in\"
  api_key_command = [\"pass\", \"show\", \"kaleyra\"]

Secrets come from --api-key-file, KALEYRA_API_KEY, KALEYRA_API_KEY_FILE, the profile's api_key_file or api_key_command; \
last from credentials.toml, which `config login` writes in plain text, and which only its owner may be able to read.

Examples:
  kaleyra-wa config path
  kaleyra-wa config show
  kaleyra-wa config set sid HXIN0000000000IN --profile shop
  kaleyra-wa config set api_key_command '[\"pass\", \"show\", \"kaleyra\"]' --profile shop
  kaleyra-wa config use shop
  kaleyra-wa config get sid")]
pub(crate) struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Print the paths of the configuration files
    #[command(
        after_help = "Examples:\n  kaleyra-wa config path\n  kaleyra-wa config path --json\n\nWith --json: config, \
                            credentials, project (null where there is none) and state."
    )]
    Path,
    /// Print each value, and where it comes from; for secrets only where they are
    #[command(
        after_help = "Examples:\n  kaleyra-wa config show\n  kaleyra-wa config show --json\n\nWith --json each value \
                            is a line with name, value (null for secrets), set, from."
    )]
    Show,
    /// Print one value
    #[command(
        after_help = "Examples:\n  kaleyra-wa config get sid\n\nExit codes: 0 it is set, 1 it is not."
    )]
    Get(Get),
    /// Set a value of the profile; an empty one removes it
    #[command(
        after_help = "Examples:\n  kaleyra-wa config set sender +918000000001\n  kaleyra-wa config set pod eu --profile shop"
    )]
    Set(Set),
    /// Choose the default profile
    #[command(name = "use", after_help = "Examples:\n  kaleyra-wa config use shop")]
    Use(Use),
    /// Store a key in plain text, after a warning
    Login(Login),
}

#[derive(Args)]
struct Get {
    /// Name of the value
    #[arg(value_name = "NAME", value_parser = PROFILE_MEMBERS)]
    name: String,
}

#[derive(Args)]
struct Set {
    /// Name of the value
    #[arg(value_name = "NAME")]
    name: String,
    /// The value
    #[arg(allow_hyphen_values = true)]
    value: String,
}

#[derive(Args)]
struct Use {
    /// The profile
    #[arg(value_name = "PROFILE")]
    name: String,
}

impl Config {
    pub(crate) fn run(self) -> Result<(), Exit> {
        match self.action {
            Action::Path => paths(),
            Action::Show => show::show(),
            Action::Get(get) => {
                let layers = Layers::load()?;
                let found = show::value(&layers, &get.name);
                let Found { value, origin } = found.ok_or_else(|| {
                    Exit::found(format!(
                        "{} is not set; set it with: kaleyra-wa config set {} VALUE",
                        get.name, get.name
                    ))
                })?;
                if global::settings().json {
                    let line =
                        json!({"name": get.name, "value": value, "from": origin.to_string()});
                    return say(Line::json(&line).map_err(Exit::failed)?);
                }
                say(value)
            }
            Action::Set(set) => write::set(&set.name, &set.value),
            Action::Use(choice) => write::choose(&choice.name),
            Action::Login(login) => login.run(),
        }
    }
}

fn paths() -> Result<(), Exit> {
    let (config, _) = config_path();
    let credentials = credentials_path(&config);
    let project = Layers::load()?.project.map(|project| project.path);
    let state = state_folder();
    if global::settings().json {
        let line = json!({
            "config": config, "credentials": credentials, "project": project, "state": state,
        });
        return say(Line::json(&line).map_err(Exit::failed)?);
    }
    let rows = [
        ("config", Some(config)),
        ("credentials", Some(credentials)),
        ("project", project),
        ("state", state),
    ];
    say_all(rows.into_iter().filter_map(|(name, path)| {
        let path = path?;
        let is_there = if path.exists() { "" } else { "  (not there)" };
        Some(
            Line::toned(Tone::Quiet, format!("{name:<12}"))
                .then(path.display())
                .then_toned(Tone::Quiet, is_there),
        )
    }))
}
