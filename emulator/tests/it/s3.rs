//! The bucket as an SDK sees it, over real HTTP.

use std::future::IntoFuture;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::EncodingType;
use backend::dynamodb::{AccessKey, Config};
use emulator::{Durability, Notification, Queue, Queues, S3};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod files;
mod keys;
mod strangers;
mod uploads;

const BUCKET: &str = "job-offers";
const NOTIFICATION: Notification = Notification {
    bucket: BUCKET,
    prefix: "job_offers/",
    suffix: ".csv",
    queue: "files",
};
const FILES: Queue = Queue {
    name: "files",
    visibility_timeout: std::time::Duration::from_secs(60),
    max_receives: 3,
    dead_letters: "dead-files",
};

struct Bucket {
    client: Client,
    address: String,
    queues: Queues,
    folder: TempDir,
    server: JoinHandle<std::io::Result<()>>,
    end: oneshot::Sender<()>,
}

impl Bucket {
    async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    async fn start_in(folder: TempDir) -> Self {
        let queues = Queues::in_memory().unwrap();
        let durability = Durability::Process;
        let s3 = S3::open(folder.path(), durability, NOTIFICATION, queues.clone()).unwrap();
        let app = s3.router(&[AccessKey {
            id: "owner".to_owned(),
            secret: "the owner's token".to_owned(),
        }]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (end, ended) = oneshot::channel();
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = ended.await;
        });
        Self {
            client: client(&address, "owner", "the owner's token"),
            address,
            queues,
            folder,
            server: tokio::spawn(server.into_future()),
            end,
        }
    }

    /// Ends the server and its connections, and returns the folder.
    async fn stop(self) -> TempDir {
        self.end.send(()).unwrap();
        self.server.await.unwrap().unwrap();
        self.folder
    }

    async fn put(&self, key: &str, body: &[u8]) {
        let put = self.client.put_object().bucket(BUCKET).key(key);
        put.body(body.to_vec().into()).send().await.unwrap();
    }

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let get = self.client.get_object().bucket(BUCKET).key(key);
        match get.send().await {
            Ok(object) => Some(object.body.collect().await.unwrap().to_vec()),
            Err(error) => {
                assert_eq!(error.code(), Some("NoSuchKey"), "{key:?}");
                None
            }
        }
    }

    /// Keys and common prefixes, in pages of `limit`, in the order they come.
    async fn list(&self, prefix: &str, delimiter: &str, limit: i32) -> Vec<String> {
        let mut listed = Vec::new();
        let mut token = None;
        loop {
            let list = self.client.list_objects_v2().bucket(BUCKET).prefix(prefix);
            let list = list.delimiter(delimiter).max_keys(limit);
            let list = list.encoding_type(EncodingType::Url);
            let page = list.set_continuation_token(token).send().await.unwrap();
            let keys = page.contents().iter().filter_map(|object| object.key());
            let prefixes = page.common_prefixes().iter().filter_map(|p| p.prefix());
            let names = keys.chain(prefixes);
            let mut names: Vec<_> = names
                .map(|name| percent_decode_str(name).decode_utf8().unwrap().into_owned())
                .collect();
            assert!(names.len() <= limit as usize);
            names.sort();
            listed.extend(names);
            token = page.next_continuation_token().map(str::to_owned);
            if page.is_truncated() != Some(true) {
                assert_eq!(token, None);
                return listed;
            }
        }
    }

    /// The events of new files.
    async fn told(&self) -> Vec<Value> {
        let messages = self.queues.peek(FILES.name, 100).await.unwrap();
        let events = messages.iter().map(|message| {
            let event: Value = serde_json::from_str(&message.body).unwrap();
            event["Records"][0].clone()
        });
        events.collect()
    }
}

fn client(address: &str, id: &str, secret: &str) -> Client {
    let config = Config {
        endpoint: Some(address.to_owned()),
        region: "eu-west-1".to_owned(),
        credentials: Some(AccessKey {
            id: id.to_owned(),
            secret: secret.to_owned(),
        }),
        ca_bundle: None,
        transport: None,
    };
    let builder = aws_sdk_s3::config::Builder::from(&config.sdk().unwrap());
    let timeouts = aws_sdk_s3::config::timeout::TimeoutConfig::builder();
    let timeouts = timeouts.operation_timeout(std::time::Duration::from_secs(60));
    let builder = builder
        .force_path_style(true)
        .timeout_config(timeouts.build());
    Client::from_conf(builder.build())
}
