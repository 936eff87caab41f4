//! What an acknowledged callback survives.

/// What an acknowledged callback survives, as far as a client can know: [`NatsStore::durability`](crate::NatsStore::durability).
///
/// ```
/// use kaleyra_wa_store_nats::Durability;
///
/// // One copy on a server as it is installed.
/// assert!(!Durability::Process.survives_power_cuts());
/// // One copy on a server with `sync_interval: always`, or three as they are installed.
/// assert!(Durability::Synced.survives_power_cuts());
/// assert!(Durability::Copies(3).survives_power_cuts());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the server's process, and not a power cut: there is one copy, and the server syncs it every two minutes unless
    /// it is configured otherwise.
    Process,
    /// The loss of fewer than half of so many copies at a time. Where all of them lose power at once, it is as with one.
    Copies(usize),
    /// A power cut, as far as the server's disk honours syncs: the application [says](crate::NatsOptions::server_syncs_always) that
    /// each write is synced.
    Synced,
}

impl Durability {
    /// Whether an acknowledged callback survives a power cut of one server. Of two copies one is not enough for the server to go on
    /// with: it takes three.
    pub const fn survives_power_cuts(self) -> bool {
        match self {
            Self::Process => false,
            Self::Copies(copies) => copies >= 3,
            Self::Synced => true,
        }
    }
}
