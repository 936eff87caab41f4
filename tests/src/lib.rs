//! What needs several crates at once: the README's samples, and the main job over real sockets (`e2e/`).

/// The README; its samples are compiled, and run where they can, as doc tests.
#[doc = include_str!("../../README.md")]
pub struct Readme;
