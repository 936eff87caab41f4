//! `kaleyra-wa template`: the templates of an account, as files that are reviewed like any other source.

mod account;
mod check;
mod create;
mod delete;
mod describe;
mod edit;
mod files;
mod list;
mod preview;
mod pull;
mod refusals;
mod sample;

use clap::{Args, Subcommand};

use crate::exit::Exit;

/// List, create, edit and delete templates; check a message against one before it is sent
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa template list
  kaleyra-wa template pull templates
  kaleyra-wa template check parcel.json --with parcel-message.json
  kaleyra-wa template create parcel.json --yes

A template is a JSON file with Meta's definition of it: name, language, category, components. The id of the WABA is found \
from the sender's number where neither --waba nor waba_id in the configuration says it.")]
pub(crate) struct Template {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the templates, with their status and quality
    #[command(
        after_help = "Examples:\n  kaleyra-wa template list --status APPROVED\n  kaleyra-wa template list --json\n\nWith --json each line is a definition as it is listed."
    )]
    List(list::List),
    /// Show a template: how it stands, and what it says
    #[command(
        after_help = "Examples:\n  kaleyra-wa template show order_shipped\n  kaleyra-wa template show order_shipped --language en --json\n\nWith --json each line is a definition as it is listed, one for each language."
    )]
    Show(list::Show),
    /// Submit the templates of a file for approval, after a look at what they say
    #[command(
        after_help = "Examples:\n  kaleyra-wa template create parcel.json --dry-run\n  kaleyra-wa template create parcel.json --yes\n\nWhat is there already is not created: `edit` changes it. With --json each line is name, language, outcome \
(created, unchanged, exists, would_create or refused), id, status, category, differences (path, before, after) and reason, why \
it was refused. What is refused keeps the others from nothing; the exit code tells of it."
    )]
    Create(create::Create),
    /// Change templates to what a file says, after a look at the differences
    #[command(
        after_help = "Examples:\n  kaleyra-wa template edit shipped.json --dry-run\n  kaleyra-wa template edit shipped.json --yes\n\nAn approved template can be edited once in 24 hours and ten times in 30 days, and its category not at all. With --json \
each line is name, language, outcome (edited, unchanged, would_edit or refused), id, differences (path, before, after) and \
reason, why it was refused. What is refused keeps the others from nothing; the exit code tells of it."
    )]
    Edit(edit::Edit),
    /// Delete a template in every language, or in one
    #[command(
        after_help = "Examples:\n  kaleyra-wa template delete old_offer --language en --yes\n\nThe name of an approved template can't be used again for 30 days. With --json the outcome is one line: name, and deleted \
(language and id)."
    )]
    Delete(delete::Delete),
    /// Write every template into a folder, a file each, to be reviewed in git
    #[command(
        after_help = "Examples:\n  kaleyra-wa template pull\n  kaleyra-wa template pull templates --json\n\nThe fields of a file are always in the same order. A file whose template is not listed any more stays, and is named. What is \
listed without a name or a language is named with its place in the list, and the command ends with 1; everything else is written. \
With --json the outcome is one line: folder, listed, added, changed and missing (name and language), and unreadable (entry, name \
and reason)."
    )]
    Pull(pull::Pull),
    /// Upload a sample for a template's header, and print its handle
    #[command(
        after_help = "Examples:\n  kaleyra-wa template sample ./photo.jpg\n  kaleyra-wa template sample ./photo.jpg --json\n\nReviewers look at the sample of a header that is a picture, a video or a document. The handle belongs into \
`example.header_handle` of the definition, for 24 hours; a link, as a listed template has it, is refused there. A WABA may upload 20 in \
an hour. With --json the outcome is one line: id and handle."
    )]
    Sample(sample::UploadSample),
    /// Check definitions, or a message against one, and tell what Meta would refuse
    #[command(
        after_help = "Examples:\n  kaleyra-wa template check parcel.json\n  kaleyra-wa template check templates\n  kaleyra-wa template check parcel.json --with parcel-message.json\n  kaleyra-wa template check order_shipped --language en --with shipped-message.json\n\nFiles and folders need no account. It ends with 1 where something is refused or not known, with 2 where a file can't be read. With \
--json each definition is a line: file, name, language and findings, each with code, path, reason, do (what to do) and severity \
(refused, unknown, warning or unreadable); code is null for what is wrong with the definition itself."
    )]
    Check(check::Check),
    /// Show what the user will see of a message
    #[command(
        after_help = "Examples:\n  kaleyra-wa template preview parcel.json\n  kaleyra-wa template preview parcel.json --with parcel-message.json --json\n\nWithout --with the variables stay as they are. With --json the outcome is one line: header, offer, body, footer, buttons \
(type, text, target) and cards (the same again)."
    )]
    Preview(preview::Preview),
}

impl Template {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        match self.command {
            Command::List(list) => list.run().await,
            Command::Show(show) => show.run().await,
            Command::Create(create) => create.run().await,
            Command::Edit(edit) => edit.run().await,
            Command::Delete(delete) => delete.run().await,
            Command::Pull(pull) => pull.run().await,
            Command::Check(check) => check.run().await,
            Command::Sample(sample) => sample.run().await,
            Command::Preview(preview) => preview.run().await,
        }
    }
}
