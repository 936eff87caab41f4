//! Reads a `.chat` file line by line.

use std::time::Duration;

use super::file::{Action, ChatFile, ChatUser, Step};
use super::line::{self, Scanner};
use crate::callback::payment;
use crate::play::{Deed, Expected};
use crate::state::phones::Switch;
use crate::time::{duration, moment};

/// A file of which some lines were read.
pub(super) struct Parser {
    file: ChatFile,
    /// Who did something last.
    acting: Option<usize>,
}

impl Parser {
    /// Nothing was read yet.
    pub(super) fn new(file: ChatFile) -> Self {
        Self { file, acting: None }
    }

    /// All lines were read.
    pub(super) fn finish(self) -> ChatFile {
        self.file
    }

    /// Reads the next line.
    pub(super) fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        let line = line::without_comment(line);
        if line.trim().is_empty() {
            return Ok(());
        }
        if line.starts_with([' ', '\t']) {
            return self.indented(number, line.trim());
        }
        let mut words = Scanner::new(line);
        let first = words.word().unwrap_or_default();
        let action = match first {
            "seed" => {
                let seed = words.rest().parse();
                self.file.seed = Some(seed.map_err(|_| "seed: write a number, such as seed 7")?);
                return Ok(());
            }
            "clock" => {
                let clock = moment::parse(words.rest());
                self.file.clock = Some(clock.ok_or(format!("clock: {}", moment::HINT))?);
                return Ok(());
            }
            "user" => return self.user(words),
            "business" => {
                self.file.business = name(words.rest())?;
                return Ok(());
            }
            "strictness" => {
                self.file.strictness = words.rest().parse().map_err(told)?;
                return Ok(());
            }
            "window" => {
                self.file.window = Some(words.rest().parse().map_err(told)?);
                return Ok(());
            }
            "statuses" => {
                self.file.ladder = words.rest().parse().map_err(told)?;
                return Ok(());
            }
            "fault" => Action::Fault(words.rest().parse().map_err(told)?),
            "heal" => Action::Heal,
            "wait" => {
                let by = duration::parse(words.rest());
                Action::Wait(by.ok_or(format!("wait: {}", duration::HINT))?)
            }
            _ => self.deed(first, words)?,
        };
        self.file.steps.push(Step {
            first: number,
            last: number,
            action,
        });
        Ok(())
    }

    /// `user asha "Asha Example" +919800000001`
    fn user(&mut self, mut words: Scanner<'_>) -> Result<(), String> {
        let hint = "write user NAME \"Profile\" +919800000001";
        let alias = name(words.word().ok_or(hint)?)?;
        let profile = words.quoted();
        let number = words.rest();
        let is_number =
            number.starts_with('+') && number[1..].bytes().all(|it| it.is_ascii_digit());
        if !is_number || number.len() < 6 {
            return Err(hint.to_owned());
        }
        if self.find(&alias).is_some() {
            return Err(format!("{alias}: there is such a user already"));
        }
        self.file.users.push(ChatUser {
            name: profile.unwrap_or_else(|| alias.clone()),
            number: number.to_owned(),
            alias,
        });
        Ok(())
    }

    fn find(&self, alias: &str) -> Option<usize> {
        self.file.users.iter().position(|user| user.alias == alias)
    }

    fn deed(&mut self, first: &str, words: Scanner<'_>) -> Result<Action, String> {
        let (who, has_colon) = match first.strip_suffix(':') {
            Some(who) => (who, true),
            None => (first, false),
        };
        if who == self.file.business {
            return self.expectation(has_colon, words);
        }
        let Some(user) = self.find(who) else {
            return Err(format!(
                "{who}: no user has this name; say so first with user {who} \"Profile\" +919800000001 \
                 (the bot is called {})",
                self.file.business
            ));
        };
        self.acting = Some(user);
        if has_colon {
            let text = line::unescaped(words.rest());
            let is_reply = false;
            return Ok(Action::Deed(user, Deed::Says { text, is_reply }));
        }
        user_deed(user, words)
    }

    /// What the bot is to do.
    fn expectation(
        &mut self,
        mut has_colon: bool,
        mut words: Scanner<'_>,
    ) -> Result<Action, String> {
        let mut user = self.acting;
        if !has_colon && words.peek() == Some("to") {
            words.word();
            let named = words.word().unwrap_or_default();
            has_colon = named.ends_with(':');
            let named = named.trim_end_matches(':');
            let found = self.find(named);
            user = Some(found.ok_or_else(|| format!("{named}: no user has this name"))?);
        }
        let user = user.ok_or("nobody has done anything yet: say to whom with `to NAME`")?;
        let expects = |expected| Deed::Expects(Box::new(expected), None);
        if has_colon {
            return Ok(Action::Deed(user, expects(text_match(words.rest())?)));
        }
        let deed = match words.word().unwrap_or_default() {
            "quotes" => expects(Expected::any().quoting()),
            "reacts" => Deed::ExpectsReaction(words.rest().to_owned()),
            "reads" => Deed::ExpectsRead,
            "template" => expects(Expected::template(words.rest())),
            "sends" => {
                let type_name = words
                    .word()
                    .ok_or("sends what? write sends image")?
                    .to_owned();
                let expected = match words.rest() {
                    "" => Expected::any(),
                    text => text_match(text)?,
                };
                expects(expected.of_type(type_name))
            }
            "nothing" => {
                let rest = words.rest();
                let rest = rest.strip_prefix("more").unwrap_or(rest).trim();
                let within = match rest.strip_prefix("within").map(str::trim) {
                    Some(within) => {
                        duration::parse(within).ok_or(format!("within: {}", duration::HINT))?
                    }
                    None if rest.is_empty() => Duration::ZERO,
                    None => return Err("write nothing more within 2s".to_owned()),
                };
                Deed::ExpectsNothing(within)
            }
            _ => {
                let business = &self.file.business;
                return Err(format!(
                    "write {business}: text, or {business} sends, template, quotes that, reacts, reads that, nothing more"
                ));
            }
        };
        Ok(Action::Deed(user, deed))
    }

    /// More of the message above.
    fn indented(&mut self, number: usize, line: &str) -> Result<(), String> {
        let hint = "an indented line says more of a message of the bot, which must stand above it";
        let step = self.file.steps.last_mut().ok_or(hint)?;
        let Action::Deed(_, Deed::Expects(expected, within)) = &mut step.action else {
            return Err(hint.to_owned());
        };
        let mut words = Scanner::new(line);
        match words.word().unwrap_or_default() {
            "buttons" | "rows" => {
                let labels = words.rest().split('|').map(|label| label.trim().to_owned());
                expected.buttons = Some(labels.collect());
            }
            "failed" => expected.failed = Some(words.rest().to_owned()),
            "quotes" => expected.quotes = true,
            "type" => expected.type_name = Some(words.rest().to_owned()),
            "within" => {
                let parsed = duration::parse(words.rest());
                *within = Some(parsed.ok_or(format!("within: {}", duration::HINT))?);
            }
            _ => {
                return Err(
                    "write buttons A | B, failed 131047, quotes that, type image, or within 5s"
                        .to_owned(),
                );
            }
        }
        step.last = number;
        Ok(())
    }
}

