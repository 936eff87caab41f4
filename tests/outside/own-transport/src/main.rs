//! Sends messages through the client, over an HTTP stack of its own.

use {kaleyra_wa_client as _, kaleyra_wa_transport as _};

fn main() {}
