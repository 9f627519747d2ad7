//! The three functions on a bucket, queues and a table of their own.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use backend::{Owner, telemetry};
use emulator::{
    DynamoDb, EventSource, Notification, Queue, Queues, S3, Sqs, ensure_provisioned_table,
    ensure_table,
};
use jiff::Timestamp;
use jobs::{Api, Log, MAX_RECEIVES, Offers, Sent, Split, SplitError, Store, clients};
use lambda_http::{Body, Response};
use serde_json::Value;
use tempfile::TempDir;
pub(crate) use testkit::Answer;

pub(crate) const TOKEN: &str = "the-owner-of-these-events";
pub(crate) const NOW: &str = "2026-11-21T10:30:00.000Z";
pub(crate) const HEADER: &str = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n";
const TABLE: &str = "job-offers";
const LOG_TABLE: &str = "job-offers-log";
pub(crate) const BUCKET: &str = "job-offers";
pub(crate) const QUEUE: Queue = Queue {
    name: "job-offers",
    visibility_timeout: Duration::from_millis(50),
    max_receives: MAX_RECEIVES,
    dead_letters: "job-offers-dead-letters",
};
const NOTIFICATION: Notification = Notification {
    bucket: BUCKET,
    prefix: "job_offers/",
    suffix: "",
    queue: "files",
};

pub(crate) struct Jobs {
    pub(crate) dynamodb: DynamoDb,
    pub(crate) table: Client,
    pub(crate) store: Store,
    pub(crate) queues: Queues,
    pub(crate) sqs: Sqs,
    pub(crate) s3: S3,
    pub(crate) bucket: aws_sdk_s3::Client,
    pub(crate) split: Split,
    pub(crate) api: Api,
    _folder: TempDir,
}

impl Jobs {
    pub(crate) async fn start() -> Self {
        let dynamodb = DynamoDb::in_memory().await.unwrap();
        let table = dynamodb.config().client().unwrap();
        ensure_table(&table, jobs::table(TABLE)).await.unwrap();
        Self::with_tables(dynamodb).await
    }

    /// The same with a table that takes so many writes a second, and has saved none.
    pub(crate) async fn start_provisioned(writes: i64) -> Self {
        let dynamodb = DynamoDb::in_memory_with_burst(Duration::ZERO);
        let dynamodb = dynamodb.await.unwrap();
        let table = dynamodb.config().client().unwrap();
        let made = ensure_provisioned_table(&table, jobs::table(TABLE), writes);
        made.await.unwrap();
        Self::with_tables(dynamodb).await
    }

    async fn with_tables(dynamodb: DynamoDb) -> Self {
        let table = dynamodb.config().client().unwrap();
        ensure_table(&table, jobs::log_table(LOG_TABLE))
            .await
            .unwrap();
        let queues = Queues::in_memory().unwrap();
        let sqs = Sqs::new(queues.clone());
        let folder = tempfile::tempdir().unwrap();
        let s3 = S3::temporary(folder.path(), NOTIFICATION, queues.clone()).unwrap();
        let bucket = clients::s3(&s3.config()).unwrap();
        let client = clients::dynamodb(&dynamodb.config()).unwrap();
        let log = log(client.clone());
        Self {
            store: Store {
                offers: Offers::new(client, TABLE),
                log: log.clone(),
                s3: bucket.clone(),
            },
            split: Split {
                s3: bucket.clone(),
                sqs: clients::sqs(&sqs.config()).unwrap(),
                queue_url: sqs.queue_url(QUEUE.name),
                log,
            },
            api: api(table.clone()),
            dynamodb,
            table,
            queues,
            sqs,
            s3,
            bucket,
            _folder: folder,
        }
    }

    /// The store function, with the table at another endpoint.
    pub(crate) fn store_through(&self, endpoint: String) -> Store {
        let config = self.dynamodb.config_at(endpoint);
        Store {
            offers: Offers::new(clients::dynamodb(&config).unwrap(), TABLE),
            ..self.store.clone()
        }
    }

    /// The store function as it is on one machine.
    pub(crate) fn store_in_transactions(&self) -> Store {
        Store {
            offers: self.store.offers.clone().in_transactions(),
            ..self.store.clone()
        }
    }

    /// The report in the bucket on the file of a name.
    pub(crate) async fn loaded(&self, name: &str) -> Value {
        let text = self.object(&format!("job_offers_loaded/{name}.json")).await;
        serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()
    }

