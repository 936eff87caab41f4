//! Durations as people write them: `800ms`, `2s`, `1h30m`, `25h`, `3d`.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// What is wrong with a duration.
pub(crate) const HINT: &str = "write a duration such as 800ms, 2s, 1h30m, 25h or 3d";

/// Reads a duration; `None` where it is not one.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total: f64 = 0.0;
    let mut is_any = false;
    while !rest.is_empty() {
        let number = rest
            .find(|sign: char| !sign.is_ascii_digit() && sign != '.')
            .filter(|at| *at > 0)?;
        let (digits, tail) = rest.split_at(number);
        let unit = tail
            .find(|sign: char| !sign.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (name, tail) = tail.split_at(unit);
        let (_, millis) = UNITS.iter().find(|(unit, _)| *unit == name)?;
        total += digits.parse::<f64>().ok()? * *millis as f64;
        rest = tail;
        is_any = true;
    }
    // A hundred years: more would only overflow somewhere.
    (is_any && total <= 3.2e12).then(|| Duration::from_millis(total.round() as u64))
}

/// Writes a duration so that [`parse`] reads it.
pub(crate) fn format(duration: Duration) -> String {
    let mut rest = duration.as_millis() as u64;
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, millis) in UNITS {
        let count = rest / millis;
        rest %= millis;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, millis, written) in [
            ("800ms", 800, "800ms"),
            ("2s", 2_000, "2s"),
            ("1.5s", 1_500, "1s500ms"),
            ("1h30m", 5_400_000, "1h30m"),
            ("25h", 90_000_000, "1d1h"),
            ("3d", 259_200_000, "3d"),
            ("0", 0, "0s"),
            ("0ms", 0, "0s"),
        ] {
            let duration = parse(text).unwrap();
            assert_eq!(duration, Duration::from_millis(millis), "{text}");
            assert_eq!(format(duration), written);
            assert_eq!(parse(written), Some(duration));
        }
        for text in [
            "",
            "5",
            "s",
            "5x",
            "-1s",
            "1s2",
            "1 s",
            "ms5",
            "99999999999d",
            ".",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
