//! The cost of the owner's questions, as the log grows: read units and time of
//! a page of the log and of a summary, through the function itself.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Instant;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use backend::dynamodb::patient;
use backend::{Cdn, Owner, event};
use emulator::{DynamoDb, ensure_table};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use shared::visits::Visit;
use tokio::task::JoinSet;
use visits::{Log, Record, Salts, Visits};

use crate::statistics::median;
use crate::{Result, progress};

const TABLE: &str = "visits";
const TOKEN: &str = "of-the-benchmark";
const DAYS: i64 = 90;
/// More names than a day holds, each of the greatest length.
const NAMES: usize = 60;
const CONCURRENCY: usize = 32;
/// Times each question is asked.
const QUESTIONS: usize = 20;

/// The cost of one log's questions.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    pub(crate) visits: usize,
    pub(crate) page: Question,
    pub(crate) summary: Question,
}

/// The cost of one question.
#[derive(Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) read_units: f64,
    pub(crate) milliseconds: f64,
}

/// Asks for a page of 50 visits and a summary of 90 days, in logs of these
/// sizes.
pub(crate) async fn ask(sizes: &[usize]) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    for &size in sizes {
        progress(&format!("visits: a log of {size}"));
        costs.push(ask_log_of(size).await?);
    }
    Ok(costs)
}

async fn ask_log_of(size: usize) -> Result<Cost> {
    let store = DynamoDb::in_memory().await?;
    let capacity = Capacity::default();
    let client = store.config().client()?;
    ensure_table(&client, visits::table(TABLE)).await?;
    let config = client.config().to_builder().interceptor(capacity.clone());
    let client = Client::from_conf(config.build());
    let function = Visits {
        log: Log::new(client.clone(), TABLE),
        salts: Salts::new(client.clone(), "unused"),
        owner: Owner::from_token(TOKEN),
        cdn: Cdn::default(),
        clock: Timestamp::now,
    };
    fill(&Log::new(patient(&client), TABLE), size).await?;
    let cost = Cost {
        visits: size,
        page: capacity.ask(&function, "GET /visits", "limit=50").await?,
        summary: {
            let from = Timestamp::now() - SignedDuration::from_hours(24 * DAYS);
            let query = format!("from={}", from.strftime("%F"));
            capacity
                .ask(&function, "GET /visits/summary", &query)
                .await?
        },
    };
    store.stop().await;
    Ok(cost)
}

/// Fills the log evenly over 90 days. Nine of ten visits are of one property;
/// the places and other properties are more than a day names.
async fn fill(log: &Log, size: usize) -> Result<()> {
    let end = Timestamp::now();
    let step = SignedDuration::from_hours(24 * DAYS) / i32::try_from(size)?;
    let mut writes = JoinSet::new();
    for n in 0..size {
        let date = end - step * i32::try_from(n)?;
        let visit = Visit {
            id: format!("019aa5a0-0000-7000-8000-{n:012}"),
            property_id: match n % 10 {
                0 => long_name(n / 10),
                _ => "default".to_owned(),
            },
            date: format!("{date:.3}"),
            place: long_name(n),
            source: None,
            link: None,
            local_date: None,
        };
        let log = log.clone();
        writes.spawn(async move { log.import(Record::Visit(visit)).await });
        if writes.len() >= CONCURRENCY
            && let Some(written) = writes.join_next().await
        {
            written??;
        }
    }
    while let Some(written) = writes.join_next().await {
        written??;
    }
    Ok(())
}

fn long_name(n: usize) -> String {
    format!("{:0>100}", n % NAMES)
}

/// Asks the store for the read units of each Query, and adds them up.
#[derive(Clone, Debug, Default)]
struct Capacity(Arc<Mutex<f64>>);

impl Capacity {
    async fn ask(&self, function: &Visits, route: &str, query: &str) -> Result<Question> {
        let mut times = Vec::new();
        let mut units = 0.0;
        for _ in 0..QUESTIONS {
            self.take();
            let started = Instant::now();
            let answer = visits::handle(function, event::parse(&question(route, query))?).await?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
            if answer.status() != 200 {
                return Err(format!("{route}: {}", answer.status()).into());
            }
            units = self.take();
        }
        Ok(Question {
            read_units: units,
            milliseconds: median(times),
        })
    }

    fn take(&self) -> f64 {
        let mut sum = self.0.lock().unwrap_or_else(|e| e.into_inner());
        std::mem::take(&mut *sum)
    }
}

fn question(route: &str, query: &str) -> String {
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": "/",
        "rawQueryString": query,
        "headers": { "authorization": format!("Bearer {TOKEN}") },
        "requestContext": { "routeKey": route, "http": { "method": "GET", "path": "/" } },
        "isBase64Encoded": false,
    })
    .to_string()
}

impl Intercept for Capacity {
    fn name(&self) -> &'static str {
        "consumed capacity"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(query) = context.input_mut().downcast_mut::<QueryInput>() {
            query.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let output = context.output_or_error().ok();
        if let Some(query) = output.and_then(|output| output.downcast_ref::<QueryOutput>()) {
            let units = query.consumed_capacity().and_then(|c| c.capacity_units());
            *self.0.lock().unwrap_or_else(|e| e.into_inner()) += units.unwrap_or(0.0);
        }
        Ok(())
    }
}
