//! `/sim/faults`: what is to go wrong.

use serde_json::{Value, json};

use super::members::{BadRequest, Members};
use super::{not_found, ok};
use crate::core::Core;
use crate::fault::{Fault, FaultRule, FaultSpec};
use crate::server::response::HttpResponse;
use crate::time::moment;

/// How many sends one request may let fail.
const TIMES_MAX: u64 = 1000;

/// The rules that hold.
pub(super) fn list(core: &Core) -> HttpResponse {
    let rules: Vec<Value> = core
        .faults()
        .list()
        .into_iter()
        .map(|(number, rule, hits, until)| {
            json!({"number": number, "rule": rule, "hits": hits, "until": until.map(moment::format)})
        })
        .collect();
    let presets: Vec<Value> = FaultSpec::presets()
        .map(|(name, rules, about)| json!({"name": name, "rules": rules, "about": about}))
        .collect();
    ok(&json!({"seed": core.chance.seed(), "rules": rules, "presets": presets}))
}

/// `{"spec": "callback:duplicate p=0.2"}`, or `{"fault": "low-balance", "times": 2}`.
pub(super) fn add(core: &Core, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let members = Members::parse(body)?;
    let now = core.clock().now();
    if let Some(spec) = members.optional_text("spec")? {
        let spec: FaultSpec = spec
            .parse()
            .map_err(|error| BadRequest(format!("spec: {error}")))?;
        let text = spec.to_string();
        let mut faults = core.faults();
        let rules = spec.rules.into_iter();
        let numbers: Vec<u64> = rules.map(|rule| faults.add(rule, now)).collect();
        return Ok(ok(&json!({"spec": text, "numbers": numbers})));
    }
    let fault: Fault = members
        .text("fault")?
        .parse()
        .map_err(|error| BadRequest(format!("fault: {error}")))?;
    let times = match members.0.get("times") {
        None | Some(Value::Null) => None,
        Some(times) => Some(
            times
                .as_u64()
                .filter(|times| (1..=TIMES_MAX).contains(times))
                .ok_or_else(|| BadRequest(format!("times: must be from 1 to {TIMES_MAX}")))?,
        ),
    };
    match times {
        Some(times) => core.faults().add(FaultRule::from(fault).next(times), now),
        None => core.faults().set_all(fault, now),
    };
    Ok(ok(&json!({"fault": fault.to_string(), "times": times})))
}

/// Takes a rule back, or all.
pub(super) fn remove(core: &Core, number: Option<&str>) -> Result<HttpResponse, BadRequest> {
    let Some(number) = number else {
        core.faults().clear();
        return Ok(ok(&json!({"fault": null})));
    };
    let number = number.parse().ok();
    match number.filter(|number| core.faults().remove(*number)) {
        Some(number) => Ok(ok(&json!({"removed": number}))),
        None => Ok(not_found("no rule that holds has this number")),
    }
}