fn user_deed(user: usize, mut words: Scanner<'_>) -> Result<Action, String> {
    let deed = match words.word().unwrap_or_default() {
        "replies:" => Deed::Says {
            text: line::unescaped(words.rest()),
            is_reply: true,
        },
        "taps" | "picks" => Deed::Taps(words.rest().to_owned()),
        "reacts" => Deed::Reacts(Some(words.rest().to_owned())),
        "unreacts" => Deed::Reacts(None),
        "edits:" => Deed::Edits(line::unescaped(words.rest())),
        "deletes" => Deed::Deletes,
        "pays" => match words.rest() {
            "" => Deed::Pays("captured".to_owned()),
            status if payment::STATUSES.contains(&status) => Deed::Pays(status.to_owned()),
            _ => {
                let all = payment::STATUSES.join(", ");
                return Err(format!("write pays, or pays and one of {all}"));
            }
        },
        "reads" => Deed::Reads,
        "plays" => Deed::Plays,
        "sends" => {
            let path = words.word().ok_or("sends what? name a file")?;
            return Ok(Action::Send {
                user,
                path: path.into(),
                caption: words.quoted(),
            });
        }
        "shares" => shares(words)?,
        "fills" => {
            let form = serde_json::from_str(words.rest());
            Deed::Fills(form.map_err(|error| format!("fills: not JSON: {error}"))?)
        }
        "orders" => orders(words)?,
        "turns" => {
            let name = words.word().unwrap_or_default();
            let is_on = match words.rest() {
                "on" => true,
                "off" => false,
                _ => return Err("write turns airplane_mode on, or off".to_owned()),
            };
            let names = Switch::NAMES.join(", ");
            let switch = Switch::of(name, is_on);
            Deed::Switches(switch.ok_or(format!("there is no such switch: use one of {names}"))?)
        }
        "changes" => match words.rest().strip_prefix("number to ") {
            Some(new) => Deed::ChangesNumber(new.trim().to_owned()),
            None => return Err("write changes number to +919800000002".to_owned()),
        },
        "writes" => {
            let type_name = words.word().ok_or("writes what? name a type")?.to_owned();
            let content = match words.rest() {
                "" => serde_json::Value::Null,
                json => serde_json::from_str(json)
                    .map_err(|error| format!("writes: not JSON: {error}"))?,
            };
            Deed::Other(type_name, content)
        }
        _ => {
            return Err(
                "write NAME: text, or NAME taps, picks, reacts, unreacts, sends, replies:, shares, fills, orders, edits:, \
                 deletes, pays, reads, plays, turns, changes number to, writes"
                    .to_owned(),
            );
        }
    };
    Ok(Action::Deed(user, deed))
}

