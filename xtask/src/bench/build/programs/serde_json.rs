//! Reads a callback and writes it, by hand.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let body = std::io::read_to_string(std::io::stdin())?;
    let callback: serde_json::Value = serde_json::from_str(&body)?;
    println!("{}", serde_json::to_string(&callback)?);
    Ok(())
}
