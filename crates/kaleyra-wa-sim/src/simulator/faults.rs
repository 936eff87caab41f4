//! What goes wrong at a running simulator.

use super::Simulator;
use crate::fault::{Fault, FaultRule, FaultSpec, FaultSpecError};

impl Simulator {
    /// Makes the next request to Kaleyra's endpoints fail that would have been accepted. Called twice, the next two fail, in
    /// this order.
    ///
    /// A request that is invalid anyway gets the response to that, and leaves the fault for the next.
    ///
    /// For an example see [`SimEvent`](crate::SimEvent), and the [crate's documentation](crate).
    pub fn fail_next(&self, fault: Fault) {
        let rule = FaultRule::from(fault).next(1);
        self.core.faults().add(rule, self.now());
    }

    /// Makes every request to Kaleyra's endpoints fail that would have been accepted, until [`heal`](Self::heal), after those that
    /// [`fail_next`](Self::fail_next) asked for.
    ///
    /// ```
    /// use kaleyra_wa_sim::{Fault, Simulator};
    ///
    /// # use serde_json::json;
    /// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
    /// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
    /// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
    /// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
    /// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
    /// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    /// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.fail_all(Fault::BadGateway);
    /// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
    /// assert!(sim.accepted().is_empty());
    ///
    /// sim.heal();
    /// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await;
    /// assert_eq!(sim.accepted().len(), 1);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail_all(&self, fault: Fault) {
        self.core.faults().set_all(fault, self.now());
    }

    /// Takes back all faults.
    ///
    /// For an example see [`fail_all`](Self::fail_all).
    pub fn heal(&self) {
        self.core.faults().clear();
    }

    /// Adds rules for what is to go wrong, and gives their numbers: see [`FaultSpec`] for how they are written.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.faults("callback:duplicate p=0.2; response:slow by=1s..2s next=3")?;
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the string does not contain valid rules.
    pub fn faults(&self, spec: &str) -> Result<Vec<u64>, FaultSpecError> {
        let spec: FaultSpec = spec.parse()?;
        let (now, mut faults) = (self.now(), self.core.faults());
        let add = |rule: FaultRule| faults.add(rule, now);
        Ok(spec.rules.into_iter().map(add).collect())
    }

    /// Lets only those faults take place whose keys these are, whatever the rules say: the keys in the journal of
    /// another run with the same seed. `None` lets all take place again.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # use serde_json::json;
    /// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
    /// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
    /// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
    /// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
    /// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
    /// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    /// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// sim.faults("response:bad-gateway")?;
    /// sim.only_faults(Some(Vec::new())); // none of them
    /// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
    /// assert_eq!(sim.accepted().len(), 1);
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn only_faults(&self, keys: Option<Vec<String>>) {
        let keys = keys.map(|keys| keys.into_iter().collect());
        self.core.faults().only(keys);
    }
}
