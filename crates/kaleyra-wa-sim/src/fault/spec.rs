//! Rules as text: `callback:duplicate p=0.2; response:E110 every=3 user=919800000001`.

use std::fmt;
use std::str::FromStr;

use super::callback::{CallbackFault, Delay, MessageFault};
use super::preset;
use super::response::Fault;
use super::rule::{Effect, FaultRule, When};
use crate::model::account::without_plus;
use crate::time::duration;

/// Rules for what is to go wrong, read from a text.
///
/// ```
/// use kaleyra_wa_sim::FaultSpec;
///
/// let spec: FaultSpec = "callback:duplicate p=0.2; response:E110 every=3 user=+919800000001".parse()?;
/// assert_eq!(spec.rules.len(), 2);
/// assert_eq!(spec.to_string(), "callback:duplicate p=0.2; response:low-balance user=919800000001 every=3");
///
/// let error = "callback:duplicat".parse::<FaultSpec>().unwrap_err();
/// assert!(error.to_string().starts_with("rule 1: no callback fault has this name"));
/// # Ok::<(), kaleyra_wa_sim::FaultSpecError>(())
/// ```
///
/// # Grammar
///
/// Rules are separated by `;` or a line end; `#` begins a comment. A rule is the name of a preset, or
///
/// ```text
/// TARGET:EFFECT [option=value]…        options are separated by spaces or commas; "…" around a value with either
/// ```
///
/// | target | effect | its options |
/// | --- | --- | --- |
/// | `response` | the name of a [`Fault`], or a documented code: `low-balance`, `E110`, `hang`, `cut-body`, `slow`, `trickle`, … | `by=2s`, for `slow` and `trickle` |
/// | `callback` | `duplicate` | `times=2` |
/// | | `reorder` | `window=3` |
/// | | `delay` | `by=2s`, `by=1s..3s`, `by=lognormal:800ms:0.6` |
/// | | `batch` | `size=3` |
/// | | `drop`, `wrong-secret`, `reserialise`, `php-escapes`, `truncate`, `foreign-get` | |
/// | | `outage` | `for=5m`, which it needs |
/// | `message` | `fail` | `code=131026`, one of Meta's |
/// | | `not-sent` | `code=WAV2101` |
///
/// | option | for whom |
/// | --- | --- |
/// | `endpoint=messages` | requests to this endpoint |
/// | `user=+919800000001` | this user |
/// | `type=image` | messages of this type; `*` stands for anything |
/// | `ref=order-*` | messages with this `ref` |
/// | `kind=message`, `kind=status`, `status=delivered` | these callbacks |
///
/// | option | when, of those |
/// | --- | --- |
/// | (none) | each time |
/// | `next=2` | the next two times |
/// | `every=3` | the third, the sixth, … |
/// | `range=3..7` | the third to the seventh |
/// | `p=0.2` | with this probability: a hash of the seed, the rule, the user and how many there were for the user, so that neither timing nor threads change it |
/// | `p=0.2 ramp=10` | with a probability that rises to this over the first ten for each user |
/// | `for=30s` | and only so long |
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FaultSpec {
    /// The rules, in order.
    pub rules: Vec<FaultRule>,
}

/// What is wrong with rules.
///
/// ```
/// use kaleyra_wa_sim::FaultSpec;
///
/// let error = "callback:drop; response:explode".parse::<FaultSpec>().unwrap_err();
/// assert_eq!(error.rule, 2);
/// println!("{error}"); // which there are
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule {rule}: {why}")]
#[non_exhaustive]
pub struct FaultSpecError {
    /// Which rule, from 1.
    pub rule: usize,
    /// What is wrong with it, and what to write instead.
    pub why: String,
}

impl FaultSpec {
    /// The presets: each one's name, its rules, and a description.
    ///
    /// ```
    /// use kaleyra_wa_sim::FaultSpec;
    ///
    /// for (name, rules, description) in FaultSpec::presets() {
    ///     println!("{name}: {description}");
    ///     assert_eq!(name.parse::<FaultSpec>()?, rules.parse()?);
    /// }
    /// # Ok::<(), kaleyra_wa_sim::FaultSpecError>(())
    /// ```
    pub fn presets() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        preset::ALL.into_iter()
    }
}

