//! What becomes of a template that is submitted: approved, rejected or left waiting, and after how long.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kaleyra_wa_types::template::TemplateReason;

use crate::time::duration;

/// What becomes of templates that are submitted or edited: the first rule whose pattern fits the name decides. Without one, a
/// template is approved at once.
///
/// A rule is written `pattern=decision`, or `pattern=decision@delay` for one that takes its time by the simulator's clock;
/// several have commas between. A pattern may have `*` for any characters. Decisions are `approve`, `reject`,
/// `reject:REASON` and `hold`, which waits for a review [by hand](crate::Simulator::change_template).
///
/// ```
/// use kaleyra_wa_sim::ReviewRules;
///
/// let rules: ReviewRules = "promo_*=reject:PROMOTIONAL@10m, draft_*=hold, *=approve@30s".parse()?;
/// assert_eq!(rules.to_string(), "promo_*=reject:PROMOTIONAL@10m,draft_*=hold,*=approve@30s");
/// # Ok::<(), kaleyra_wa_sim::InvalidReviews>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRules(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    pattern: String,
    decision: Decision,
    after: Duration,
}

/// What a review comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Reject(TemplateReason),
    /// Nothing, until somebody does it by hand.
    Hold,
}

/// A text that is no rules for reviews.
///
/// ```
/// use kaleyra_wa_sim::ReviewRules;
///
/// let error = "promo_*=maybe".parse::<ReviewRules>().unwrap_err();
/// assert!(error.to_string().starts_with("`promo_*=maybe` is no rule for reviews"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no rule for reviews: write `pattern=approve`, `pattern=reject:REASON` or `pattern=hold`, with `@30s` for a delay"
)]
pub struct InvalidReviews(String);

impl ReviewRules {
    /// What becomes of a template of this name, and after how long.
    pub(crate) fn decide(&self, name: &str) -> (Decision, Duration) {
        let rule = self.0.iter().find(|rule| fits(&rule.pattern, name));
        rule.map_or((Decision::Approve, Duration::ZERO), |rule| {
            (rule.decision.clone(), rule.after)
        })
    }
}

/// Whether a name fits a pattern with `*` in it.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl FromStr for ReviewRules {
    type Err = InvalidReviews;

    fn from_str(text: &str) -> Result<Self, InvalidReviews> {
        let rules = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        rules.map(Rule::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Rule {
    fn parse(text: &str) -> Result<Self, InvalidReviews> {
        let invalid = || InvalidReviews(text.to_owned());
        let (pattern, rest) = text.split_once('=').ok_or_else(invalid)?;
        let (decision, after) = match rest.split_once('@') {
            Some((decision, after)) => {
                (decision, duration::parse(after.trim()).ok_or_else(invalid)?)
            }
            None => (rest, Duration::ZERO),
        };
        let decision = match decision.trim().split_once(':') {
            None if decision.trim() == "approve" => Decision::Approve,
            None if decision.trim() == "hold" => Decision::Hold,
            None if decision.trim() == "reject" => Decision::Reject(TemplateReason::InvalidFormat),
            Some(("reject", reason)) if !reason.is_empty() => {
                Decision::Reject(reason.to_ascii_uppercase().into())
            }
            _ => return Err(invalid()),
        };
        let pattern = pattern.trim().to_owned();
        if pattern.is_empty() {
            return Err(invalid());
        }
        Ok(Self {
            pattern,
            decision,
            after,
        })
    }
}

impl fmt::Display for ReviewRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rule) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "," };
            write!(f, "{separator}{}=", rule.pattern)?;
            match &rule.decision {
                Decision::Approve => f.write_str("approve")?,
                Decision::Reject(reason) => write!(f, "reject:{reason}")?,
                Decision::Hold => f.write_str("hold")?,
            }
            if !rule.after.is_zero() {
                write!(f, "@{}", duration::format(rule.after))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pattern_that_fits_decides() {
        let rules: ReviewRules = "a_*_z=hold, a*=reject, *=approve@1m".parse().unwrap();
        let reject = Decision::Reject(TemplateReason::InvalidFormat);
        for (name, decision, after) in [
            ("a_b_z", Decision::Hold, 0),
            ("a_z", reject.clone(), 0),
            ("a", reject, 0),
            ("ba", Decision::Approve, 60),
        ] {
            assert_eq!(
                rules.decide(name),
                (decision, Duration::from_secs(after)),
                "{name}"
            );
        }
        let none = ReviewRules::default().decide("a");
        assert_eq!(none, (Decision::Approve, Duration::ZERO));
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["a", "=approve", "a=maybe", "a=approve@soon", "a=reject:"] {
            assert!(text.parse::<ReviewRules>().is_err(), "{text}");
        }
    }
}
