//! How much memory this process has, where the system says so in `/proc`.

use std::fs;

/// What is resident now, in bytes.
pub fn resident() -> Option<u64> {
    line("VmRSS:")
}

/// The most that was resident at a time since the start, in bytes.
pub fn peak() -> Option<u64> {
    line("VmHWM:")
}

fn line(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
