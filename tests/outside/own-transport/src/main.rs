//! A company with an HTTP stack of its own: the client without its default features, and without a runtime.

use std::error::Error;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use kaleyra_wa_client::{Account, Client, Delivery, Pod};
use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_transport::{
    Operation, OperationClass, Phase, Request, Response, SendOnce, Transport, TransportError,
    TransportErrorKind, async_trait,
};

/// Stands for that stack: its line is up or down, and it keeps a list of what it carried.
#[derive(Default)]
struct Company {
    carried: Mutex<Vec<String>>,
    is_down: bool,
}

#[async_trait]
impl Transport for Company {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let claim = SendOnce::claim(request.extensions())?;
        claim.settle(self.carry(&request))
    }
}

impl Company {
    fn carry(&self, request: &Request) -> Result<Response, TransportError> {
        if self.is_down {
            return Err(TransportError::new(
                Phase::Connect,
                TransportErrorKind::Connect,
            ));
        }
        if let Some(operation) = request.extensions().get::<Operation>()
            && operation.class == OperationClass::Send
            && let Ok(mut carried) = self.carried.lock()
        {
            carried.push(format!("{} over {}", operation.name, request.method()));
        }
        let mut response = Response::new(
            r#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#.into(),
        );
        *response.status_mut() = StatusCode::ACCEPTED;
        Ok(response)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let account = Account::new(Pod::Eu, "HX0000000000IT", "A-key", "+918000000001")?;

    let company = Arc::new(Company::default());
    let client = Client::with_transport(account.clone(), company.clone());
    let sent = block_on(client.send("+919800000001", "Hello").into_future())?;
    assert_eq!(sent.message_id().as_str(), "AX1");
    let carried = company.carried.lock().map_err(|_| "a poisoned list")?;
    assert_eq!(*carried, ["send over POST"]);

    let down = Company {
        is_down: true,
        ..Company::default()
    };
    let client = Client::with_transport(account, down);
    let Err(error) = block_on(client.send("+919800000001", "Hello").into_future()) else {
        return Err("the line is down".into());
    };
    assert_eq!(error.delivery(), Delivery::NotSent);

    println!("own-transport: a message was accepted, another was not sent: {error}");
    Ok(())
}

/// The least that runs a future: the client needs no more than its transport does.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
