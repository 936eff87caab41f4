//! What a response, a callback or an explanation rests on.

use std::fmt;

/// Whether something is as a page says it, or what follows from pages about something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// A page says so, and this is its title.
    Documented(&'static str),
    /// No page that could be read says so; this is why it is likely.
    Inferred(&'static str),
    /// Only the simulator does this.
    Simulator,
}

impl Basis {
    /// `documented`, `inferred` or `simulator`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented(_) => "documented",
            Self::Inferred(_) => "inferred",
            Self::Simulator => "simulator",
        }
    }

    /// The page's title, or why it is likely.
    pub fn source(self) -> &'static str {
        match self {
            Self::Documented(source) | Self::Inferred(source) => source,
            Self::Simulator => "",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documented(page) => write!(f, "documented: {page}"),
            Self::Inferred(why) => write!(f, "inferred: {why}"),
            Self::Simulator => f.write_str("the simulator's own"),
        }
    }
}
