//! The Lambda behind `GET /counter`: wiring only.

use backend::{Bounds, dynamodb, environment, event, telemetry};
use counter::Hits;
use lambda_http::{Error, Request, service_fn};
use mimalloc::MiMalloc;

// A call makes a thousand small allocations, and glibc's take a tenth of its CPU.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

// One request at a time is all that Lambda sends, so one thread is the fastest.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = dynamodb::Config::from_env()?.client()?;
    let hits = Hits::new(client, environment::required("DYNAMODB_TABLE")?);
    let hits = &hits.within(Bounds::from_env()?);
    hits.connect().await;
    event::run(service_fn(|request: Request| async move {
        let response = telemetry::logged(request, |r| counter::handle(hits, r)).await;
        Ok::<_, Error>(response)
    }))
    .await
}
