//! Templates in lines: one by itself, what it says, what differs, what is wrong with it.

use kaleyra_wa_types::Violation;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::{Difference, TemplateDefinition};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::note;
use crate::show::style::Tone;

/// A template in a line: name, language, category, status, quality.
pub(super) fn head(definition: &TemplateDefinition) -> Line {
    let status = definition
        .status
        .as_ref()
        .map_or("not submitted", |it| it.as_str());
    let may_be_sent = definition.status.as_ref().and_then(|it| it.may_be_sent());
    let tone = match may_be_sent {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Quiet,
    };
    let category = definition.category.as_ref().map_or("", |it| it.as_str());
    let mut line = Line::toned(Tone::Title, format!("{:<32}", definition.name))
        .then(format!(
            " {:<7} {category:<15} ",
            definition.language_code()
        ))
        .then_toned(tone, status);
    if let Some(quality) = definition.quality() {
        line = line.then(format!("  quality {quality}"));
    }
    let reason = definition.rejected_reason.as_ref().map(|it| it.as_str());
    if let Some(reason) = reason.filter(|reason| !matches!(*reason, "" | "NONE")) {
        line = line.then_toned(Tone::Bad, format!("  {reason}"));
    }
    line
}

/// What a template says, its variables unfilled or filled by a message.
pub(super) fn rendered(definition: &TemplateDefinition, message: Option<&Template>) -> Vec<Line> {
    let unfilled = Template::new(&definition.name, &*definition.language_code());
    let rendered = definition.render(message.unwrap_or(&unfilled)).to_string();
    rendered
        .lines()
        .map(|line| Line::new(format!("  {line}")))
        .collect()
}

/// What would change, a line each.
pub(super) fn differences(found: &[Difference]) -> Result<Vec<Line>, Exit> {
    let mut lines = Vec::new();
    for difference in found {
        lines.push(Line::toned(Tone::Quiet, format!("  {}", difference.path)));
        for (sign, tone, value) in [
            ("  - ", Tone::Bad, &difference.before),
            ("  + ", Tone::Good, &difference.after),
        ] {
            if let Some(value) = value {
                let line = Line::toned(tone, sign).then_json(Some(tone), value);
                lines.push(line.map_err(Exit::failed)?);
            }
        }
    }
    Ok(lines)
}

/// The same for programs.
pub(super) fn differences_json(found: &[Difference]) -> Value {
    let each = found.iter();
    each.map(|it| json!({"path": it.path, "before": it.before, "after": it.after}))
        .collect()
}

/// Why a definition can't be submitted, as the reason why nothing was done. What is only not known is no such reason.
pub(super) fn refuse_broken(definition: &TemplateDefinition) -> Result<(), Exit> {
    let violations = definition.submission_violations();
    if violations.is_empty() {
        for unknown in definition.unknown_values() {
            note(format!("  warning: {unknown}"));
        }
        return Ok(());
    }
    let all: Vec<String> = violations.iter().map(Violation::to_string).collect();
    Err(Exit::bad_input(format!(
        "{} in {}: {}; nothing was changed",
        definition.name,
        definition.language_code(),
        all.join("; ")
    )))
}
