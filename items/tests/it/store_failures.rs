//! A store that fails gives a 503 in time, and no write is done twice.

use crate::support::{Answer, Function, ROUTES, call, event, read};
use testkit::{Fault, FaultProxy};

const SENTENCE: &str = "The store did not answer. Try again in a second.";
const ADD: &str = r#"{"operation":"update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"n":{"Action":"ADD","Value":1}}}}"#;
const READ: &str = r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#;

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_a_503_and_is_not_repeated() {
    let function = Function::start().await;
    let proxy = FaultProxy::start(&function.store).await.unwrap();
    let items = function.through(proxy.endpoint());
    let post = async |body| read(call(&items, &event(ROUTES[0], body)).await);
    for (fault, added) in [
        (Fault::AnswerLost, 1),
        (Fault::InternalError, 1),
        (Fault::Throttled, 1),
        (Fault::Silent, 1),
    ] {
        proxy.set(Some(fault));
        assert_eq!(post(ADD).await, Answer::error(503, SENTENCE), "{fault:?}");
        proxy.set(None);
        let expected = format!(r#"{{"Item":{{"id":"1","n":{added}}}}}"#);
        assert_eq!(post(READ).await, Answer::ok(&expected), "{fault:?}");
    }
    proxy.set_for(2, Fault::Throttled);
    assert_eq!(post(ADD).await, Answer::ok("{}"));
    assert_eq!(post(READ).await, Answer::ok(r#"{"Item":{"id":"1","n":2}}"#));
}

#[tokio::test]
async fn a_missing_table_is_our_mistake_and_says_nothing_of_it() {
    let function = Function::start().await;
    let mut items = function.items.clone();
    items.orders = "no-such-table".parse().unwrap();
    let answer = read(call(&items, &event(ROUTES[0], READ)).await);
    assert_eq!(
        answer,
        Answer::error(500, "Something went wrong on our side.")
    );
}
