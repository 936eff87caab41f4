//! Why a value could not be read, and where it stands.

use std::fmt::Write;

use super::reader::{Expected, Kind};
use crate::decode::DecodeError;

/// What reading gives.
pub(crate) type Read<T> = Result<T, Box<Fault>>;

/// Why a value could not be read. Its path grows on the way up, so that it costs nothing where all is well.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    reason: Reason,
    /// The innermost first.
    path: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Member(&'static str),
    Element(usize),
}

/// What is wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason {
    /// It is not JSON: nothing after it can be read either.
    Syntax {
        at: usize,
        expected: &'static str,
    },
    Unexpected {
        expected: Expected,
        found: Kind,
    },
    /// Arrays and objects in each other beyond the limit.
    TooDeep,
    /// More elements than a body of its size may have in memory.
    TooMany,
}

impl Fault {
    pub(crate) fn new(reason: Reason) -> Box<Self> {
        Box::new(Self {
            reason,
            path: Vec::new(),
        })
    }

    pub(crate) fn syntax(at: usize, expected: &'static str) -> Box<Self> {
        Self::new(Reason::Syntax { at, expected })
    }

    /// Whether the text is not JSON, so that reading can't go on.
    pub(crate) fn is_syntax(&self) -> bool {
        matches!(self.reason, Reason::Syntax { .. })
    }

    /// Whether the whole is something else than expected.
    pub(crate) fn is_of_whole(&self) -> bool {
        self.path.is_empty() && matches!(self.reason, Reason::Unexpected { .. })
    }

    /// The fault, seen from the object around.
    pub(crate) fn in_member(mut self: Box<Self>, name: &'static str) -> Box<Self> {
        self.path.push(Step::Member(name));
        self
    }

    /// The fault, seen from the list around.
    pub(crate) fn in_element(mut self: Box<Self>, index: usize) -> Box<Self> {
        self.path.push(Step::Element(index));
        self
    }
}

/// The faults in an object's members: a later member of the same name may undo one.
#[derive(Default)]
pub(super) struct Faults(Option<Vec<(usize, Box<Fault>)>>);

impl Faults {
    #[cold]
    pub(super) fn note(&mut self, n: usize, fault: Box<Fault>) {
        self.forget(n);
        self.0.get_or_insert_default().push((n, fault));
    }

    pub(super) fn forget(&mut self, n: usize) {
        if let Some(faults) = &mut self.0 {
            faults.retain(|(known, _)| *known != n);
        }
    }

    /// The fault that is told: of the first member by the table, so that it is the same in whatever order they come.
    #[inline]
    pub(super) fn into_result(self) -> Read<()> {
        match self.0 {
            None => Ok(()),
            Some(faults) => match faults.into_iter().min_by_key(|(n, _)| *n) {
                Some((_, fault)) => Err(fault),
                None => Ok(()),
            },
        }
    }
}

impl From<Box<Fault>> for DecodeError {
    fn from(fault: Box<Fault>) -> Self {
        let mut path = String::new();
        for step in fault.path.iter().rev() {
            match step {
                Step::Member(name) if path.is_empty() => path.push_str(name),
                Step::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                // Writing to a `String` never fails.
                Step::Element(index) => _ = write!(path, "[{index}]"),
            }
        }
        Self::new(path, fault.reason.to_string())
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax { at, expected } => {
                write!(f, "not JSON: expected {expected} at byte {at}")
            }
            Self::Unexpected { expected, found } => {
                write!(f, "expected {expected}, found {}", found.name())
            }
            Self::TooDeep => f.write_str("nested too deep"),
            Self::TooMany => f.write_str("too many elements for its size"),
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("true or false"),
            Self::List => f.write_str("an array"),
            Self::Number => f.write_str("a number"),
            Self::Object(name) => write!(f, "an object ({name})"),
            Self::Text => f.write_str("a string"),
            Self::TextOrObject => f.write_str("a string or an object"),
        }
    }
}