impl FromStr for FaultSpec {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<Self, FaultSpecError> {
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or(""));
        let rules = lines.flat_map(|line| line.split(';')).map(str::trim);
        let mut spec = Self::default();
        for (index, rule) in rules.filter(|rule| !rule.is_empty()).enumerate() {
            let wrong = |why| FaultSpecError {
                rule: index + 1,
                why,
            };
            match preset::find(rule) {
                Some(rules) => spec.rules.extend(rules.parse::<Self>()?.rules),
                None => spec.rules.push(parse_rule(rule).map_err(wrong)?),
            }
        }
        Ok(spec)
    }
}

impl fmt::Display for FaultSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.rules.iter().enumerate() {
            write!(f, "{}{rule}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

fn parse_rule(text: &str) -> Result<FaultRule, String> {
    let words = words(text)?;
    let (effect, options) = words.split_first().ok_or("empty")?;
    let Some((target, effect)) = effect.split_once(':') else {
        let presets: Vec<&str> = preset::ALL.iter().map(|(name, ..)| *name).collect();
        return Err(format!(
            "begin with response:, callback: or message:, or name a preset: {}",
            presets.join(", ")
        ));
    };
    let mut options = Options::new(options)?;
    let effect = match target {
        "response" => response(effect, &mut options)?,
        "callback" => Effect::Callback(callback(effect, &mut options)?),
        "message" => Effect::Message(message(effect, &mut options)?),
        _ => return Err("the target must be response, callback or message".to_owned()),
    };
    let mut rule = FaultRule::new(effect);
    rule.only.endpoint = options.one_of(
        "endpoint",
        &["messages", "media", "block_users", "phone_number_details"],
    )?;
    rule.only.user = options
        .take("user")
        .map(|user| without_plus(&user).to_owned());
    rule.only.type_name = options.take("type");
    rule.only.reference = options.take("ref");
    rule.only.status = options.take("status");
    rule.only.kind = options.one_of("kind", &["message", "status"])?;
    rule.lasts = match options.take("for") {
        Some(lasts) => Some(duration::parse(&lasts).ok_or(format!("for: {}", duration::HINT))?),
        None => None,
    };
    rule.when = when(&mut options)?;
    options.nothing_left()?;
    let is_outage = rule.effect == Effect::Callback(CallbackFault::Outage);
    if is_outage && rule.lasts.is_none() {
        return Err("an outage ends: give for=5m".to_owned());
    }
    Ok(rule)
}

fn response(name: &str, options: &mut Options) -> Result<Effect, String> {
    let fault: Fault = name
        .parse()
        .map_err(|error: super::response::UnknownFault| error.to_string())?;
    let by = match options.take("by") {
        None => None,
        Some(_) if !matches!(fault, Fault::Slow(_) | Fault::Trickle(_)) => {
            return Err("by: is for slow and trickle only".to_owned());
        }
        Some(by) => Some(delay(&by)?),
    };
    Ok(Effect::Response { fault, by })
}

fn callback(name: &str, options: &mut Options) -> Result<CallbackFault, String> {
    Ok(match name {
        "duplicate" => CallbackFault::Duplicate {
            times: options.number("times", 2..=20, 2)? as u32,
        },
        "reorder" => CallbackFault::Reorder {
            window: options.number("window", 1..=100, 3)? as u32,
        },
        "delay" => CallbackFault::Delay {
            by: delay(&options.take("by").ok_or("delay needs by=2s")?)?,
        },
        "drop" => CallbackFault::Drop,
        "batch" => CallbackFault::Batch {
            size: options.number("size", 2..=100, 3)? as u32,
        },
        "wrong-secret" => CallbackFault::WrongSecret,
        "reserialise" => CallbackFault::Reserialise,
        "php-escapes" => CallbackFault::PhpEscapes,
        "truncate" => CallbackFault::Truncate,
        "foreign-get" => CallbackFault::ForeignGet,
        "outage" => CallbackFault::Outage,
        _ => {
            let names = CallbackFault::NAMES;
            return Err(format!(
                "no callback fault has this name: use one of {names}"
            ));
        }
    })
}

fn message(name: &str, options: &mut Options) -> Result<MessageFault, String> {
    match name {
        "fail" => Ok(MessageFault::Fail {
            code: options.number("code", 1..=9_999_999, 131_026)? as u32,
        }),
        "not-sent" => Ok(MessageFault::NotSent {
            code: options.take("code").unwrap_or("WAV2101".to_owned()),
        }),
        _ => Err("no message fault has this name: use fail or not-sent".to_owned()),
    }
}

fn delay(text: &str) -> Result<Delay, String> {
    let hint = "by: write 2s, 1s..3s or lognormal:800ms:0.6, and no more than 30d";
    Delay::parse(text).ok_or_else(|| hint.to_owned())
}

fn when(options: &mut Options) -> Result<When, String> {
    const MAX: u64 = 1_000_000_000;
    let mut found = Vec::new();
    if options.has("next") {
        found.push(When::Next(options.number("next", 1..=MAX, 1)?));
    }
    if options.has("every") {
        found.push(When::Every(options.number("every", 1..=MAX, 1)?));
    }
    if let Some(range) = options.take("range") {
        let bounds = range.split_once("..").and_then(|(from, to)| {
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            (1 <= from && from <= to).then_some(When::Range(from, to))
        });
        found.push(bounds.ok_or("range: write range=3..7, counted from 1")?);
    }
    if let Some(p) = options.take("p") {
        let p = p.parse().ok().filter(|p| (0.0..=1.0).contains(p));
        let p = p.ok_or("p: must be from 0 to 1")?;
        found.push(match options.has("ramp") {
            true => When::Ramp(p, options.number("ramp", 1..=MAX, 1)?),
            false => When::Probability(p),
        });
    } else if options.has("ramp") {
        return Err("ramp: rises to a probability: give p=0.5 as well".to_owned());
    }
    match found[..] {
        [] => Ok(When::Always),
        [when] => Ok(when),
        _ => Err("give one of next, every, range and p".to_owned()),
    }
}

/// The options of a rule that were not used yet.
struct Options(Vec<(String, String)>);

impl Options {
    fn new(words: &[String]) -> Result<Self, String> {
        let mut options: Vec<(String, String)> = Vec::new();
        for word in words {
            let (name, value) = word
                .split_once('=')
                .filter(|(_, value)| !value.is_empty())
                .ok_or("an option is written as name=value, without spaces around the =")?;
            if options.iter().any(|(known, _)| known == name) {
                return Err(format!("{name}: given twice"));
            }
            options.push((name.to_owned(), value.to_owned()));
        }
        Ok(Self(options))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    fn number(
        &mut self,
        name: &str,
        allowed: std::ops::RangeInclusive<u64>,
        default: u64,
    ) -> Result<u64, String> {
        let Some(text) = self.take(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        let (from, to) = (allowed.start(), allowed.end());
        number.ok_or_else(|| format!("{name}: must be a number from {from} to {to}"))
    }

    fn one_of(&mut self, name: &str, allowed: &[&str]) -> Result<Option<String>, String> {
        match self.take(name) {
            Some(value) if !allowed.contains(&&*value) => {
                Err(format!("{name}: must be one of {}", allowed.join(", ")))
            }
            value => Ok(value),
        }
    }

    fn nothing_left(&self) -> Result<(), String> {
        const KNOWN: [&str; 17] = [
            "by", "times", "window", "size", "code", "endpoint", "user", "type", "ref", "status",
            "kind", "next", "every", "range", "p", "ramp", "for",
        ];
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) if KNOWN.contains(&&**name) => {
                Err(format!("{name}: this fault has no such option"))
            }
            Some(_) => Err(format!("no option has this name: use {}", KNOWN.join(", "))),
        }
    }
}

/// The words of a rule: separated by spaces and commas, but not within quotes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for sign in text.chars() {
        match sign {
            '"' => is_quoted = !is_quoted,
            _ if (sign.is_whitespace() || sign == ',') && !is_quoted => words.push(String::new()),
            _ => words
                .last_mut()
                .into_iter()
                .for_each(|word| word.push(sign)),
        }
    }
    if is_quoted {
        return Err("a quote is not closed".to_owned());
    }
    words.retain(|word| !word.is_empty());
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_as_they_are_read() {
        for (text, written) in [
            ("response:hang", "response:hang"),
            ("response:E110 next=2", "response:low-balance next=2"),
            (
                "response:slow by=1s..2s,p=0.5",
                "response:slow by=1s..2s p=0.5",
            ),
            ("callback:duplicate times=2", "callback:duplicate"),
            (
                "callback:duplicate times=3 user=+911",
                "callback:duplicate times=3 user=911",
            ),
            ("callback:reorder", "callback:reorder window=3"),
            (
                "callback:delay  by=2s status=delivered",
                "callback:delay by=2s status=delivered",
            ),
            ("callback:outage for=5m", "callback:outage for=5m"),
            ("callback:drop ramp=10 p=0.5", "callback:drop p=0.5 ramp=10"),
            ("response:half-close", "response:half-close"),
            ("message:fail", "message:fail code=131026"),
            (
                "message:not-sent ref=\"a b*\"",
                "message:not-sent code=WAV2101 ref=\"a b*\"",
            ),
            (
                "response:reset endpoint=media range=3..7",
                "response:reset endpoint=media range=3..7",
            ),
            (
                "response:internal every=3 type=image",
                "response:internal type=image every=3",
            ),
        ] {
            let spec: FaultSpec = text.parse().unwrap();
            assert_eq!(spec.to_string(), written);
            assert_eq!(written.parse(), Ok(spec));
        }
    }

