//! The functions' own metrics in CloudWatch. A count is a line of the log in
//! the embedded metric format, so it costs no call and no time of its own:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::json;

use crate::environment;

/// Something that is counted. A function leaves one in the extensions of its
/// response, and it is counted once the request is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Metric {
    /// Processes that started.
    ColdStarts,
    /// Hits of pages.
    Hits,
    /// Requests that were the client's mistake.
    Rejected,
    /// Rows of files that were rejected.
    RejectedRows,
    /// Visits stored.
    Visits,
}

/// The namespace of the metrics; unset on one machine, where nothing is
/// counted.
static NAMESPACE: OnceLock<String> = OnceLock::new();

/// Starts counting, if `METRICS_NAMESPACE` is set.
pub(crate) fn init() {
    if let Some(namespace) = environment::optional("METRICS_NAMESPACE") {
        NAMESPACE.get_or_init(|| namespace);
        count(Metric::ColdStarts, 1);
    }
}

/// Adds `amount` to a metric.
pub fn count(metric: Metric, amount: u64) {
    if let Some(namespace) = NAMESPACE.get().filter(|_| amount > 0) {
        println!("{}", line(namespace, metric, amount));
    }
}

/// No dimensions, because CloudWatch's price is by their combinations.
fn line(namespace: &str, metric: Metric, amount: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let name = json!(metric);
    let name = name.as_str().expect("variants serialize as their names");
    json!({
        "_aws": {
            "Timestamp": now.map_or(0, |now| now.as_millis() as u64),
            "CloudWatchMetrics": [{
                "Namespace": namespace,
                "Dimensions": [[]],
                "Metrics": [{ "Name": name, "Unit": "Count" }],
            }],
        },
        name: amount,
    })
    .to_string()
}
