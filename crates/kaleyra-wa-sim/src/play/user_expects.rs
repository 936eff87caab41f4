//! What a user in a test expects of the bot.

use std::time::Duration;

use super::{Deed, Expected, User};

impl User<'_> {
    /// The bot sends this next.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect(self, expected: impl Into<Expected>) -> Self {
        self.then(Deed::Expects(Box::new(expected.into()), None))
    }

    /// The bot sends this next, within this time by the simulator's clock.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect_within(self, within: Duration, expected: impl Into<Expected>) -> Self {
        self.then(Deed::Expects(Box::new(expected.into()), Some(within)))
    }

    /// The bot reacts so to what the user wrote last.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect_reaction(self, emoji: impl Into<String>) -> Self {
        self.then(Deed::ExpectsReaction(emoji.into()))
    }

    /// The bot sends nothing more.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect_nothing(self) -> Self {
        self.then(Deed::ExpectsNothing(Duration::ZERO))
    }

    /// The bot marks what the user wrote last as read.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect_read(self) -> Self {
        self.then(Deed::ExpectsRead)
    }
}
