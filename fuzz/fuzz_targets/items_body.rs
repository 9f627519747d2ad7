//! Any body at all is a call or the client's mistake, never ours, and an item
//! that is taken is written again as it was read.

#![no_main]

use backend::Error;
use items::{Call, Item, Operation};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fuzz_target!(|body: &str| {
    let Ok(body) = serde_json::from_str::<&RawValue>(body) else {
        return;
    };
    match parse(body) {
        Ok(Operation::Create(input)) => {
            let item = input.get_item().clone().expect("`Item` is required");
            let json = serde_json::to_string(&Item(item.clone())).expect("items serialize");
            let again = format!(r#"{{"operation":"create","payload":{{"Item":{json}}}}}"#);
            let again = RawValue::from_string(again).expect("JSON");
            let Ok(Operation::Create(again)) = parse(&again) else {
                panic!("{json} is not taken again");
            };
            assert_eq!(again.get_item().as_ref(), Some(&item));
        }
        Ok(_) => {}
        Err(error) => assert!(
            matches!(error, Error::BadRequest(_) | Error::Unprocessable(_)),
            "{error}"
        ),
    }
});

fn parse(body: &RawValue) -> Result<Operation, Error> {
    Call::parse(body).map(|call| call.operation)
}
