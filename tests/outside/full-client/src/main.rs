//! A backend that sends and answers messages: the client with its default features, over real sockets.

use std::error::Error;
use std::net::SocketAddr;

use kaleyra_wa_client::types::inbound::{Callback, Event};
use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::{Account, BaseUrl, Client, Delivery};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CALLBACK: &str = r#"{
    "meta_object": {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "messages": [
                {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}}
            ]
        }
    },
    "extra_info": {"media_url": ""}
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let client = client(address)?;

    let sending = client
        .send("+919800000001", "Your order is on its way")
        .reference("order-17");
    let (sent, request) = tokio::join!(sending.into_future(), accept(&listener, "AX1"));
    assert_eq!(sent?.message_id().as_str(), "AX1");
    let request = request?;
    assert!(
        request.starts_with("POST /v2/HX0000000000IN/whatsapp/+918000000001/messages HTTP/1.1")
    );
    assert!(request.contains("api-key: A-key"));
    assert!(request.contains(r#""extra_info":{"ref":"order-17"}"#));

    let callback = Callback::from_slice(CALLBACK.as_bytes())?;
    for event in callback.events() {
        let Event::Message(message) = event else {
            return Err("the callback holds a message".into());
        };
        let reply = client.reply(message, Image::link("https://example.com/shoe.png"));
        let (sent, request) = tokio::join!(reply.into_future(), accept(&listener, "AX2"));
        assert_eq!(sent?.message_id().as_str(), "AX2");
        let request = request?;
        assert!(request.contains(r#""context":{"message_id":"wamid.A"}"#));
        assert!(request.contains(r#""to":"+919800000001""#));
    }

    // Nobody listens any more: nothing can have been sent, and the client says so.
    drop(listener);
    let Err(error) = client.send("+919800000001", "Are you there?").await else {
        return Err("there is nobody to accept it".into());
    };
    assert_eq!(error.delivery(), Delivery::NotSent);

    println!("full-client: a message and a reply were accepted, a third was not sent: {error}");
    Ok(())
}

fn client(server: SocketAddr) -> Result<Client, Box<dyn Error>> {
    let base_url = BaseUrl::parse(&format!("http://{server}"))?;
    let account = Account::new(base_url, "HX0000000000IN", "A-key", "+918000000001")?;
    Ok(Client::new(account)?)
}

/// Takes one request, accepts it under this id and closes the connection.
async fn accept(listener: &TcpListener, id: &str) -> Result<String, Box<dyn Error>> {
    let (mut stream, _) = listener.accept().await?;
    let request = read(&mut stream).await?;
    let body = format!(
        r#"{{"code":"WA202","message":"Request Accepted","data":{{"message_id":"{id}"}},"error":{{}}}}"#
    );
    let length = body.len();
    let response = format!(
        "HTTP/1.1 202 Accepted\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(response.as_bytes()).await?;
    Ok(request)
}

async fn read(stream: &mut TcpStream) -> Result<String, Box<dyn Error>> {
    let mut received = Vec::new();
    loop {
        if stream.read_buf(&mut received).await? == 0 {
            return Err("the request broke off".into());
        }
        let text = String::from_utf8_lossy(&received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.ok_or("a length")?.parse()? {
            return Ok(text.into_owned());
        }
    }
}
