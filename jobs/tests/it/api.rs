//! The routes of the API, with their answers to the letter.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::support::{Answer, Jobs, NOW, call, event, failed};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const OFFER: &str =
    r#"{"city":"Lyon","company_name":"Pain et Cie","title":"Boulanger","contract_type":"CDI"}"#;

async fn create(jobs: &Jobs, body: &str) -> String {
    let answer = jobs.post(body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

/// Stores offers as rows of files are, 50 a batch.
async fn store(jobs: &Jobs, offers: &[Value]) {
    for batch in offers.chunks(50) {
        let records = batch
            .iter()
            .map(|offer| json!({ "messageId": offer["id"], "body": offer.to_string() }));
        let event = json!({ "Records": records.collect::<Vec<_>>() });
        assert!(failed(&jobs.store, event).await.is_empty());
    }
}

/// The offers of each page, from the first to the one without a link.
async fn pages(jobs: &Jobs, query: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(query.to_owned());
    while let Some(query) = next {
        let mut event = event("list");
        event["rawQueryString"] = query.into();
        let answer = call(&jobs.api, &event).await;
        let link = answer.headers().get("link").map(|l| l.to_str().unwrap());
        next = link.map(|link| {
            // API Gateway takes no longer request.
            assert!(link.len() < 8_192, "{}", link.len());
            let link = link.strip_prefix("</v1/jobs?").unwrap();
            link.strip_suffix(">; rel=\"next\"").unwrap().to_owned()
        });
        let answer = Answer::read(answer);
        assert_eq!(answer.status, 200, "{}", answer.body);
        pages.push(answer.body.as_array().unwrap().clone());
    }
    pages
}

fn not_found() -> Answer {
    Answer::error(404, "There is no such job offer.")
}

#[tokio::test]
async fn health_is_an_empty_list() {
    let jobs = Jobs::start().await;
    let answer = jobs.send(&event("health")).await;
    assert_eq!((answer.status, answer.body), (200, json!([])));
}

#[tokio::test]
async fn a_new_offer_is_whole_and_is_where_its_location_says() {
    let jobs = Jobs::start().await;
    let mut event = event("post");
    event["body"] = r#"{"city":" Lyon ","company_name":"Pain et Cie","title":"Boulanger","contract_type":"CDI","url":"https://jobs.example/1","keyword":"pain"}"#.into();
    let answer = call(&jobs.api, &event).await;
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let answer = Answer::read(answer);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id,
        "city": "Lyon",
        "company_name": "Pain et Cie",
        "title": "Boulanger",
        "url": "https://jobs.example/1",
        "contract_type": "CDI",
        "keyword": "pain",
        "created_date": "2026-11-21",
    });
    assert_eq!((answer.status, &answer.body), (201, &expected));
    assert_eq!(location, format!("/v1/jobs/{id}"));
    let read = jobs.on("get", &id, None).await;
    assert_eq!((read.status, read.body), (200, expected));
}

#[tokio::test]
async fn an_offer_needs_no_more_than_its_four_required_fields() {
    let jobs = Jobs::start().await;
    let answer = jobs.send(&event("post")).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body.as_object().unwrap().len(), 6);
}

#[tokio::test]
async fn all_faults_of_a_body_are_named_at_once() {
    let jobs = Jobs::start().await;
    let long = "x".repeat(2_049);
    let body =
        json!({ "id": "1", "title": "  ", "salary": "1", "keyword": 7, "url": long, "city": null });
    assert_eq!(
        jobs.post(&body.to_string()).await,
        Answer::error(
            422,
            "The job offer cannot be taken: `city` has to be a string; `keyword` has to be a \
             string; `salary` is no field of a job offer; `title` is empty; `url` is 2049 bytes \
             long where at most 2048 are allowed; `id` cannot be chosen: leave it out; \
             `company_name` is missing; `contract_type` is missing."
        )
    );
    assert_eq!(jobs.get("").await.body, json!([]));
}

#[tokio::test]
async fn control_characters_are_refused_in_new_offers_and_in_changes() {
    let jobs = Jobs::start().await;
    let created = jobs.send(&event("post")).await.body;
    let id = created["id"].as_str().unwrap();
    for character in ["\u{1}", "\n", "\u{7f}", "\u{9f}"] {
        let title = format!("a{character}b");
        let body = json!({ "title": title }).to_string();
        let sentence = "The job offer cannot be taken: `title` contains a control character.";
        let refused = Answer::error(422, sentence);
        assert_eq!(jobs.on("put", id, Some(&body)).await, refused);
        let mut new = json!({ "city": "Lyon", "company_name": "x", "contract_type": "CDI" });
        new["title"] = title.into();
        assert_eq!(jobs.post(&new.to_string()).await, refused);
    }
}

