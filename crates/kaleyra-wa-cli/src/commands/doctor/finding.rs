//! What a check found: what was asked, what came, what it means, what to do.

use serde::Serialize;

use crate::show::line::Line;
use crate::show::style::Tone;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Wrong,
    /// Not asked, or not to be known.
    Unknown,
}

/// What a check found. The order is the documented one.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) check: u8,
    pub(super) name: &'static str,
    pub(super) verdict: Verdict,
    pub(super) asked: String,
    pub(super) came: Option<String>,
    pub(super) means: String,
    #[serde(rename = "do")]
    pub(super) advice: Option<String>,
    pub(super) source: Option<&'static str>,
}

/// A check, by its number in `--help`.
#[derive(Clone, Copy)]
pub(super) struct Check(pub(super) u8, pub(super) &'static str);

impl Check {
    pub(super) fn finds(
        self,
        verdict: Verdict,
        asked: impl Into<String>,
        means: impl Into<String>,
    ) -> Finding {
        Finding {
            check: self.0,
            name: self.1,
            verdict,
            asked: asked.into(),
            came: None,
            means: means.into(),
            advice: None,
            source: None,
        }
    }
}

impl Finding {
    pub(super) fn came(mut self, came: impl Into<String>) -> Self {
        self.came = Some(came.into());
        self
    }

    pub(super) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(super) fn source(mut self, source: &'static str) -> Self {
        self.source = Some(source);
        self
    }

    /// It for people: a line, and more where something is to be done.
    pub(super) fn lines(&self, is_verbose: bool) -> Vec<Line> {
        let (tone, word) = match self.verdict {
            Verdict::Ok => (Tone::Good, "ok"),
            Verdict::Warning => (Tone::Title, "warning"),
            Verdict::Wrong => (Tone::Bad, "WRONG"),
            Verdict::Unknown => (Tone::Quiet, "unknown"),
        };
        let first = Line::toned(tone, format!("{word:<8}"))
            .then(format!("{:>2} {:<16} ", self.check, self.name))
            .then(&self.means);
        let is_told = is_verbose || matches!(self.verdict, Verdict::Warning | Verdict::Wrong);
        let more = [
            ("asked", Some(self.asked.as_str()).filter(|_| is_told)),
            ("came", self.came.as_deref().filter(|_| is_told)),
            ("do", self.advice.as_deref()),
            ("source", self.source.filter(|_| is_verbose)),
        ];
        let more = more.into_iter().filter_map(|(name, text)| {
            Some(
                Line::new("           ")
                    .then_toned(Tone::Quiet, format!("{name:<7}"))
                    .then(text?),
            )
        });
        std::iter::once(first).chain(more).collect()
    }
}
