//! How long the models take beside what a user would pick instead, on the same bytes, in the same run.
//!
//! With `--once parse|serialise WAY PAYLOAD COUNT` it only does one thing that often: for counting instructions.

#![allow(clippy::print_stdout, reason = "it prints tables")]

use std::env;
use std::error::Error;

use kaleyra_wa_bench::measure::{Figures, compare};
use kaleyra_wa_bench::payloads::Payload;
use kaleyra_wa_bench::types::{Model, parses, payloads, peers};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--list"] => {
            for payload in payloads() {
                println!("{}", payload.name);
            }
            Ok(())
        }
        ["--once", task, way, payload, count] => once(task, way, payload, count.parse()?),
        [] => tables(),
        _ => Err("use no arguments, --list, or --once parse|serialise WAY PAYLOAD COUNT".into()),
    }
}

fn tables() -> Result<(), Box<dyn Error>> {
    println!("parse: median time of one parse\n");
    heading(&["floor", "Value", "ours", "ours/Value", "ours/floor"]);
    for payload in payloads() {
        let figures = compare(&parses(&payload)?);
        let [floor, value, ours] = &figures[..] else {
            continue;
        };
        let cells = [
            cell(floor),
            cell(value),
            cell(ours),
            ratio(ours, value),
            ratio(ours, floor),
        ];
        row(&payload, &cells);
    }
    println!("\nThe floor is `IgnoredAny`: it checks that the bytes are JSON, and keeps nothing.");

    println!("\nparse: the share of `Value`'s time\n");
    const PEERS: [&str; 4] = ["ours", "by serde", "whatsapp", "sonic-rs"];
    heading(&PEERS);
    for payload in payloads() {
        let figures = compare(&peers(&payload));
        let find = |name| figures.iter().find(|figures| figures.name == name);
        let cells = PEERS.map(|name| {
            let share = find(name).zip(find("Value"));
            share.map_or_else(|| "–".to_owned(), |(way, value)| ratio(way, value))
        });
        row(&payload, &cells);
    }
    println!(
        "\nBy serde is `serde_json::from_slice` of our type; whatsapp is the crate of that name, where it can read the \
         callback; sonic-rs is its `Value`."
    );

    println!("\nserialise: median time of one writing to a Vec\n");
    heading(&["Value", "ours", "by serde", "ours/Value", "serde/Value"]);
    for payload in payloads() {
        let value = serde_json::from_slice(&payload.bytes)?;
        let figures = compare(&Model::read(&payload)?.writes(&value));
        let [value, ours, serde] = &figures[..] else {
            continue;
        };
        let cells = [
            cell(value),
            cell(ours),
            cell(serde),
            ratio(ours, value),
            ratio(serde, value),
        ];
        row(&payload, &cells);
    }
    println!(
        "\nOurs is `to_vec` of the model; by serde is `serde_json::to_vec` of it, as `Value` is written."
    );
    Ok(())
}

fn once(task: &str, way: &str, payload: &str, count: u32) -> Result<(), Box<dyn Error>> {
    let payloads = payloads();
    let payload = payloads
        .iter()
        .find(|known| known.name == payload)
        .ok_or("no such payload")?;
    let value = serde_json::from_slice(&payload.bytes)?;
    let model = Model::read(payload)?;
    let ways = match task {
        "parse" => parses(payload)?,
        "serialise" => model.writes(&value),
        _ => return Err("no such task".into()),
    };
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
    format!("{:.2} µs", figures.time().as_secs_f64() * 1e6)
}

fn ratio(ours: &Figures, other: &Figures) -> String {
    format!("{:.2}", ours.ratio_to(other))
}

fn heading(columns: &[&str]) {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{column:>12}"))
        .collect();
    println!("{:<16}{:>7}{}", "", "bytes", columns.join(""));
}

fn row(payload: &Payload, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>12}")).collect();
    println!(
        "{:<16}{:>7}{}",
        payload.name,
        payload.bytes.len(),
        cells.join("")
    );
}
