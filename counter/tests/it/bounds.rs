//! The bounds of counting: the hosts, and the number of pages.

use std::num::NonZeroU64;

use backend::Bounds;
use counter::Hits;
use tokio::task::JoinSet;

use crate::runtime::run;
use crate::support::{Answer, Function, TABLE, call, event};

impl Function {
    fn within(&self, hosts: &[&str], pages: u64) -> Hits {
        let hits = Hits::new(self.store.config().client().unwrap(), TABLE);
        hits.within(Bounds::new(hosts, NonZeroU64::new(pages)))
    }

    async fn pages(&self) -> usize {
        let mut pages = 0;
        let each = |_| {
            pages += 1;
            Ok::<_, backend::Error>(())
        };
        self.hits.export(each).await.unwrap();
        pages
    }
}

async fn get(hits: &Hits, query: &str) -> Answer {
    Answer::read(call(hits, &event(query)).await)
}

#[tokio::test]
async fn a_thousand_new_pages_at_once_fill_a_table_exactly_while_a_known_one_counts_on() {
    let function = Function::start().await;
    let hits = function.within(&[], 100);
    assert_eq!(get(&hits, "path=known").await.status, 200);
    let mut calls = JoinSet::new();
    for n in 0..10_000 {
        let hits = hits.clone();
        calls.spawn(async move { get(&hits, "path=known").await.status });
        if n % 10 == 0 {
            let hits = hits_of(&function);
            calls.spawn(async move { get(&hits, &format!("path=new/{n}")).await.status });
        }
    }
    let statuses = calls.join_all().await;
    let refused = statuses.iter().filter(|status| **status == 403).count();
    assert_eq!(refused, 901);
    assert_eq!(statuses.len() - refused, 10_099);
    assert_eq!(function.pages().await, 100);
    let known = get(&hits, "path=known&mode=read").await;
    assert_eq!(known, Answer::ok(r#"{"count":10001}"#));
    let sentence = "This table has room for 100 pages, and all are taken: those that are known go on counting.";
    assert_eq!(
        get(&hits, "path=another").await,
        Answer::error(403, sentence)
    );
    let unknown = get(&hits, "path=another&mode=read").await;
    assert_eq!(unknown, Answer::ok(r#"{"count":0}"#));
}

fn hits_of(function: &Function) -> Hits {
    function.within(&[], 100)
}

#[tokio::test]
async fn pages_of_other_hosts_are_refused_with_a_sentence() {
    let function = Function::start().await;
    let hits = function.within(&["Example.com", "127.0.0.1:3000"], 10);
    for page in [
        "example.com/",
        "EXAMPLE.COM:443/cv",
        "example.com",
        "127.0.0.1:3000/",
    ] {
        let answer = get(&hits, &format!("path={page}")).await;
        assert_eq!(answer.status, 200, "{page}");
    }
    for page in [
        "other.example/",
        "example.com.other.example/",
        "127.0.0.1:3001/",
        "/",
        "%20pages",
    ] {
        let answer = get(&hits, &format!("path={page}")).await;
        let sentence = "Pages of this host are not counted here.";
        assert_eq!(answer, Answer::error(403, sentence), "{page}");
    }
}

#[tokio::test]
async fn a_table_that_was_used_before_pages_were_counted_is_counted_once() {
    let function = Function::start().await;
    for page in ["a", "b", "c"] {
        function.get(&format!("path={page}")).await;
    }
    let client = function.store.config().client().unwrap();
    let pages = aws_sdk_dynamodb::types::AttributeValue::S(" pages".to_owned());
    let delete = client.delete_item().table_name(TABLE).key("path", pages);
    delete.send().await.unwrap();

    let hits = function.within(&[], 4);
    hits.take_stock().await.unwrap();
    hits.take_stock().await.unwrap();
    assert_eq!(get(&hits, "path=d").await.status, 200);
    assert_eq!(get(&hits, "path=e").await.status, 403);
}

#[tokio::test]
async fn what_a_browser_asks_ahead_of_a_view_is_read() {
    let function = Function::start().await;
    let mut ahead: serde_json::Value = serde_json::from_str(&event("path=a")).unwrap();
    ahead["headers"]["sec-purpose"] = "prefetch".into();
    let answer = function.event(&ahead.to_string()).await;
    assert_eq!(answer, Answer::ok(r#"{"count":0}"#));
    assert_eq!(function.get("path=a").await, Answer::ok(r#"{"count":1}"#));
}

#[tokio::test]
async fn a_deployed_function_keeps_its_bounds_and_cloudfront_gets_a_403_that_it_will_not_replace() {
    let function = Function::start().await;
    let mut through_cdn: serde_json::Value =
        serde_json::from_str(&event("path=b.example/")).unwrap();
    through_cdn["headers"]["x-cdn"] = "cloudfront".into();
    let events = [
        event("path=example.com/"),
        event("path=example.net/"),
        event("path=example.com/more"),
        event("path=b.example/"),
        through_cdn.to_string(),
    ];
    let variables = [
        ("COUNTED_HOSTS", "example.com,example.net"),
        ("MAX_PAGES", "2"),
    ];
    let answers = run(&function, &events, &variables).await.answers;
    let seen = answers.iter().map(|answer| {
        let status = answer["statusCode"].as_u64().unwrap();
        (
            status,
            answer["headers"]["x-status"].as_str(),
            answer["body"].as_str().unwrap(),
        )
    });
    let full = r#"{"message":"This table has room for 2 pages, and all are taken: those that are known go on counting."}"#;
    let other = r#"{"message":"Pages of this host are not counted here."}"#;
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            (200, None, r#"{"count":1}"#),
            (200, None, r#"{"count":1}"#),
            (403, None, full),
            (403, None, other),
            (200, Some("403"), other),
        ]
    );
}

#[tokio::test]
async fn without_a_limit_there_is_no_count_of_pages() {
    let function = Function::start().await;
    let hits = function.within(&[], 0);
    for expected in [1, 2] {
        let answer = get(&hits, "path=a").await;
        assert_eq!(answer, Answer::ok(&format!(r#"{{"count":{expected}}}"#)));
    }
    let client = function.store.config().client().unwrap();
    let items = client.scan().table_name(TABLE).send().await.unwrap();
    assert_eq!(items.count(), 1);
}