    #[test]
    fn presets_and_comments_are_read() {
        for (name, rules, _) in FaultSpec::presets() {
            assert_eq!(name.parse::<FaultSpec>(), rules.parse());
        }
        let spec: FaultSpec = "# a file\nmonsoon\n\nresponse:hang # always\n"
            .parse()
            .unwrap();
        assert_eq!(spec.rules.len(), 4);
        assert!("".parse::<FaultSpec>().unwrap().rules.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, rule, expected) in [
            ("hang", 1, "begin with response:"),
            ("monsoon; webhook:drop", 2, "the target must be"),
            ("response:nope", 1, "there is no such fault"),
            ("response:WA-401", 1, "stands for two faults"),
            ("response:hang by=2s", 1, "by: is for slow"),
            ("callback:delay", 1, "delay needs by=2s"),
            ("callback:delay by=fast", 1, "by: write 2s"),
            ("callback:outage", 1, "give for=5m"),
            ("callback:drop next=0", 1, "next: must be a number from 1"),
            ("callback:drop p=2", 1, "p: must be from 0 to 1"),
            ("callback:drop ramp=2", 1, "ramp: rises to a probability"),
            (
                "callback:drop p=1 ramp=0",
                1,
                "ramp: must be a number from 1",
            ),
            ("callback:drop p=0.1 next=1", 1, "give one of next"),
            ("callback:drop range=7..3", 1, "range: write"),
            (
                "callback:drop kind=x",
                1,
                "kind: must be one of message, status",
            ),
            ("callback:drop endpoint=x", 1, "endpoint: must be one of"),
            ("callback:drop colour=red", 1, "no option has this name"),
            (
                "callback:drop times=2",
                1,
                "times: this fault has no such option",
            ),
            ("callback:drop next=1 next=2", 1, "next: given twice"),
            ("callback:drop next", 1, "an option is written as"),
            ("callback:drop ref=\"x", 1, "a quote is not closed"),
            ("callback:drop for=soon", 1, "for: write a duration"),
            ("message:lose", 1, "no message fault"),
        ] {
            let error = text.parse::<FaultSpec>().unwrap_err();
            assert_eq!(error.rule, rule, "{text}");
            assert!(error.why.contains(expected), "{text}: {error}");
        }
    }
}