/// Files of before brought any character.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_leads_on_whatever_the_offers_are_called() {
    let jobs = Jobs::start().await;
    let names = ["\u{1}", "\"", "é"].map(|name| name.repeat(1_024 / name.len() - 1));
    let offers = names.iter().flat_map(|name| {
        let offer = |n: &str| json!({ "id": format!("{n}{name}"), "city": name, "keyword": name });
        [offer("1"), offer("2")]
    });
    store(&jobs, &offers.collect::<Vec<_>>()).await;
    let sizes = |pages: Vec<Vec<Value>>| pages.iter().map(Vec::len).sum::<usize>();
    assert_eq!(sizes(pages(&jobs, "limit=1").await), 6);
    for name in &names {
        let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
        for query in ["city", "keyword"] {
            assert_eq!(
                sizes(pages(&jobs, &format!("{query}={name}&limit=1")).await),
                2
            );
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_a_400() {
    let jobs = Jobs::start().await;
    for body in ["", "[]", "{", "\"x\""] {
        assert_eq!(jobs.post(body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn an_unknown_id_is_a_404_at_once() {
    let jobs = Jobs::start().await;
    let started = Instant::now();
    for (method, body) in [
        ("get", None),
        ("put", Some(r#"{"title":"x"}"#)),
        ("delete", None),
    ] {
        for id in ["unknown", "", &"x".repeat(3_000)] {
            assert_eq!(jobs.on(method, id, body).await, not_found(), "{method}");
        }
    }
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn put_changes_what_it_names_and_nothing_else() {
    let jobs = Jobs::start().await;
    let id = create(&jobs, OFFER).await;
    let body = r#"{"title":"Boulangère","provider":"site"}"#;
    let changed = jobs.on("put", &id, Some(body)).await;
    let expected = json!({
        "id": id,
        "city": "Lyon",
        "company_name": "Pain et Cie",
        "title": "Boulangère",
        "contract_type": "CDI",
        "created_date": "2026-11-21",
        "provider": "site",
    });
    assert_eq!((changed.status, &changed.body), (200, &expected));
    assert_eq!(jobs.on("get", &id, None).await.body, expected);
    let whole = jobs.on("put", &id, Some(&expected.to_string())).await;
    assert_eq!((whole.status, whole.body), (200, expected));
}

#[tokio::test]
async fn an_offers_id_and_city_cannot_change() {
    let jobs = Jobs::start().await;
    let id = create(&jobs, OFFER).await;
    let body = r#"{"id":"other","city":"Oslo","title":""}"#;
    assert_eq!(
        jobs.on("put", &id, Some(body)).await,
        Answer::error(
            422,
            "The job offer cannot be taken: `title` is empty; `id` cannot change; `city` cannot \
             change."
        )
    );
    assert_eq!(
        jobs.on("put", &id, Some("{}")).await,
        Answer::error(
            422,
            "The job offer cannot be taken: there is nothing to change."
        )
    );
}

#[tokio::test]
async fn a_deleted_offer_is_gone() {
    let jobs = Jobs::start().await;
    let id = create(&jobs, OFFER).await;
    let mut event = event("delete");
    event["pathParameters"]["proxy"] = id.clone().into();
    let answer = call(&jobs.api, &event).await;
    assert_eq!(answer.status(), 204);
    assert!(answer.body().is_empty());
    for method in ["delete", "get"] {
        assert_eq!(jobs.on(method, &id, None).await, not_found());
    }
}

#[tokio::test]
async fn only_the_owner_writes() {
    let jobs = Jobs::start().await;
    for name in ["post", "put", "delete"] {
        let mut event = event(name);
        event["headers"]["authorization"] = "Bearer guessed".into();
        let answer = jobs.send(&event).await;
        assert_eq!(
            answer,
            Answer::error(
                401,
                "Only the owner may do this: send `Authorization: Bearer <token>`."
            )
        );
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_city_and_keyword() {
    let jobs = Jobs::start().await;
    for (city, keyword) in [
        ("Lyon", "data"),
        ("Lyon", "pain"),
        ("Oslo", "data"),
        ("Lyon", ""),
    ] {
        let mut body: Value = serde_json::from_str(OFFER).unwrap();
        body["city"] = city.into();
        if !keyword.is_empty() {
            body["keyword"] = keyword.into();
        }
        create(&jobs, &body.to_string()).await;
    }
    for (query, count) in [
        ("", 4),
        ("city=&keyword=", 4),
        ("city=Lyon", 3),
        ("keyword=data", 2),
        ("city=Lyon&keyword=data", 1),
        ("city=Oslo&keyword=pain", 0),
        ("city=L%27Ha%C3%BF-les-Roses", 0),
    ] {
        let answer = jobs.get(query).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body.as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_through_five_thousand_offers_returns_each_once() {
    let jobs = Jobs::start().await;
    let offers = (0..5_000).map(|n| {
        let city = ["Lyon", "Saint-Étienne"][n % 2];
        let contract_type = ["CDI", "Stage & thèse"][n % 5 / 4];
        json!({
            "id": n.to_string(),
            "city": city,
            "keyword": "data engineer",
            "contract_type": contract_type,
        })
    });
    store(&jobs, &offers.collect::<Vec<_>>()).await;
    for (query, expected) in [
        ("limit=999", 5_000),
        ("city=Saint-%C3%89tienne&limit=1000", 2_500),
        ("keyword=data+engineer", 5_000),
        ("keyword=data+engineer&city=Lyon&limit=500", 2_500),
        ("contract_type=CDI&limit=300", 4_000),
        ("contract_type=Stage+%26+th%C3%A8se&limit=1000", 1_000),
        ("contract_type=CDI&city=Lyon&limit=300", 2_000),
        ("contract_type=CDI&keyword=data+engineer", 4_000),
        ("contract_type=CDI&keyword=data+engineer&city=Lyon", 2_000),
    ] {
        let read = pages(&jobs, query).await.concat();
        let seen: HashSet<_> = read.iter().map(|offer| offer["id"].to_string()).collect();
        assert_eq!((seen.len(), read.len()), (expected, expected), "{query}");
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_contract_type() {
    let jobs = Jobs::start().await;
    let stage = json!({ "id": "1", "city": "Lyon", "keyword": "pain", "contract_type": "Stage" });
    let other = json!({ "id": "2", "city": "Lyon", "keyword": "pain", "contract_type": "CDI" });
    let none = json!({ "id": "3", "city": "Lyon", "keyword": "pain" });
    store(&jobs, &[stage.clone(), other, none]).await;
    for query in [
        "contract_type=Stage",
        "contract_type=Stage&city=Lyon",
        "contract_type=Stage&keyword=pain",
        "contract_type=Stage&city=Lyon&keyword=pain",
    ] {
        let expected = Answer {
            status: 200,
            body: json!([stage]),
        };
        assert_eq!(jobs.get(query).await, expected, "{query}");
    }
    for (query, count) in [
        ("contract_type=", 3),
        ("contract_type=stage", 0),
        ("contract_type=Stage&city=Oslo", 0),
    ] {
        let body = jobs.get(query).await.body;
        assert_eq!(body.as_array().unwrap().len(), count, "{query}");
    }
}

/// The one that is asked for may lie behind hundreds of others.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_an_offer_leads_on_to_those_that_have_one() {
    let jobs = Jobs::start().await;
    let offers = (0..500).map(|n| {
        let contract_type = if n == 450 { "Stage" } else { "CDI" };
        json!({ "id": format!("{n:04}"), "city": "Lyon", "contract_type": contract_type })
    });
    store(&jobs, &offers.collect::<Vec<_>>()).await;
    // A city's offers are in the order of their ids, and 200 are read a page.
    let pages = pages(&jobs, "contract_type=Stage&city=Lyon&limit=10").await;
    let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [0, 0, 1]);
    assert_eq!(pages[2][0]["id"], "0450");
}

#[tokio::test]
async fn a_bad_query_is_a_400_that_says_what_to_mend() {
    let jobs = Jobs::start().await;
    let cursor = "`cursor` has to be that of the page before, unchanged.";
    for (query, sentence) in [
        (
            "limit=0",
            "`limit` has to be a whole number from 1 to 1000.",
        ),
        (
            "limit=1001",
            "`limit` has to be a whole number from 1 to 1000.",
        ),
        (
            "limit=ten",
            "`limit` has to be a whole number from 1 to 1000.",
        ),
        (
            &format!("contract_type={}", "x".repeat(2_049)),
            "`contract_type` is 2049 bytes long: at most 2048 are allowed.",
        ),
        ("cursor=x", cursor),
        ("cursor=WyIiLCIiXQ", cursor),
        ("cursor=WyIxIiwiTHlvbiJd", cursor),
        ("city=Oslo&cursor=AAExTHlvbg", cursor),
        (
            &format!("keyword={0}&city={0}", "%C3%A9".repeat(500)),
            "`city`, `keyword` and `contract_type` are longer than 5000 characters together in the URL: shorten them.",
        ),
        (
            "city=a&city=b",
            "`city` is given more than once: send it once.",
        ),
    ] {
        assert_eq!(
            jobs.get(query).await,
            Answer::error(400, sentence),
            "{query}"
        );
    }
}

#[tokio::test]
async fn what_the_owner_wrote_is_not_undone_by_an_older_file() {
    let jobs = Jobs::start().await;
    let message = |version: &str, title: &str| {
        let body = json!({ "id": "1", "city": "Lyon", "title": title });
        json!({ "Records": [{
            "messageId": "m",
            "body": body.to_string(),
            "messageAttributes": { "version": { "stringValue": version } },
        }] })
    };
    let file = message("2026-11-20T10:30:00.000Z#000000000002", "file");
    failed(&jobs.store, file.clone()).await;
    jobs.on("put", "1", Some(r#"{"title":"owner"}"#)).await;
    failed(&jobs.store, file).await;
    assert_eq!(jobs.on("get", "1", None).await.body["title"], "owner");
    assert!(NOW < "2026-11-22");
    let newer = message("2026-11-22T10:30:00.000Z#000000000002", "newer file");
    failed(&jobs.store, newer).await;
    assert_eq!(jobs.on("get", "1", None).await.body["title"], "newer file");
}
