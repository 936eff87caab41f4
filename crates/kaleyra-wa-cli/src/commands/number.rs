//! `kaleyra-wa number`: what there is to know about the sender's number.

use clap::Args;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;

/// Show the sender's number: its quality, its limits, whether it can send
#[derive(Args)]
#[command(after_help = "\
It changes nothing and costs nothing, and shows that SID, key and number fit together. `kaleyra-wa doctor` looks \
further.

Examples:
  kaleyra-wa number
  kaleyra-wa number --json

With --json the answer is one line: quality_rating, messaging_limit, throughput, status, name_status, verified_name, \
can_send_message, problems (entity, code, description, solution), null where nothing is known, and data as it came.")]
pub(crate) struct Number {
    #[command(flatten)]
    account: AccountSettings,
}

impl Number {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let client = self.account.client()?;
        let details = or_stopped(client.phone_number_details().into_future()).await?;
        let details = details.map_err(|error| Exit::of_read(&error))?;
        let can_send = details.can_send_message();
        let can_send = can_send.as_ref().map(|flag| flag.as_str());
        let limit = details.messaging_limit();
        let limit = limit.as_ref().map(|limit| limit.as_str());
        if global::settings().json {
            let problems: Vec<_> = details
                .problems()
                .into_iter()
                .map(|problem| {
                    serde_json::json!({
                        "entity": problem.entity_type, "code": problem.code,
                        "description": problem.description, "solution": problem.solution,
                    })
                })
                .collect();
            let outcome = serde_json::json!({
                "quality_rating": details.quality_rating(),
                "messaging_limit": limit,
                "throughput": details.throughput_level(),
                "status": details.status(),
                "name_status": details.name_status(),
                "verified_name": details.verified_name(),
                "can_send_message": can_send,
                "problems": problems,
                "data": details.response().data,
            });
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        let rows = [
            ("quality", details.quality_rating()),
            ("messaging limit", limit),
            ("throughput", details.throughput_level()),
            ("status", details.status()),
            ("name", details.verified_name()),
            ("name's review", details.name_status()),
            ("can send", can_send),
        ];
        let known = rows
            .iter()
            .filter_map(|(name, value)| Some((name, (*value)?)));
        let mut lines: Vec<Line> = known
            .map(|(name, value)| Line::toned(Tone::Quiet, format!("{name:<16}")).then(value))
            .collect();
        lines.extend(details.problems().into_iter().map(|problem| {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            Line::toned(Tone::Bad, format!("{:<16}", "problem")).then(
                [
                    text(problem.entity_type),
                    text(problem.description),
                    text(problem.solution),
                ]
                .join(": "),
            )
        }));
        if lines.is_empty() {
            lines.push(Line::new(
                "SID, key and number fit together; the response says no more",
            ));
        }
        say_all(lines)
    }
}