fn shares(mut words: Scanner<'_>) -> Result<Deed, String> {
    let hint = "write shares 12.97,77.59 \"Place\", or shares contact \"Name\" +919800000002";
    let first = words.word().ok_or(hint)?;
    if first == "contact" {
        let name = words.quoted().ok_or(hint)?;
        let phone = words.rest().to_owned();
        return Ok(Deed::Contact { name, phone });
    }
    let (latitude, longitude) = first.split_once(',').ok_or(hint)?;
    let number = |text: &str| text.parse::<f64>().map_err(|_| hint.to_owned());
    Ok(Deed::Location {
        latitude: number(latitude)?,
        longitude: number(longitude)?,
        name: words.quoted(),
    })
}

/// `orders CATALOG SKU x2 @100 INR, SKU x1 @50 INR`
fn orders(mut words: Scanner<'_>) -> Result<Deed, String> {
    let hint = "write orders CATALOG SKU x2 @100 INR, and further products after a comma";
    let catalog_id = words.word().ok_or(hint)?.to_owned();
    let mut items = Vec::new();
    for item in words.rest().split(',') {
        let mut parts = item.split_whitespace();
        let mut part = || parts.next().ok_or(hint);
        let product = part()?.to_owned();
        let count = part()?.strip_prefix('x').and_then(|it| it.parse().ok());
        let price = part()?.strip_prefix('@').and_then(|it| it.parse().ok());
        let currency = part()?.to_owned();
        items.push((product, count.ok_or(hint)?, price.ok_or(hint)?, currency));
    }
    Ok(Deed::Orders { catalog_id, items })
}

/// What a message is to say.
fn text_match(text: &str) -> Result<Expected, String> {
    if text == "*" {
        return Ok(Expected::any());
    }
    let Some(pattern) = text.strip_prefix('~').map(str::trim) else {
        return Ok(Expected::text(line::unescaped(text)));
    };
    match pattern
        .strip_prefix('/')
        .and_then(|it| it.strip_suffix('/'))
    {
        Some(regex) => Expected::matching(regex).map_err(|error| format!("not a pattern: {error}")),
        None => Ok(Expected::glob(line::unescaped(pattern))),
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_name = text
        .chars()
        .all(|sign| sign.is_alphanumeric() || "_-".contains(sign));
    let reserved = [
        "seed",
        "clock",
        "user",
        "business",
        "strictness",
        "window",
        "statuses",
        "fault",
        "heal",
        "wait",
        "to",
    ];
    match is_name && !text.is_empty() && !reserved.contains(&text) {
        true => Ok(text.to_owned()),
        false => {
            Err("a name has letters, digits, _ and -, and is no word of these files".to_owned())
        }
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}
