//! Faults with a name: what a bad day looks like.

/// Name, rules, and what it is like.
pub(super) const ALL: [(&str, &str, &str); 7] = [
    (
        "duplicate-everything",
        "callback:duplicate",
        "every callback comes twice",
    ),
    (
        "out-of-order",
        "callback:reorder window=3 p=0.5",
        "half of all callbacks are overtaken by later ones",
    ),
    (
        "slow-bot",
        "callback:duplicate p=0.5; callback:delay by=1s..5s",
        "what a bot that answers too late lives through: callbacks come late, and half of them again",
    ),
    (
        "kaleyra-down-5m",
        "response:bad-gateway for=5m; callback:outage for=5m",
        "for five minutes nothing works, and then all callbacks come at once",
    ),
    (
        "monsoon",
        "callback:delay by=lognormal:2s:0.8 p=0.6; callback:duplicate p=0.2; callback:reorder window=3 p=0.2",
        "a bad line: late, twice, and in disorder",
    ),
    (
        "month-end",
        "response:low-balance",
        "the balance is used up",
    ),
    (
        "bad-day",
        "callback:delay by=lognormal:2s:0.8 p=0.6; callback:duplicate p=0.2; callback:reorder window=3 p=0.2; \
         callback:drop p=0.05; response:internal p=0.1; response:lost-response p=0.05; message:fail code=131026 p=0.05",
        "a bit of everything",
    ),
];

/// The rules behind a name.
pub(super) fn find(name: &str) -> Option<&'static str> {
    let (_, rules, _) = ALL.iter().find(|(known, ..)| *known == name)?;
    Some(rules)
}
