//! The address of whoever asks: behind a real nginx, and with headers that anyone sends.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, UNTHROTTLED};

const TOKEN: (&str, &str) = (
    "RESUME_COUNTER_OWNER_TOKEN",
    "owner-token-of-the-proxy-tests",
);
const FORGED: [(&str, &str); 7] = [
    ("x-forwarded-for", "203.0.113.66"),
    ("x-forwarded-for", "127.0.0.1"),
    ("forwarded", "for=203.0.113.66"),
    ("x-real-ip", "203.0.113.66"),
    ("cloudfront-viewer-address", "203.0.113.66:4711"),
    ("cloudfront-viewer-city", "Forged"),
    ("x-origin-secret", "guessed"),
];

fn start(more: &[&str]) -> Program {
    let options = [&["--in-memory"], UNTHROTTLED.as_slice(), more].concat();
    Program::start_with(&options, &[TOKEN])
}

/// A client with an address of its own on this machine.
fn visitor(last: u8) -> Client {
    let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, last));
    Client::builder().local_address(address).build().unwrap()
}

async fn visit(client: &Client, url: &str, headers: &[(&str, &str)]) -> Value {
    let mut post = client
        .post(format!("{url}/visits"))
        .header("user-agent", "Firefox/140.0 (X11; one for all)");
    for (name, value) in headers {
        post = post.header(*name, *value);
    }
    let answer = post
        .json(&json!({ "propertyId": "p" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn uniques(program: &Program) -> u64 {
    let get = program
        .http
        .get(format!("{}/visits/summary?propertyId=p", program.url));
    let summary: Value = get
        .bearer_auth(TOKEN.1)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    summary["uniques"].as_u64().unwrap()
}

struct Nginx {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Nginx {
    /// An nginx in front of `program`, as docs/one-machine.md has it.
    fn before(program: &Program) -> Self {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let upstream = program.url.strip_prefix("http://").unwrap();
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr;\n\
             events {{}}\n\
             http {{ access_log off; client_body_temp_path a; proxy_temp_path b;\n\
             fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;\n\
             server {{ listen 127.0.0.1:{port};\n\
             location / {{\n\
             proxy_pass http://{upstream};\n\
             proxy_set_header Host $host;\n\
             proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n\
             }} }} }}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let mut nginx = Command::new(program_of_nginx());
        nginx.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        let child = nginx.stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian keeps it where only root's PATH leads.
fn program_of_nginx() -> PathBuf {
    let there = ["/usr/sbin/nginx", "/usr/bin/nginx"].map(Path::new);
    let there = there.into_iter().find(|path| path.exists());
    there.unwrap_or(Path::new("nginx")).to_owned()
}

#[tokio::test]
async fn three_visitors_behind_nginx_are_three_whatever_they_send() {
    let program = start(&["--trusted-proxy", "127.0.0.1"]);
    let nginx = Nginx::before(&program);
    for last in [11, 12, 13] {
        let visitor = visitor(last);
        let visit_of_nobody = visit(&visitor, &nginx.url, &[]).await;
        assert_eq!(visit_of_nobody["place"], "unknown");
        for forged in FORGED {
            // Through the proxy, and past it: neither is believed.
            for url in [&nginx.url, &program.url] {
                let answer = visit(&visitor, url, &[forged]).await;
                assert_eq!(answer["place"], "unknown", "{forged:?}");
            }
        }
    }
    assert_eq!(uniques(&program).await, 3);
    // The proxy itself is believed.
    for header in [
        ("x-forwarded-for", "203.0.113.1"),
        ("forwarded", "for=203.0.113.2"),
    ] {
        visit(&visitor(1), &program.url, &[header]).await;
    }
    assert_eq!(uniques(&program).await, 5);
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_is_believed() {
    let program = start(&[]);
    for forged in FORGED {
        let answer = visit(&visitor(1), &program.url, &[forged]).await;
        assert_eq!(answer["place"], "unknown", "{forged:?}");
    }
    assert_eq!(uniques(&program).await, 1);
}

#[tokio::test]
async fn a_file_of_places_says_where_a_visitor_is() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("places.mmdb");
    std::fs::write(&file, places([203, 0, 113, 7], "São Paulo", "BR")).unwrap();
    let file = file.to_str().unwrap();
    let program = start(&["--trusted-proxy", "127.0.0.0/30", "--geoip", file]);
    let forged = ("cloudfront-viewer-city", "Forged");
    for (address, place) in [
        ("203.0.113.7", "São Paulo, BR"),
        ("203.0.113.8", "unknown"),
        ("2001:db8::1", "unknown"),
    ] {
        let named = ("x-forwarded-for", address);
        let answer = visit(&visitor(1), &program.url, &[named, forged]).await;
        assert_eq!(answer["place"], place, "{address}");
    }

    std::fs::write(file, "no database").unwrap();
    let mut command = crate::program::command(&["--in-memory", "--geoip", file]);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("places.mmdb is no MaxMind database (MMDB)"),
        "{said}"
    );
}

#[tokio::test]
async fn a_proxys_connection_outlives_the_time_that_others_have_for_a_request() {
    let program = start(&["--trusted-proxy", "127.0.0.1"]);
    let mut proxy = TcpStream::connect(program.url.strip_prefix("http://").unwrap()).unwrap();
    let mut ask = || {
        proxy
            .write_all(b"GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut answer = [0; 12];
        proxy.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        let mut rest = [0; 4096];
        let _ = proxy.read(&mut rest).unwrap();
    };
    ask();
    tokio::time::sleep(Duration::from_secs(12)).await;
    ask();
}

/// A database of one address, <https://maxmind.github.io/MaxMind-DB/>.
fn places(address: [u8; 4], city: &str, country: &str) -> Vec<u8> {
    const NODES: u32 = 32;
    let mut file = Vec::new();
    let bits = u32::from_be_bytes(address);
    for node in 0..NODES {
        let next = match node + 1 {
            // The first byte of the data, after sixteen bytes of zeros.
            NODES => NODES + 16,
            next => next,
        };
        let is_set = bits >> (31 - node) & 1 == 1;
        for side in [false, true] {
            let record = if side == is_set { next } else { NODES };
            file.extend(&record.to_be_bytes()[1..]);
        }
    }
    file.extend([0; 16]);
    file.extend(map(&[
        ("city", map(&[("names", map(&[("en", text(city))]))])),
        ("country", map(&[("iso_code", text(country))])),
    ]));
    file.extend(b"\xab\xcd\xefMaxMind.com");
    file.extend(map(&[
        ("binary_format_major_version", vec![5 << 5 | 1, 2]),
        ("binary_format_minor_version", vec![5 << 5 | 1, 0]),
        ("build_epoch", vec![1, 2, 1]),
        ("database_type", text("Test-City")),
        ("description", map(&[("en", text("of a test"))])),
        ("ip_version", vec![5 << 5 | 1, 4]),
        ("languages", vec![1, 4, 2 << 5 | 2, b'e', b'n']),
        ("node_count", vec![6 << 5 | 1, NODES as u8]),
        ("record_size", vec![5 << 5 | 1, 24]),
    ]));
    file
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = vec![2 << 5 | text.len() as u8];
    bytes.extend(text.as_bytes());
    bytes
}

fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![7 << 5 | pairs.len() as u8];
    for (key, value) in pairs {
        bytes.extend(text(key));
        bytes.extend(value);
    }
    bytes
}
