//! Receives callbacks by hand.

use axum::{Json, Router, routing::post};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new().route("/", post(async |Json(callback): Json<serde_json::Value>| println!("{callback}")));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, app).await?;
    Ok(())
}
