//! The local program as a process, and connections to it.

use std::path::Path;
use std::process::Stdio;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use shared::Count;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, copy, sink};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::Result;
use crate::load::Caller;
use crate::process::{Clock, Process};

/// A running local program.
pub(crate) struct Server {
    process: Process,
    address: String,
}

/// A kept-alive connection to it.
pub(crate) struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Server {
    /// Starts `program` on a free port, with the throttle out of the way.
    pub(crate) async fn start(program: &Path, storage: &[&str]) -> Result<Self> {
        let mut process = Process::start(
            Command::new(program)
                .args(["--listen", "127.0.0.1:0"])
                .args(["--throttle-rate", "1000000", "--throttle-burst", "1000000"])
                .args(storage)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        )?;
        let output = process.child().stdout.take().ok_or("no standard output")?;
        let mut errors = process.child().stderr.take().ok_or("no standard error")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let Some(address) = line
            .as_deref()
            .and_then(|line| line.split("http://").nth(1))
        else {
            let mut reason = String::new();
            errors.read_to_string(&mut reason).await?;
            return Err(format!("the local program did not start: {reason}").into());
        };
        // Read to the end, so that it never waits for a reader.
        tokio::spawn(async move { copy(&mut errors, &mut sink()).await });
        Ok(Self {
            process,
            address: address.to_owned(),
        })
    }

    /// Opens a connection.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let host = self.address.clone();
        Ok(Connection { sender, host })
    }

    /// Its clocks.
    pub(crate) fn clock(&self) -> Clock {
        self.process.clock()
    }

    /// The most memory it has had so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        self.process.peak_memory()
    }

    /// Ends it.
    pub(crate) async fn kill(self) -> Result<()> {
        self.process.kill().await
    }
}

impl Caller for Connection {
    async fn count(&mut self) -> Result<u64> {
        self.sender.ready().await?;
        let request = Request::get("/counter?path=example.com%2F")
            .header(HOST, &self.host)
            .body(Empty::new())?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK {
            return Err(format!("status {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice::<Count>(&body)?.count)
    }
}
