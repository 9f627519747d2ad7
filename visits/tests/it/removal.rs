//! The owner removes visits while others come.

use serde_json::{Value, json};
use visits::Removal;

use crate::support::Function;

#[tokio::test]
async fn what_comes_while_visits_are_removed_has_no_more_visitors_than_visits() {
    let function = Function::start().await;
    for _ in 0..40 {
        assert_eq!(function.post("{}").await.status, 201);
    }
    let removal = Removal::new("default", None, None).unwrap();
    let coming = async {
        for _ in 0..40 {
            assert_eq!(function.post("{}").await.status, 201);
        }
    };
    let (removed, ()) = tokio::join!(function.visits.log.remove(&removal), coming);
    let left = 80 - removed.unwrap();
    let summary = function.summary("").await;
    assert_eq!(summary["visits"], left);
    let uniques = summary["uniques"].as_u64().unwrap();
    assert!(uniques <= left, "{uniques} of {left}");
}

#[tokio::test]
async fn a_property_that_had_no_name_at_first_leaves_nothing_among_the_others() {
    let function = Function::start().await;
    let post = async |property: &str| {
        let body = json!({ "propertyId": property }).to_string();
        assert_eq!(function.post(&body).await.status, 201);
    };
    let remove = async |property: &str| {
        let removal = Removal::new(property, None, None).unwrap();
        function.visits.log.remove(&removal).await.unwrap()
    };
    for n in 0..50 {
        post(&format!("page-{n}/")).await;
    }
    for _ in 0..4 {
        post("late/").await;
    }
    assert_eq!(remove("page-49/").await, 1);
    for _ in 0..3 {
        post("late/").await;
    }
    assert_eq!(remove("late/").await, 7);
    let summary = function.summary("").await;
    let rows = summary["properties"].as_array().unwrap();
    let visits = |row: &Value| row["visits"].as_u64().unwrap();
    assert_eq!(rows.iter().map(visits).sum::<u64>(), 49, "{rows:?}");
}