    pub(crate) async fn put(&self, key: &str, text: impl Into<Vec<u8>>) {
        let put = self.bucket.put_object().bucket(BUCKET).key(key);
        put.body(text.into().into()).send().await.unwrap();
    }

    pub(crate) async fn object(&self, key: &str) -> Option<String> {
        let get = self.bucket.get_object().bucket(BUCKET).key(key);
        let body = get.send().await.ok()?.body.collect().await.unwrap();
        Some(String::from_utf8(body.to_vec()).unwrap())
    }

    /// Calls split for each file that was put since the last time.
    pub(crate) async fn split_new_files(&self) -> Result<Sent, SplitError> {
        let mut sum = Sent::default();
        let files = Queue {
            name: "files",
            ..QUEUE
        };
        for message in self.queues.receive(files, 1_000).await.unwrap() {
            let event = serde_json::from_str(&message.body).unwrap();
            let loaded = jobs::split(&self.split, event).await?;
            sum.sent += loaded.sent;
            sum.rejected += loaded.rejected;
            self.queues.delete(vec![message.id]).await.unwrap();
        }
        Ok(sum)
    }

    pub(crate) fn source(&self) -> EventSource {
        EventSource {
            queues: self.queues.clone(),
            queue: QUEUE,
            batch: 10,
            retry: Duration::ZERO,
        }
    }

    /// Calls store until the queue is empty.
    pub(crate) async fn store_all(&self) {
        let source = self.source();
        let store = |event| failed(&self.store, event);
        while self.queues.depth(QUEUE.name).await.unwrap() != emulator::Depth::default() {
            source.next(&store).await.unwrap();
        }
    }

    /// Every item of the table, as `id city version`.
    pub(crate) async fn stored(&self) -> Vec<String> {
        let scan = self.table.scan().table_name(TABLE).into_paginator();
        let mut items = scan.items().send();
        let mut stored = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.unwrap();
            let text = |name: &str| item[name].as_s().unwrap().clone();
            stored.push(format!("{} {}", text("id"), text("city")));
        }
        stored.sort();
        stored
    }

    pub(crate) async fn send(&self, event: &Value) -> Answer {
        Answer::read(call(&self.api, event).await)
    }

    pub(crate) async fn get(&self, query: &str) -> Answer {
        let mut event = event("list");
        event["rawQueryString"] = query.into();
        self.send(&event).await
    }

    pub(crate) async fn post(&self, body: &str) -> Answer {
        let mut event = event("post");
        event["body"] = body.into();
        self.send(&event).await
    }

    /// A request to `/v1/jobs/{id}`.
    pub(crate) async fn on(&self, method: &str, id: &str, body: Option<&str>) -> Answer {
        let mut event = event(method);
        event["pathParameters"]["proxy"] = id.into();
        event["body"] = body.into();
        self.send(&event).await
    }
}

/// The messages of an event that store says have failed.
pub(crate) async fn failed(store: &Store, event: Value) -> Vec<String> {
    let ids = event["Records"].as_array().unwrap().iter();
    let ids: Vec<String> = ids
        .map(|record| record["messageId"].as_str().unwrap().to_owned())
        .collect();
    let event = serde_json::from_value(event).unwrap();
    let failures = jobs::store(store, event).await;
    ids.into_iter().filter(|id| failures.contains(id)).collect()
}

fn log(client: Client) -> Log {
    Log::new(client, LOG_TABLE, Timestamp::now)
}

pub(crate) fn api(client: Client) -> Api {
    Api {
        offers: Offers::new(client.clone(), TABLE),
        log: log(client),
        owner: Owner::from_token(TOKEN),
        clock: || NOW.parse().unwrap(),
    }
}

/// Calls the API as Lambda does, log line included.
pub(crate) async fn call(api: &Api, event: &Value) -> Response<Body> {
    let request = backend::event::parse(&event.to_string()).unwrap();
    telemetry::logged(request, |request| jobs::handle(api, request)).await
}

/// An event of one of the API's routes.
pub(crate) fn event(name: &str) -> Value {
    let text = match name {
        "health" => include_str!("../../../events/jobs-get-health.json"),
        "list" => include_str!("../../../events/jobs-get-list.json"),
        "get" => include_str!("../../../events/jobs-get.json"),
        "post" => include_str!("../../../events/jobs-post.json"),
        "put" => include_str!("../../../events/jobs-put.json"),
        _ => include_str!("../../../events/jobs-delete.json"),
    };
    serde_json::from_str(text).unwrap()
}
