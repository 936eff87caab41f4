//! Starts a simulator.

use kaleyra_wa_sim::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001");
    let simulator = simulator.bind("127.0.0.1:0").await?;
    println!("{}", simulator.base_url());
    simulator.shutdown().await;
    Ok(())
}
