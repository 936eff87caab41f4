//! Which members were left out, since another of the same name came after them.

use std::collections::HashMap;

use super::fault::Read;
use super::raw_json::RawJson;
use super::reader::{Kind, Reader};
use super::unknown_fields::Dropped;

/// The most that are told: a body can hold a hundred thousand, and each takes a path.
const MAX_TOLD: usize = 100;

/// The longest name that is told in a path.
const MAX_NAME: usize = 64;

/// All members of a text that came before another of the same name. It takes a walk of its own, since that is rare.
pub(crate) fn find(json: &str) -> Vec<Dropped> {
    let mut walk = Walk {
        path: String::new(),
        found: Vec::new(),
    };
    // It was read before; where it is nested too deep, there is nothing more to tell.
    let _ = walk.value(&mut Reader::new(json));
    walk.found
}

struct Walk {
    path: String,
    found: Vec<Dropped>,
}

impl Walk {
    fn value(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        match reader.peek()? {
            Kind::Object => self.object(reader),
            Kind::List => {
                reader.enter()?;
                let mut index = 0;
                while reader.element(index == 0)? {
                    self.inside(&format!("[{index}]"), |walk| walk.value(reader))?;
                    index += 1;
                }
                Ok(())
            }
            _ => reader.skip().map(drop),
        }
    }

    fn object(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        let mut members = HashMap::new();
        reader.enter()?;
        let mut is_first = true;
        while let Some(name) = reader.name(is_first)? {
            is_first = false;
            let mark = reader.mark();
            let step = match name.len() {
                0..=MAX_NAME => format!(".{}", &*name),
                _ => ".…".to_owned(),
            };
            self.inside(&step, |walk| walk.value(reader))?;
            if let Some(earlier) = members.insert(name.clone().into_owned(), reader.since(mark))
                && self.found.len() < MAX_TOLD
            {
                let path = format!("{}{step}", self.path);
                let path = path.trim_start_matches('.').to_owned();
                self.found.push(Dropped {
                    path,
                    body: RawJson::new(earlier),
                });
            }
        }
        Ok(())
    }

    fn inside(&mut self, step: &str, walk: impl FnOnce(&mut Self) -> Read<()>) -> Read<()> {
        let length = self.path.len();
        self.path.push_str(step);
        let result = walk(self);
        self.path.truncate(length);
        match result {
            Err(fault) if !fault.is_syntax() => Ok(()),
            result => result,
        }
    }
}
