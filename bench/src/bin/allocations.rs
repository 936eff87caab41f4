//! How often the models ask for memory beside what a user would pick instead.
//!
//! A program of its own: the allocator that counts would slow what is timed.

#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::error::Error;

use kaleyra_wa_bench::types::{parses, payloads};

fn main() -> Result<(), Box<dyn Error>> {
    println!("parse: allocations of one parse, and their bytes\n");
    println!(
        "{:<16}{:>8}{:>8}{:>14}{:>14}",
        "", "Value", "ours", "Value", "ours"
    );
    for payload in payloads() {
        let [_, value, ours] = parses(&payload)?;
        let [value, ours] = [value, ours].map(|way| allocation_counter::measure(|| (way.run)()));
        println!(
            "{:<16}{:>8}{:>8}{:>8} bytes{:>8} bytes",
            payload.name, value.count_total, ours.count_total, value.bytes_total, ours.bytes_total
        );
    }
    Ok(())
}
