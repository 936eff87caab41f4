//! The models beside what a user would pick instead, on the same bytes, in the same run.
//!
//! With `--once WAY PAYLOAD COUNT` it only does one thing that often: for counting instructions.

#![allow(clippy::print_stdout, reason = "it prints tables")]

use std::env;
use std::error::Error;

use kaleyra_wa_bench::measure::{Figures, Way, compare};
use kaleyra_wa_bench::payloads::{Payload, callbacks, template_send};
use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::callback::Callback;
use serde::de::IgnoredAny;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--list"] => {
            for payload in payloads() {
                println!("{}", payload.name);
            }
            Ok(())
        }
        ["--once", way, payload, count] => once(way, payload, count.parse()?),
        [] => tables(),
        _ => Err("use no arguments, --list, or --once WAY PAYLOAD COUNT".into()),
    }
}

fn payloads() -> Vec<Payload> {
    let mut all = callbacks();
    all.push(template_send());
    all
}

fn tables() -> Result<(), Box<dyn Error>> {
    println!("parse: median time of one parse, and allocations\n");
    heading(&[
        "IgnoredAny (the floor)",
        "Value",
        "ours",
        "ours/Value",
        "ours/floor",
    ]);
    for payload in payloads() {
        let figures = compare(&parses(&payload)?);
        let [floor, value, ours] = &figures[..] else {
            continue;
        };
        row(
            &payload,
            &[
                cell(floor),
                cell(value),
                cell(ours),
                ratio(ours, value),
                ratio(ours, floor),
            ],
        );
    }
    println!("\nserialise: median time of one writing to a Vec, and allocations\n");
    heading(&["Value", "ours", "ours/Value"]);
    for payload in payloads() {
        let value: Value = serde_json::from_slice(&payload.bytes)?;
        let figures = match Model::read(&payload)? {
            Model::Callback(ours) => compare(&writes(&value, &*ours)),
            Model::Send(ours) => compare(&writes(&value, &*ours)),
        };
        let [value, ours] = &figures[..] else {
            continue;
        };
        row(&payload, &[cell(value), cell(ours), ratio(ours, value)]);
    }
    Ok(())
}

/// A payload in our models.
enum Model {
    Callback(Box<Callback>),
    Send(Box<SendRequest>),
}

impl Model {
    fn read(payload: &Payload) -> Result<Self, Box<dyn Error>> {
        Ok(if is_send(payload) {
            Self::Send(Box::new(serde_json::from_slice(&payload.bytes)?))
        } else {
            Self::Callback(Box::new(Callback::from_slice(&payload.bytes)?))
        })
    }
}

fn is_send(payload: &Payload) -> bool {
    payload.name.ends_with("send")
}

fn parses(payload: &Payload) -> Result<Vec<Way<'_>>, Box<dyn Error>> {
    Model::read(payload)?;
    let bytes = &payload.bytes;
    let ours = if is_send(payload) {
        Way::new("ours", || serde_json::from_slice::<SendRequest>(bytes).ok())
    } else {
        Way::new("ours", || Callback::from_slice(bytes).ok())
    };
    Ok(vec![
        Way::new("IgnoredAny", || {
            serde_json::from_slice::<IgnoredAny>(bytes).ok()
        }),
        Way::new("Value", || serde_json::from_slice::<Value>(bytes).ok()),
        ours,
    ])
}

fn writes<'a, T: serde::Serialize>(value: &'a Value, ours: &'a T) -> Vec<Way<'a>> {
    vec![
        Way::new("Value", || serde_json::to_vec(value).ok()),
        Way::new("ours", || serde_json::to_vec(ours).ok()),
    ]
}

fn once(way: &str, payload: &str, count: u32) -> Result<(), Box<dyn Error>> {
    let payload = payloads()
        .into_iter()
        .find(|known| known.name == payload)
        .ok_or("no such payload")?;
    let ways = parses(&payload)?;
    let way = ways
        .iter()
        .find(|known| known.name == way)
        .ok_or("no such way")?;
    for _ in 0..count {
        (way.run)();
    }
    Ok(())
}

fn cell(figures: &Figures) -> String {
    format!(
        "{:>8.2} µs {:>5}",
        figures.time.as_secs_f64() * 1e6,
        figures.allocations
    )
}

fn ratio(ours: &Figures, other: &Figures) -> String {
    format!("{:.2}", ours.time.as_secs_f64() / other.time.as_secs_f64())
}

fn heading(columns: &[&str]) {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{column:>22}"))
        .collect();
    println!("{:<16}{:>7}{}", "", "bytes", columns.join(""));
}

fn row(payload: &Payload, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>22}")).collect();
    println!(
        "{:<16}{:>7}{}",
        payload.name,
        payload.bytes.len(),
        cells.join("")
    );
}
