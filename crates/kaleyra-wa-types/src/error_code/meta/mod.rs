//! Meta's codes, one line each, by family. Where Meta says "later" without a time, an hour is the least.

mod calls_and_flows;
mod general;
mod messages;
mod templates_and_numbers;

use super::{CodeInfo, ErrorClass, info};

/// A code, or a range of codes that mean the same.
pub(super) struct Row {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) info: CodeInfo,
}

/// From low to high.
const FAMILIES: [&[Row]; 4] = [
    general::ROWS,
    messages::ROWS,
    templates_and_numbers::ROWS,
    calls_and_flows::ROWS,
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    FAMILIES.into_iter().flatten()
}

pub(super) fn lookup(code: u32) -> Option<&'static CodeInfo> {
    rows()
        .find(|row| (row.first..=row.last).contains(&code))
        .map(|row| &row.info)
}

const fn code(code: u32, class: ErrorClass, meaning: &'static str) -> Row {
    range(code, code, class, meaning)
}

const fn range(first: u32, last: u32, class: ErrorClass, meaning: &'static str) -> Row {
    Row {
        first,
        last,
        info: info(class, meaning),
    }
}
