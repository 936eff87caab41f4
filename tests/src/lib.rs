//! What needs several crates at once: the READMEs' samples, and the main job over real sockets (`e2e/`).

/// The README; its samples are compiled, and run where they can, as doc tests.
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The same for the READMEs of the crates; that of the command has no sample in Rust.
pub mod crates {
    #[doc = include_str!("../../crates/kaleyra-wa-client/README.md")]
    pub struct Client;
    #[doc = include_str!("../../crates/kaleyra-wa-inbox/README.md")]
    pub struct Inbox;
    #[doc = include_str!("../../crates/kaleyra-wa-outbox/README.md")]
    pub struct Outbox;
    #[doc = include_str!("../../crates/kaleyra-wa-sim/README.md")]
    pub struct Sim;
    #[doc = include_str!("../../crates/kaleyra-wa-store/README.md")]
    pub struct Store;
    #[doc = include_str!("../../crates/kaleyra-wa-transport/README.md")]
    pub struct Transport;
    #[doc = include_str!("../../crates/kaleyra-wa-types/README.md")]
    pub struct Types;
    #[doc = include_str!("../../crates/kaleyra-wa-webhook/README.md")]
    pub struct Webhook;
}

/// Chapters of the documentation that have samples in Rust.
pub mod docs {
    #[doc = include_str!("../../docs/campaigns.md")]
    pub struct Campaigns;
    #[doc = include_str!("../../docs/errors.md")]
    pub struct Errors;
    #[doc = include_str!("../../docs/first-bot.md")]
    pub struct FirstBot;
    #[doc = include_str!("../../docs/first-message.md")]
    pub struct FirstMessage;
    #[doc = include_str!("../../docs/meta-and-kaleyra.md")]
    pub struct MetaAndKaleyra;
    #[doc = include_str!("../../docs/templates.md")]
    pub struct Templates;
    #[doc = include_str!("../../docs/test-your-bot.md")]
    pub struct TestYourBot;
}
