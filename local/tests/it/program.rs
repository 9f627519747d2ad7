//! The real program in a process of its own, spoken to over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;

use reqwest::{Client, Response};

/// A running `resume-counter`. Dropping it kills it with SIGKILL.
pub(crate) struct Program {
    child: Mutex<Child>,
    pub(crate) url: String,
    pub(crate) http: Client,
}

/// The program `make build` leaves, where its path is given, else the one built
/// with these tests: the load tests take a minute with that.
pub(crate) fn path() -> PathBuf {
    std::env::var_os("RESUME_COUNTER_BIN").map_or_else(
        || env!("CARGO_BIN_EXE_resume-counter").into(),
        PathBuf::from,
    )
}

/// A command with a free port and nothing of this machine's environment.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(path());
    command
        .args(["--listen", "127.0.0.1:0"])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null());
    command
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    pub(crate) fn start_with(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self {
            child: Mutex::new(child),
            url,
            http: Client::new(),
        }
    }

    /// In memory, with a throttle that no test reaches by accident.
    pub(crate) fn unthrottled() -> Self {
        Self::start(&[&["--in-memory"], UNTHROTTLED.as_slice()].concat())
    }

    /// Keeps its data in `folder`.
    pub(crate) fn on_disk(folder: &Path, more: &[&str]) -> Self {
        let folder = ["--data-dir", folder.to_str().unwrap()];
        Self::start(&[&folder, UNTHROTTLED.as_slice(), more].concat())
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.url);
        self.http.get(url).send().await.unwrap()
    }

    /// What comes back for these bytes, on a connection of its own.
    pub(crate) fn raw(&self, request: &str) -> String {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// One hit's number, or why there is none.
    pub(crate) async fn hit(&self, page: &str) -> reqwest::Result<u64> {
        let url = format!("{}/counter?path={page}", self.url);
        let answer = self.http.get(url).send().await?.error_for_status()?;
        let count: shared::Count = answer.json().await?;
        Ok(count.count)
    }

    /// SIGKILL: the process gets no chance to finish anything.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, and the exit status.
    pub(crate) fn terminate(&self) -> ExitStatus {
        let mut child = self.child.lock().unwrap();
        let pid = child.id().to_string();
        Command::new("kill").arg(&pid).status().unwrap();
        child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

const UNTHROTTLED: [&str; 4] = ["--throttle-rate", "100000", "--throttle-burst", "100000"];
