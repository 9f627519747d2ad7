//! The real program in a process of its own, spoken to over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;

use reqwest::{Client, Response};
use socket2::{Domain, Socket, Type};

/// A running `resume-counter`. Dropping it kills it with SIGKILL.
pub(crate) struct Program {
    child: Mutex<Child>,
    pub(crate) url: String,
    /// The bucket's.
    pub(crate) bucket: String,
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

/// The program with nothing of this machine's environment, and without a home:
/// a test that needs one says so.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(path());
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

/// The same, started by a shell that has run `script` before.
pub(crate) fn after(script: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null())
        .args(["-c", &format!("{script}; exec \"$0\" \"$@\"")])
        .arg(path());
    command
}

/// The same on a free port.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = bare();
    command.args(["--listen", "127.0.0.1:0"]).args(arguments);
    command
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    pub(crate) fn start_with(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run(command(arguments).envs(environment.iter().copied()))
    }

    /// Starts `command`.
    pub(crate) fn run(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = |before: &str| {
            let line = lines.next()?.ok()?;
            Some(line.strip_prefix(before)?.to_owned())
        };
        let url = next("listening on ").unwrap();
        // Without job offers there is no such line, and none to wait for.
        let bucket = match has_bucket(command) {
            true => next("bucket on ").unwrap(),
            false => String::new(),
        };
        Self {
            child: Mutex::new(child),
            url,
            bucket,
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

    /// Sends these bytes on a connection of its own, and returns the answer.
    pub(crate) fn raw(&self, request: &str) -> String {
        raw(&self.url, request)
    }

    /// One hit's number, or why there is none.
    pub(crate) async fn hit(&self, page: &str) -> reqwest::Result<u64> {
        let url = format!("{}/counter?path={page}", self.url);
        let answer = self.http.get(url).send().await?.error_for_status()?;
        let count: shared::Count = answer.json().await?;
        Ok(count.count)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// The sockets it listens on, as Linux numbers them.
    pub(crate) fn listening(&self) -> Vec<String> {
        let process = format!("/proc/{}", self.id());
        let files = std::fs::read_dir(format!("{process}/fd")).unwrap();
        let files = files.filter_map(|file| std::fs::read_link(file.unwrap().path()).ok());
        let own: Vec<_> = files.map(|file| file.display().to_string()).collect();
        let mut sockets = Vec::new();
        for table in ["tcp", "tcp6"] {
            let table = std::fs::read_to_string(format!("{process}/net/{table}")).unwrap();
            for line in table.lines().skip(1) {
                let fields: Vec<_> = line.split_whitespace().collect();
                let socket = format!("socket:[{}]", fields[9]);
                if fields[3] == "0A" && own.contains(&socket) {
                    sockets.push(socket);
                }
            }
        }
        sockets
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
        signal(&child, "TERM");
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

/// Tells whether `command` leaves the job offers in.
fn has_bucket(command: &Command) -> bool {
    let mut arguments = command.get_args().map(|one| one.to_str().unwrap());
    match arguments.find(|one| *one == "--only") {
        Some(_) => arguments.next().is_some_and(|only| only.contains("jobs")),
        None => true,
    }
}

/// The addresses at which a program says that it and its bucket listen.
pub(crate) fn listening(child: &mut Child) -> [String; 2] {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    ["listening on ", "bucket on "].map(|before| {
        let line = lines.next().unwrap().unwrap();
        line.strip_prefix(before).unwrap().to_owned()
    })
}

/// Sends these bytes on a connection of its own to `url`, and returns the answer.
pub(crate) fn raw(url: &str, request: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Loads one job offer into the program of `data` with `jobs load`.
pub(crate) fn load_offer(data: &Path) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("offers.csv");
    let header = "id,city,company_name,title,url,contract_type,company_sector,user_experience,\
                  keyword,created_date,provider";
    std::fs::write(&file, format!("{header}\n1,Lyon,,,,,,,,,\n")).unwrap();
    let mut load = bare();
    load.args(["jobs", "load", "--data-dir"]).arg(data);
    load.arg(file).output().unwrap()
}

/// Sends a signal by its name.
pub(crate) fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(sent.unwrap().success());
}

/// A connection to `program` from an address of the loopback network.
pub(crate) fn from(address: &str, program: &Program) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let source: SocketAddr = format!("{address}:0").parse().unwrap();
    socket.bind(&source.into()).unwrap();
    let server = program.url.strip_prefix("http://").unwrap();
    let server: SocketAddr = server.parse().unwrap();
    socket.connect(&server.into()).unwrap();
    socket.into()
}

pub(crate) const UNTHROTTLED: [&str; 4] =
    ["--throttle-rate", "100000", "--throttle-burst", "100000"];
