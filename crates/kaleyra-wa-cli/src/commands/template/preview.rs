//! `kaleyra-wa template preview`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::Rendered;
use serde_json::{Value, json};

use super::account::TemplateAccount;
use super::describe::rendered;
use super::files::{file_or_named, message};
use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::output::{note, say, say_all};

#[derive(Args)]
pub(super) struct Preview {
    /// File with the definition, or the name of a template of the account
    what: String,
    /// File with the message: its template, or the whole; - reads standard input
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// The template's language, where it has several
    #[arg(long)]
    language: Option<String>,
    #[command(flatten)]
    account: TemplateAccount,
}

impl Preview {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let definition = file_or_named(&self.what, self.language.as_deref(), &self.account).await?;
        let message = self.with.as_deref().map(message).transpose()?;
        if let Some(message) = &message
            && !definition.check(message).is_empty()
        {
            note("warning: the message does not fit; see why with `kaleyra-wa template check`");
        }
        if global::settings().json {
            let unfilled = Template::new(&definition.name, &*definition.language_code());
            let rendered = definition.render(message.as_ref().unwrap_or(&unfilled));
            return say(Line::json(&to_json(&rendered)).map_err(Exit::failed)?);
        }
        say_all(rendered(&definition, message.as_ref()))
    }
}

fn to_json(rendered: &Rendered) -> Value {
    let buttons = rendered.buttons.iter();
    let buttons: Value = buttons
        .map(|it| json!({"type": it.kind, "text": it.text, "target": it.target}))
        .collect();
    json!({
        "header": rendered.header.as_ref().map(ToString::to_string),
        "offer": rendered.offer,
        "body": rendered.body,
        "footer": rendered.footer,
        "buttons": buttons,
        "cards": rendered.cards.iter().map(to_json).collect::<Value>(),
    })
}
