//! The Lambda that takes messages from the queue: wiring only.

use backend::dynamodb::Config;
use backend::{environment, telemetry};
use jobs::{Log, Offers, QueueEvent, Store, clients, store};
use lambda_http::lambda_runtime::{self, Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = clients::dynamodb(&Config::from_env()?)?;
    let log = environment::required("JOBS_LOG_TABLE")?;
    let function = &Store {
        offers: Offers::new(client.clone(), environment::required("JOBS_TABLE")?),
        log: Log::new(client, log, jiff::Timestamp::now),
        s3: clients::s3(&Config::from_env_for("AWS_ENDPOINT_URL_S3")?)?,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<QueueEvent>| async move {
        Ok::<_, Error>(store(function, event.payload).await)
    }))
    .await
}
