//! A store that fails gives 503 inside the function's three seconds, counts
//! nothing twice, and is used again when it is back.

use std::iter;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::{Answer, Function, call, event};
use counter::Hits;
use testkit::{Fault, FaultProxy};

const TIMEOUT: Duration = Duration::from_secs(3);

struct Failing {
    function: Function,
    proxy: FaultProxy,
    hits: Hits,
}

impl Failing {
    /// A function that has reached its store once, through a proxy.
    async fn start() -> Self {
        let function = Function::start().await;
        let proxy = FaultProxy::start(&function.store).await.unwrap();
        let hits = function.through(proxy.endpoint());
        let failing = Self {
            function,
            proxy,
            hits,
        };
        assert_eq!(failing.get().await, Answer::ok(r#"{"count":1}"#));
        failing
    }

    async fn get(&self) -> Answer {
        let started = Instant::now();
        let response = call(&self.hits, &event("path=p")).await;
        assert!(started.elapsed() < TIMEOUT, "the function would be killed");
        assert_eq!(
            response.headers().get("retry-after").map(|v| v.as_bytes()),
            (response.status() == 503).then_some(b"1".as_slice())
        );
        Answer::read(response)
    }

    async fn stored(&self) -> Answer {
        self.function.get("path=p&mode=read").await
    }

    async fn fails_with(&self, fault: Fault) {
        self.proxy.set(Some(fault));
        let sentence = "The store did not answer. Try again in a second.";
        assert_eq!(self.get().await, Answer::error(503, sentence));
        self.proxy.set(None);
    }
}

#[tokio::test]
async fn throttling_is_waited_out_and_counts_once() {
    let failing = Failing::start().await;
    failing.proxy.set_for(3, Fault::Throttled);
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn endless_throttling_is_a_503_after_several_tries() {
    let failing = Failing::start().await;
    failing.fails_with(Fault::Throttled).await;
    assert_eq!(failing.proxy.calls(), 5, "the first hit, and four tries");
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn a_broken_store_is_a_503_and_is_not_asked_twice() {
    let failing = Failing::start().await;
    failing.fails_with(Fault::InternalError).await;
    assert_eq!(failing.proxy.calls(), 2, "the first hit, and one try");
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn a_lost_answer_is_a_503_and_the_hit_counts_once() {
    let failing = Failing::start().await;
    failing.fails_with(Fault::AnswerLost).await;
    assert_eq!(failing.stored().await, Answer::ok(r#"{"count":2}"#));
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":3}"#));
}

#[tokio::test]
async fn a_silent_store_is_a_503_in_time() {
    let failing = Failing::start().await;
    failing.fails_with(Fault::Silent).await;
    assert_eq!(failing.stored().await, Answer::ok(r#"{"count":1}"#));
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn a_store_that_refuses_connections_is_a_503() {
    let mut failing = Failing::start().await;
    failing.proxy.refuse().await;
    assert_eq!(failing.get().await.status, 503);
    assert_eq!(failing.stored().await, Answer::ok(r#"{"count":1}"#));
    failing.proxy.accept().await.unwrap();
    assert_eq!(failing.get().await, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_the_hit_counts_once() {
    let mut failing = Failing::start().await;
    failing.proxy.refuse().await;
    let event = event("path=p");
    let (response, accepted) = tokio::join!(call(&failing.hits, &event), async {
        // The first try has been refused by then; the others come later, at
        // random moments of the next 350 ms.
        tokio::time::sleep(Duration::from_millis(5)).await;
        failing.proxy.accept().await
    });
    accepted.unwrap();
    assert_eq!(Answer::read(response), Answer::ok(r#"{"count":2}"#));
    assert_eq!(failing.proxy.calls(), 2, "the first hit, and one try");
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up_and_tried_again() {
    let function = Function::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hits = function.through(format!("https://{}", silent.local_addr().unwrap()));
    let started = Instant::now();
    assert_eq!(call(&hits, &event("path=p")).await.status(), 503);
    assert!(started.elapsed() < TIMEOUT, "the function would be killed");
    silent.set_nonblocking(true).unwrap();
    let tries = iter::from_fn(|| silent.accept().ok()).count();
    assert!(tries > 1, "{tries} connections");
}

#[tokio::test]
async fn a_missing_table_is_our_mistake_and_says_nothing_of_it() {
    let function = Function::start().await;
    let client = function.store.config().client().unwrap();
    let hits = Hits::new(client, "no-such-table");
    let answer = Answer::read(call(&hits, &event("path=p")).await);
    assert_eq!(
        answer,
        Answer::error(500, "Something went wrong on our side.")
    );
}
