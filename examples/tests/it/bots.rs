//! The bots: a user writes, and they reply.

use std::time::Duration;

use kaleyra_wa_sim::{Expected, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::Stage;

const ASHA: &str = "+919800000001";

#[tokio::test]
async fn the_echo_bot_repeats_each_text_once() {
    let stage = Stage::new().await;
    let bot = stage.start(env!("CARGO_BIN_EXE_echo_bot")).await;
    stage.kaleyra.faults("callback:duplicate").unwrap();
    stage
        .kaleyra
        .user(ASHA)
        .says("Hi")
        .expect(Expected::text("You said: Hi").quoting())
        .expect_nothing()
        .await;
    bot.kill().await;
    stage.close().await;
}

#[tokio::test]
async fn the_menu_bot_leads_to_a_table() {
    let stage = Stage::new().await;
    let bot = stage.start(env!("CARGO_BIN_EXE_menu_bot")).await;
    let asha = stage.kaleyra.user(ASHA);
    asha.says("Hello")
        .expect("When would you like to come?")
        .picks("Saturday")
        .expect(Expected::text("For how many?").buttons(["Two", "Four", "Six"]))
        .taps("Four")
        .expect("I have a table for 4 on saturday. Under which name?")
        .says("Asha")
        .expect("Thank you, Asha: a table for 4 on saturday. See you then!")
        .says("And another")
        .expect("When would you like to come?")
        .await;
    bot.kill().await;
    stage.close().await;
}

#[tokio::test]
async fn the_order_bot_takes_an_order_and_files() {
    let stage = Stage::new().await;
    let bot = stage.start(env!("CARGO_BIN_EXE_order_bot")).await;
    let asha = stage.kaleyra.user(ASHA);
    asha.says("What is new?")
        .expect(Expected::any().of_type("image"))
        .sends_image(vec![7; 1000])
        .expect("Thank you for the image: 1000 bytes.")
        .orders("400000000000001", &[("shoe-blue", 2, 450.5, "INR")])
        .expect(
            Expected::text("2 × shoe-blue. Shall we send it?").buttons(["Yes, please", "Not now"]),
        )
        .taps("Yes, please")
        .expect("It is on its way.")
        .expect_nothing()
        .await;
    assert_eq!(stage.kaleyra.uploads().len(), 1);
    bot.kill().await;
    stage.close().await;
}

#[tokio::test]
async fn the_order_bot_replies_after_a_kill() {
    let stage = Stage::new().await;
    let bot = stage.start(env!("CARGO_BIN_EXE_order_bot")).await;
    // Kaleyra refuses while the bot wants to reply; then the bot is killed.
    stage.kaleyra.fail_all(Fault::TooManyRequests);
    let asha = stage.kaleyra.end_user("Asha", "919800000001");
    let text = asha.text("What is new?");
    assert_eq!(stage.kaleyra.post(text).await.unwrap(), 200);
    bot.kill().await;
    stage.kaleyra.heal();
    let again = stage.start(env!("CARGO_BIN_EXE_order_bot")).await;
    let accepted = stage
        .kaleyra
        .wait_for_accepted(1, Duration::from_secs(30))
        .await
        .unwrap();
    assert_eq!(accepted[0].request["messaging_object"]["type"], "image");
    again.kill().await;
    stage.close().await;
}

#[tokio::test]
async fn the_axum_application_serves_callbacks_and_its_own_routes() {
    let stage = Stage::new().await;
    let bot = stage.start(env!("CARGO_BIN_EXE_axum_app")).await;
    stage
        .kaleyra
        .user(ASHA)
        .says("Hi")
        .expect("We have read it.")
        .await;

    let address = bot
        .url
        .trim_start_matches("http://")
        .trim_end_matches("/callbacks");
    let order = r#"{"to": "+919800000002", "text": "Ready!"}"#;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /notify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{order}",
        order.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
    let accepted = stage.kaleyra.accepted();
    assert_eq!(
        accepted[1].request["messaging_object"]["text"]["body"],
        "Ready!"
    );
    bot.kill().await;
    stage.close().await;
}
