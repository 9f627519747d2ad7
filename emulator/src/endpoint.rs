//! Where a service is reached: a loopback port, and an access key that only this
//! process and those it tells know.

use std::io;
use std::net::Ipv4Addr;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use backend::dynamodb::{AccessKey, Config};
use tokio::net::TcpListener;

/// The address and the key of one running service.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) key: AccessKey,
}

impl Endpoint {
    /// A free port, with a key that was never used before.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub(crate) async fn bind() -> io::Result<(TcpListener, Self)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let key = AccessKey {
            id: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            // Requests are signed with it, but the id alone is the secret here.
            secret: "local".to_owned(),
        };
        let url = format!("http://{}", listener.local_addr()?);
        Ok((listener, Self { url, key }))
    }

    /// How clients reach it.
    pub(crate) fn config(&self) -> Config {
        Config {
            endpoint: Some(self.url.clone()),
            region: "eu-west-1".to_owned(),
            credentials: Some(self.key.clone()),
            ca_bundle: None,
        }
    }

    /// Whether a request names the key.
    pub(crate) fn lets_in(&self, headers: &HeaderMap) -> bool {
        let credential = format!("Credential={}/", self.key.id);
        let authorization = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
        authorization.is_some_and(|value| value.contains(&credential))
    }
}
