//! The account whose templates they are, and a template of it by name.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_client::{Client, Waba};
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;

use crate::exit::Exit;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::settings::layers::Layers;

/// The account, and its WABA.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct TemplateAccount {
    /// Id of the WhatsApp Business Account; found from the sender's number if nothing is said [env: KALEYRA_WABA_ID]
    #[arg(long, value_name = "ID", help_heading = "Account", value_parser = NonEmptyStringValueParser::new())]
    waba: Option<String>,
    #[command(flatten)]
    account: AccountSettings,
}

impl TemplateAccount {
    pub(super) async fn waba(&self) -> Result<Waba, Exit> {
        let client = self.account.client()?;
        let layers = Layers::load()?;
        let found = layers.find(self.waba.as_deref(), "--waba", "KALEYRA_WABA_ID", "waba_id");
        match found {
            Some(found) if !found.value.bytes().all(|it| it.is_ascii_digit()) => {
                Err(Exit::bad_input(
                    "the id of a WABA is a number; correct --waba, KALEYRA_WABA_ID or waba_id",
                ))
            }
            Some(found) => Ok(client.waba(found.value)),
            None => {
                let id = waba_of(&client).await?;
                Ok(client.waba(id))
            }
        }
    }
}

/// The WABA that the sender's number tells of.
async fn waba_of(client: &Client) -> Result<String, Exit> {
    let details = or_stopped(client.phone_number_details().into_future()).await?;
    let details = details.map_err(|error| Exit::of_read(&error))?;
    let data = details.response().data.as_ref();
    let entities = data.and_then(|data| data.pointer("/health_status/entities")?.as_array());
    let is_waba = |entity: &&Value| entity["entity_type"] == "WABA";
    let waba = entities.and_then(|entities| entities.iter().find(is_waba)?["id"].as_str());
    waba.map(str::to_owned).ok_or_else(|| {
        Exit::bad_input(
            "the sender's number does not tell the id of its WABA; give it with --waba, from the console",
        )
    })
}

/// The templates of this name: in this language, or in all.
pub(super) async fn named(
    waba: &Waba,
    name: &str,
    language: Option<&str>,
) -> Result<Vec<TemplateDefinition>, Exit> {
    let listed = or_stopped(waba.templates().name(name).items().collect()).await?;
    let mut listed = listed.map_err(|error| Exit::of_read(&error))?;
    listed.retain(|it| match language {
        Some(language) => it.is(name, language),
        None => it.name == name,
    });
    if listed.is_empty() {
        let language = language.map_or(String::new(), |language| format!(" in {language}"));
        return Err(Exit::bad_input(format!(
            "no template {name}{language} is listed; see what there is with: kaleyra-wa template list"
        )));
    }
    Ok(listed)
}

/// The one template of this name, in this language where it has several.
pub(super) async fn one_named(
    waba: &Waba,
    name: &str,
    language: Option<&str>,
) -> Result<TemplateDefinition, Exit> {
    let mut listed = named(waba, name, language).await?;
    match (listed.len(), listed.pop()) {
        (1, Some(one)) => Ok(one),
        (_, last) => {
            let all = listed.iter().chain(&last);
            let languages: Vec<_> = all.map(|it| it.language_code().into_owned()).collect();
            let languages = languages.join(", ");
            Err(Exit::bad_input(format!(
                "{name} is there in several languages; choose one with --language: {languages}"
            )))
        }
    }
}
