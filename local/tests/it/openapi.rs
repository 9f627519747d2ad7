//! The document of the API.

use serde_json::Value;

use crate::program::Program;

#[tokio::test]
async fn the_document_is_served_and_each_reference_leads_somewhere() {
    let program = Program::start(&["--in-memory"]);
    let answer = program.get("/openapi.json").await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let document: Value = answer.json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = 0;
    references(&document, &mut |reference| {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
        found += 1;
    });
    assert!(found > 100, "{found}");
}

#[test]
fn each_route_is_described_and_says_who_may_call_it() {
    let document = local::openapi::document();
    let stack = local::stack::description();
    let mut described = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.push(format!("{} {path}", method.to_uppercase()));
            let is_owners = operation["security"].is_array();
            assert_eq!(operation["responses"]["401"].is_object(), is_owners);
        }
    }
    let routes = stack["routes"].as_object().unwrap();
    let mut routes: Vec<_> = routes
        .keys()
        .map(|key| key.replace("{proxy+}", "{id}"))
        .collect();
    described.sort();
    routes.sort();
    assert_eq!(described, routes);
}

fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(reference) if name == "$ref" => found(reference),
                    _ => references(value, found),
                }
            }
        }
        _ => {}
    }
}
