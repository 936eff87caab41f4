//! Sends messages through the client with its default features.

use kaleyra_wa_client as _;

fn main() {}
