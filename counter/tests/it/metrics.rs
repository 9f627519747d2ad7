//! The lines that the deployed program prints for CloudWatch to count.

use serde_json::{Value, json};

use crate::runtime::run;
use crate::support::{Function, event};

/// The lines of the log that are metrics, without their times.
fn metrics(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line.get("_aws").is_some())
        .map(|mut line| {
            let time = line["_aws"]["Timestamp"].take();
            assert!(
                time.as_u64() > Some(1_700_000_000_000),
                "in milliseconds: {time}"
            );
            line
        })
        .collect()
}

fn metric(name: &str) -> Value {
    json!({
        "_aws": {
            "Timestamp": null,
            "CloudWatchMetrics": [{
                "Namespace": "resume-counter",
                "Dimensions": [[]],
                "Metrics": [{ "Name": name, "Unit": "Count" }],
            }],
        },
        name: 1,
    })
}

#[tokio::test]
async fn a_start_a_hit_and_a_rejected_request_are_counted_and_a_read_is_not() {
    let function = Function::start().await;
    let queries = ["path=example.com/", "path=example.com/&mode=read", ""];
    let variables = [("METRICS_NAMESPACE", "resume-counter")];
    let run = run(&function, &queries.map(event), &variables).await;
    assert_eq!(
        metrics(&run.log),
        ["ColdStarts", "Hits", "Rejected"].map(metric)
    );
}
