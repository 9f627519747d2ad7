//! The Lambda that takes messages from the queue: wiring only.

use backend::dynamodb::Config;
use backend::{environment, telemetry};
use jobs::{Offers, QueueEvent, clients, store};
use lambda_http::lambda_runtime::{self, Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = clients::dynamodb(&Config::from_env()?)?;
    let offers = &Offers::new(client, environment::required("JOBS_TABLE")?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<QueueEvent>| async move {
        Ok::<_, Error>(store(offers, event.payload).await)
    }))
    .await
}
