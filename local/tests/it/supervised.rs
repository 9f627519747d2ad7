//! The program under a supervisor that starts it again when it fails, as systemd
//! does: whatever breaks, it is soon back, and nothing acknowledged is lost.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::faults::{Faults, Switch};
use crate::program::{self, UNTHROTTLED, bare};

/// Keeps the program running until this is dropped.
struct Supervisor {
    url: String,
    failures: Arc<Mutex<Vec<i32>>>,
    child: Arc<Mutex<Child>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    fn start(data: &Path, faults: &Faults) -> Self {
        let address = free_address();
        let mut command = bare();
        command.args(["--listen", &address, "--s3-listen", "127.0.0.1:0"]);
        command.args(["--fsync", "--data-dir"]);
        command.arg(data).args(UNTHROTTLED).stderr(Stdio::null());
        faults.under(&mut command);
        let mut start = move || command.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = start();
        let [url, _] = program::listening(&mut first);
        let child = Arc::new(Mutex::new(first));
        let failures = Arc::<Mutex<Vec<i32>>>::default();
        let is_over = Arc::<AtomicBool>::default();
        let (kept, told, over) = (child.clone(), failures.clone(), is_over.clone());
        let thread = thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let ended = kept.lock().unwrap().try_wait().unwrap();
                if let Some(status) = ended {
                    assert!(!status.success(), "a failure that ends well");
                    // A signal is no exit status.
                    told.lock().unwrap().push(status.code().unwrap_or(-1));
                    *kept.lock().unwrap() = start();
                }
                thread::sleep(Duration::from_millis(10));
            }
        });
        Self {
            url,
            failures,
            child,
            is_over,
            thread: Some(thread),
        }
    }

    fn failures(&self) -> Vec<i32> {
        self.failures.lock().unwrap().clone()
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
        if !thread::panicking() {
            ended.unwrap().unwrap();
        }
    }
}

/// An address that nobody listens on any more.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// One hit's number, if it was acknowledged.
async fn hit(http: &reqwest::Client, url: &str) -> Option<u64> {
    let ask = http.get(format!("{url}/counter?path=p"));
    let answer = ask.timeout(Duration::from_secs(5)).send().await.ok()?;
    let answer = answer.error_for_status().ok()?;
    Some(answer.json::<shared::Count>().await.ok()?.count)
}

#[tokio::test]
async fn a_killed_program_a_panic_and_a_failed_sync_end_in_a_new_start_that_has_lost_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Faults::in_folder(folder.path());
    let supervisor = Supervisor::start(&folder.path().join("data"), &faults);
    let kill = || supervisor.child.lock().unwrap().kill().unwrap();
    let store_panics = || faults.set(Switch::StorePanics, 1);
    let port_panics = || faults.set(Switch::PortPanics, 1);
    let sync_fails = || faults.set(Switch::FailedSyncs, 1);
    let breakages: [(&str, &dyn Fn(), i32); 4] = [
        ("kill -9", &kill, -1),
        ("a panic of the store's thread", &store_panics, 1),
        ("a panic of a port's task", &port_panics, 1),
        ("a sync that fails", &sync_fails, 1),
    ];
    let mut last = 0;
    for (number, (name, break_it, status)) in breakages.into_iter().enumerate() {
        for _ in 0..50 {
            // A connection each, so that the port has some to take.
            if let Some(number) = hit(&reqwest::Client::new(), &supervisor.url).await {
                assert!(number > last, "{name}: {number} after {last}");
                last = number;
            }
        }
        break_it();
        let broken = Instant::now();
        while supervisor.failures().len() <= number {
            if let Some(number) = hit(&reqwest::Client::new(), &supervisor.url).await {
                assert!(number > last, "{name}: {number} after {last}");
                last = number;
            }
        }
        let back = loop {
            match hit(&reqwest::Client::new(), &supervisor.url).await {
                Some(number) => break number,
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
            let failures = supervisor.failures();
            assert_eq!(
                failures.len(),
                number + 1,
                "{name}: it does not start again"
            );
        };
        println!("{name}: back after {:?}", broken.elapsed());
        assert!(back > last, "{name}: {back} after {last}");
        last = back;
        assert_eq!(supervisor.failures()[number], status, "{name}");
    }
}

#[tokio::test]
async fn no_answer_waits_for_an_acknowledgement_of_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Faults::in_folder(folder.path());
    let mut command = program::command(&["--in-memory"]);
    faults.under(&mut command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    for _ in 0..3 {
        let answer = program::raw(
            &url,
            "GET /v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        );
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(faults.get(Switch::Undelayed), 3);
}
