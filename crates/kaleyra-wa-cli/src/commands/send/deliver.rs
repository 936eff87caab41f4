//! From the flags to the message, out, and to what became of it.

use kaleyra_wa_client::{IntoRecipient, NoRecipient};
use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::outbound::MessagingObject;

use super::file;
use super::flags::{ContentFlags, References};
use super::media::Uploader;
use super::outcome::{Outcome, Reference};
use crate::commands::stop_signal;
use crate::exit::Exit;
use crate::global;
use crate::interrupt;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::say;

/// All that a command says about a message to send.
pub(crate) struct Draft {
    pub(crate) to: Option<String>,
    pub(crate) reply_to: Option<String>,
    pub(crate) content: ContentFlags,
    pub(crate) references: References,
    pub(crate) dry_run: bool,
    pub(crate) account: AccountSettings,
}

/// Sends it, and tells what became of it; or shows what would be sent.
pub(crate) async fn deliver(draft: Draft) -> Result<(), Exit> {
    if draft.dry_run {
        return draft.show().await;
    }
    let json = global::settings().json;
    match draft.outcome().await {
        Ok(outcome) => outcome.report(json),
        Err(exit) => Outcome::unsent(exit).report(json),
    }
}

impl Draft {
    /// Prints what would be posted.
    async fn show(self) -> Result<(), Exit> {
        let request = self.request(&Uploader::DryRun).await?;
        let violations: Vec<_> = request
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect();
        if !violations.is_empty() {
            return Err(Exit::bad_input(format!(
                "not sent: {}",
                violations.join("; ")
            )));
        }
        say(Line::json(&request).map_err(Exit::failed)?)
    }

    /// Sends; fails if there is nothing to send, or nothing to send it with.
    async fn outcome(self) -> Result<Outcome, Exit> {
        // Before the account, whose key may have to be asked for.
        self.recipient()?;
        let client = self.account.client()?;
        let mut request = self.request(&Uploader::Client(&client)).await?;
        // Made here, so that it can be told also if the user does not wait for the response.
        let own = request
            .extra_info
            .as_ref()
            .and_then(|info| info.reference.clone());
        let reference = match own {
            Some(given) => Reference::Given(given.as_str().to_owned()),
            None => Reference::Made(client.new_reference()),
        };
        let info = request.extra_info.take().unwrap_or_default();
        let request = request.extra_info(info.reference(reference.as_str()));
        let stop = stop_signal();
        Ok(tokio::select! {
            () = stop => Outcome::interrupted(&reference, interrupt::has_begun()),
            answer = client.send_request(request).into_future() => match answer {
                Ok(sent) => Outcome::accepted(&sent, client.account().base_url()),
                Err(error) => Outcome::failed(&error, &reference),
            },
        })
    }

    /// The message as it is posted, references and all.
    async fn request(&self, uploader: &Uploader<'_>) -> Result<SendRequest, Exit> {
        let mut request = match &self.content.file {
            Some(path) => file::request(path, self.to.as_deref())?,
            None => {
                let to = self.to.as_deref().unwrap_or_default();
                let to = to.into_recipient().map_err(refused)?;
                let content = self.content.content(uploader).await?;
                SendRequest::new(MessagingObject::new(to, content))
            }
        };
        if let Some(id) = &self.reply_to {
            request.messaging_object = request.messaging_object.in_reply_to(id.as_str());
        }
        let given = &self.references;
        let mut info = request.extra_info.take().unwrap_or_default();
        if let Some(reference) = &given.reference {
            info = info.reference(reference);
        }
        if let Some(reference) = &given.reference1 {
            info = info.reference1(reference);
        }
        if let Some(reference) = &given.reference2 {
            info = info.reference2(reference);
        }
        if let Some(source) = &given.source {
            info = info.source(source.as_str());
        }
        let is_empty = serde_json::to_value(&info).is_ok_and(|info| info == serde_json::json!({}));
        Ok(if is_empty {
            request
        } else {
            request.extra_info(info)
        })
    }

    /// Refuses a recipient that is none.
    fn recipient(&self) -> Result<(), Exit> {
        if let Some(to) = &self.to {
            to.as_str().into_recipient().map_err(refused)?;
        }
        Ok(())
    }
}

fn refused(reason: NoRecipient) -> Exit {
    Exit::bad_input(format!("not sent: {reason}"))
}
