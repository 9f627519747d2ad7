//! The units of DynamoDB that a visit costs: `checks/cost.py` reckons with them.

use std::mem::take;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsInput, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use serde_json::{Value, json};
use testkit::Answer;
use visits::{Salts, Visits, Zone};

use crate::support::{Function, call, event};

/// Calls and their units, as the store says them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Units {
    transactions: u32,
    writes: f64,
    reads: f64,
}

#[derive(Clone, Debug, Default)]
struct Meter(Arc<Mutex<Units>>);

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "consumed units"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input_mut();
        let total = Some(ReturnConsumedCapacity::Total);
        if let Some(read) = input.downcast_mut::<GetItemInput>() {
            read.return_consumed_capacity = total;
        } else if let Some(writes) = input.downcast_mut::<TransactWriteItemsInput>() {
            writes.return_consumed_capacity = total;
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let units = |one: &ConsumedCapacity| one.capacity_units().unwrap();
        let Ok(output) = context.output_or_error() else {
            return Ok(());
        };
        let mut sum = self.0.lock().unwrap();
        if let Some(read) = output.downcast_ref::<GetItemOutput>() {
            sum.reads += units(read.consumed_capacity().unwrap());
        } else if let Some(writes) = output.downcast_ref::<TransactWriteItemsOutput>() {
            sum.transactions += 1;
            sum.writes += writes.consumed_capacity().iter().map(units).sum::<f64>();
        }
        Ok(())
    }
}

/// The page's own report: each comes from somebody else, under a key of its own.
async fn visit(visits: &Visits, n: usize, body: Value) {
    let mut event = event("POST /visits");
    event["requestContext"]["http"]["sourceIp"] = format!("198.51.100.{n}").into();
    event["headers"]["idempotency-key"] = format!("00000000-0000-4000-8000-{n:012}").into();
    event["body"] = body.to_string().into();
    let answer = Answer::read(call(visits, &event).await);
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[tokio::test]
async fn a_visit_is_one_transaction_of_ten_units_and_two_reads_and_by_a_link_one_read_more() {
    let function = Function::start().await;
    let mut codes = Vec::new();
    for company in ["Acme", "Bricks", "Cranes"] {
        let label = json!({ "label": format!("{company}, backend") }).to_string();
        let link = function.add_link(&label).await.body["link"].clone();
        codes.push(link);
    }
    let meter = Meter::default();
    let config = function.client.config().to_builder();
    let client = Client::from_conf(config.interceptor(meter.clone()).build());
    let visits = Visits {
        log: visits::Log::new(client.clone(), "visits")
            .by("Europe/Berlin".parse::<Zone>().unwrap()),
        salts: Salts::new(client, "visits-salts"),
        ..function.visits.clone()
    };
    let property = "okonjo.example.com/";
    let of = |place: &str, source: &str| json!({ "propertyId": property, "place": place, "source": source });
    // The property's first visit makes it known.
    visit(&visits, 0, of("Leeds, GB", "linkedin.com")).await;
    take(&mut *meter.0.lock().unwrap());

    // A busy day of a page: ten towns, five sources, three links.
    let towns = [
        "Leeds, GB",
        "Porto, PT",
        "Lyon, FR",
        "Oslo, NO",
        "Bristol, GB",
    ];
    let others = [
        "Berlin, DE",
        "Dublin, IE",
        "Lagos, NG",
        "Toronto, CA",
        "Amsterdam, NL",
    ];
    let sources = [
        "linkedin.com",
        "google.com",
        "github.com",
        "chatgpt.com",
        "news.ycombinator.com",
    ];
    for (n, place) in towns.iter().chain(&others).enumerate() {
        let mut report = of(place, sources[n % sources.len()]);
        visit(&visits, 2 * n + 1, report.clone()).await;
        let plain = take(&mut *meter.0.lock().unwrap());
        let expected = Units {
            transactions: 1,
            writes: 10.0,
            reads: 2.0,
        };
        assert_eq!(plain, expected, "{report}");

        report["link"] = codes[n % codes.len()].clone();
        visit(&visits, 2 * n + 2, report.clone()).await;
        let by_a_link = take(&mut *meter.0.lock().unwrap());
        let expected = Units {
            transactions: 1,
            writes: 10.0,
            reads: 3.0,
        };
        assert_eq!(by_a_link, expected, "{report}");
    }
}
