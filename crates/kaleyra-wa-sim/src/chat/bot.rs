//! The bot that a conversation is played with.

use std::any::Any;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

type Starting = Pin<Box<dyn Future<Output = io::Result<StartedBot>> + Send>>;

/// Where the bot is, or how it is started.
///
/// For an example see [`ChatRun`](super::ChatRun).
#[derive(Clone)]
pub struct Bot(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    At(String),
    Started(Arc<dyn Fn(String) -> Starting + Send + Sync>),
}

/// A bot that runs until this is dropped.
///
/// For an example see [`ChatRun`](super::ChatRun).
pub struct StartedBot {
    pub(super) url: String,
    /// Ends it when it is dropped.
    _guard: Box<dyn Any + Send>,
}

impl Bot {
    /// A bot that runs already, and whose webhook is here. It has to send to the address that [`ChatRun::listen`](super::ChatRun)
    /// names.
    pub fn at(url: impl Into<String>) -> Self {
        Self(Kind::At(url.into()))
    }

    /// A bot that is started anew for each run: `start` is given the simulator's base URL.
    pub fn started_by<F, S>(start: F) -> Self
    where
        F: Fn(String) -> S + Send + Sync + 'static,
        S: Future<Output = io::Result<StartedBot>> + Send + 'static,
    {
        Self(Kind::Started(Arc::new(move |base_url| {
            Box::pin(start(base_url))
        })))
    }

    pub(super) async fn start(&self, base_url: String) -> io::Result<StartedBot> {
        match &self.0 {
            Kind::At(url) => Ok(StartedBot::new(url.clone(), ())),
            Kind::Started(start) => start(base_url).await,
        }
    }
}

impl StartedBot {
    /// A bot whose webhook is here, and what ends it when it is dropped.
    pub fn new(url: impl Into<String>, guard: impl Any + Send) -> Self {
        Self {
            url: url.into(),
            _guard: Box::new(guard),
        }
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bot")
    }
}

impl fmt::Debug for StartedBot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartedBot")
    }
}
