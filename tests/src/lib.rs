//! End-to-end tests across the crates; see `e2e/`.
