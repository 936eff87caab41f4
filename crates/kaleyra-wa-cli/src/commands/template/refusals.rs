//! What is refused of several templates: it is named at once, and the command goes on with the others.

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::output::{complain, say};

/// What was refused so far.
pub(super) struct Refusals {
    /// How many templates there are in all.
    of: usize,
    count: usize,
    first: Option<Exit>,
}

impl Refusals {
    pub(super) fn of(count: usize) -> Self {
        Self {
            of: count,
            count: 0,
            first: None,
        }
    }

    /// Names a file or a template that was refused. Ends the command where it is the only one, and where the others would fare
    /// no better: nobody answers, say.
    pub(super) fn add(
        &mut self,
        definition: Option<&TemplateDefinition>,
        exit: Exit,
    ) -> Result<(), Exit> {
        let why = exit.message().unwrap_or_default().to_owned();
        let name = definition.map(|it| format!("{} in {}", it.name, it.language_code()));
        let named = match &name {
            Some(name) if !why.starts_with(&**name) => format!("{name}: {why}"),
            _ => why.clone(),
        };
        if self.of == 1 || !exit.is_refusal() {
            return Err(exit.with_message(named));
        }
        if global::settings().json {
            let outcome = json!({
                "name": definition.map(|it| &it.name),
                "language": definition.map(TemplateDefinition::language_code),
                "outcome": "refused",
                "reason": why,
            });
            say(Line::json(&outcome).map_err(Exit::failed)?)?;
        }
        complain(format!("refused: {named}"));
        self.count += 1;
        self.first.get_or_insert(exit);
        Ok(())
    }

    /// How the command ends: as the first refusal says, if there was one.
    pub(super) fn end(self) -> Result<(), Exit> {
        let Some(first) = self.first else {
            return Ok(());
        };
        let summary = format!("{} of {} templates were refused", self.count, self.of);
        Err(first.with_message(summary))
    }
}
