//! The Lambda behind `POST /order` and `POST /dynamodbmanager`, which may also be
//! invoked directly: wiring only.

use backend::{Owner, dynamodb, event, telemetry};
use items::{Items, Tables};
use lambda_http::{Error, Request, service_fn};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

// One request at a time is all that Lambda sends, so one thread is the fastest.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let items = &Items {
        client: dynamodb::Config::from_env()?.client()?,
        owner: Owner::from_env()?,
        orders: Tables::from_env("ORDER_TABLES")?,
        managed: Tables::from_env("MANAGER_TABLES")?,
    };
    items.connect().await;
    let handler = service_fn(|request: Request| async move {
        let response = telemetry::logged(request, |r| items::handle(items, r)).await;
        Ok::<_, Error>(response)
    });
    event::run_invocable(handler, |event| async move {
        telemetry::logged_invocation(items::invoke(items, &event)).await
    })
    .await
}
