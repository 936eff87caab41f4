//! `kaleyra-wa react`: an emoji on a user's message.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_types::outbound::Reaction;
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::say;
use crate::show::style::Tone;

/// React to a user's message with an emoji
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa react wamid.HBgM 👍 --to +919800000001
  kaleyra-wa react wamid.HBgM --remove --to +919800000001

With --json the output is one line with message_id and reference.")]
pub(crate) struct React {
    /// Id of the message, from its callback
    #[arg(value_name = "WAMID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// The emoji
    #[arg(required_unless_present = "remove", value_parser = emoji)]
    emoji: Option<String>,
    /// Remove the reaction
    #[arg(long, conflicts_with = "emoji")]
    remove: bool,
    /// Number of the user who wrote it, with + and country code
    #[arg(long, value_name = "NUMBER")]
    to: String,
    #[command(flatten)]
    account: AccountSettings,
}

impl React {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let reaction = Reaction::new(self.id, self.emoji.unwrap_or_default());
        let client = self.account.client()?;
        let sent = or_stopped(client.send(self.to.as_str(), reaction).into_future()).await?;
        let sent = sent.map_err(|error| Exit::of(&error))?;
        if global::settings().json {
            let outcome = json!({"message_id": sent.message_id(), "reference": sent.reference()});
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        say(Line::toned(Tone::Good, "accepted")
            .then("  ")
            .then(sent.message_id())
            .then("  reference ")
            .then(sent.reference().unwrap_or("none")))
    }
}

/// An emoji, as far as that can be told without a table of all: signs that are neither letters nor ASCII alone.
fn emoji(text: &str) -> Result<String, &'static str> {
    // ℹ, Ⓜ and 🅰 are letters to Unicode, and emoji to people.
    let is_letter = |sign: char| {
        sign.is_alphabetic()
            && !matches!(sign, '\u{2000}'..='\u{2fff}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
    };
    let is_one = text.chars().count() <= 16
        && !text.is_ascii()
        && !text
            .chars()
            .any(|sign| is_letter(sign) || sign.is_whitespace());
    is_one
        .then(|| text.to_owned())
        .ok_or("this is no emoji: give one, such as 👍")
}

#[cfg(test)]
mod tests {
    use super::emoji;

    #[test]
    fn emoji_are_told_from_words() {
        for one in ["👍", "❤️", "👨‍👩‍👧", "1️⃣", "🇮🇳", "ℹ️", "🅰️", "Ⓜ️", "©️", "👍🏽"]
        {
            assert!(emoji(one).is_ok(), "{one}");
        }
        for other in ["notemoji", "ok", "1", ":)", "धन्यवाद", "é", "👍 👍", "好"]
        {
            assert!(emoji(other).is_err(), "{other}");
        }
    }
}
