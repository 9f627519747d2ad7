//! The payload of each operation: parameters of DynamoDB's own operation, under
//! their own names. Only these are taken.

use std::collections::HashMap;
use std::num::NonZeroU32;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{AttributeAction, AttributeValueUpdate, ReturnValue};
use backend::Error;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::object::{Members, object};
use crate::value::{Attributes, attributes, value};

type Names = Option<Members<String>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Create<'a> {
    #[serde(borrow)]
    item: &'a RawValue,
    condition_expression: Option<String>,
    expression_attribute_names: Names,
    expression_attribute_values: Option<&'a RawValue>,
    return_values: Option<String>,
}

impl Create<'_> {
    pub(crate) fn input(self) -> Result<PutItemInputBuilder, Error> {
        Ok(PutItemInputBuilder::default()
            .set_item(Some(attributes("Item", self.item)?))
            .set_condition_expression(self.condition_expression)
            .set_expression_attribute_names(names(self.expression_attribute_names))
            .set_expression_attribute_values(values(self.expression_attribute_values)?)
            .set_return_values(return_values(self.return_values, OLD)?))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Read<'a> {
    #[serde(borrow)]
    key: &'a RawValue,
    projection_expression: Option<String>,
    expression_attribute_names: Names,
    consistent_read: Option<bool>,
}

impl Read<'_> {
    pub(crate) fn input(self) -> Result<GetItemInputBuilder, Error> {
        Ok(GetItemInputBuilder::default()
            .set_key(Some(attributes("Key", self.key)?))
            .set_projection_expression(self.projection_expression)
            .set_expression_attribute_names(names(self.expression_attribute_names))
            .set_consistent_read(self.consistent_read))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Update<'a> {
    #[serde(borrow)]
    key: &'a RawValue,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Names,
    expression_attribute_values: Option<&'a RawValue>,
    attribute_updates: Option<Members<&'a RawValue>>,
    return_values: Option<String>,
}

impl Update<'_> {
    pub(crate) fn input(self) -> Result<UpdateItemInputBuilder, Error> {
        let updates = self.attribute_updates.map(|Members(updates)| {
            let read = |(name, json)| Ok((name, attribute_update(json)?));
            updates.into_iter().map(read).collect::<Result<_, Error>>()
        });
        Ok(UpdateItemInputBuilder::default()
            .set_key(Some(attributes("Key", self.key)?))
            .set_update_expression(self.update_expression)
            .set_condition_expression(self.condition_expression)
            .set_expression_attribute_names(names(self.expression_attribute_names))
            .set_expression_attribute_values(values(self.expression_attribute_values)?)
            .set_attribute_updates(updates.transpose()?)
            .set_return_values(return_values(self.return_values, ReturnValue::values())?))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Delete<'a> {
    #[serde(borrow)]
    key: &'a RawValue,
    condition_expression: Option<String>,
    expression_attribute_names: Names,
    expression_attribute_values: Option<&'a RawValue>,
    return_values: Option<String>,
}

impl Delete<'_> {
    pub(crate) fn input(self) -> Result<DeleteItemInputBuilder, Error> {
        Ok(DeleteItemInputBuilder::default()
            .set_key(Some(attributes("Key", self.key)?))
            .set_condition_expression(self.condition_expression)
            .set_expression_attribute_names(names(self.expression_attribute_names))
            .set_expression_attribute_values(values(self.expression_attribute_values)?)
            .set_return_values(return_values(self.return_values, OLD)?))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct List<'a> {
    limit: Option<NonZeroU32>,
    #[serde(borrow)]
    exclusive_start_key: Option<&'a RawValue>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
    expression_attribute_names: Names,
    expression_attribute_values: Option<&'a RawValue>,
    consistent_read: Option<bool>,
}

impl List<'_> {
    pub(crate) fn input(self) -> Result<ScanInputBuilder, Error> {
        let start = self.exclusive_start_key;
        let start = start.map(|key| attributes("ExclusiveStartKey", key));
        Ok(ScanInputBuilder::default()
            .set_limit(
                self.limit
                    .map(|limit| limit.get().try_into().unwrap_or(i32::MAX)),
            )
            .set_exclusive_start_key(start.transpose()?)
            .set_filter_expression(self.filter_expression)
            .set_projection_expression(self.projection_expression)
            .set_expression_attribute_names(names(self.expression_attribute_names))
            .set_expression_attribute_values(values(self.expression_attribute_values)?)
            .set_consistent_read(self.consistent_read))
    }
}

/// One entry of `AttributeUpdates`, DynamoDB's older way to write an update.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Change<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    action: Option<String>,
}

fn attribute_update(json: &RawValue) -> Result<AttributeValueUpdate, Error> {
    let change: Change<'_> = object("An entry of `AttributeUpdates`", json)?;
    let value = change.value.map(|json| value("AttributeUpdates", json));
    let action = one_of("Action", change.action, AttributeAction::values())?;
    Ok(AttributeValueUpdate::builder()
        .set_value(value.transpose()?)
        .set_action(action.map(|action| action.as_str().into()))
        .build())
}

/// `create` and `delete` have no new values to give.
const OLD: &[&str] = &["NONE", "ALL_OLD"];

fn return_values(kind: Option<String>, allowed: &[&str]) -> Result<Option<ReturnValue>, Error> {
    one_of("ReturnValues", kind, allowed).map(|kind| kind.map(|kind| kind.as_str().into()))
}

fn one_of(name: &str, kind: Option<String>, allowed: &[&str]) -> Result<Option<String>, Error> {
    match kind {
        Some(kind) if !allowed.contains(&kind.as_str()) => Err(Error::BadRequest(format!(
            "`{name}` has to be one of {}.",
            allowed.join(", ")
        ))),
        kind => Ok(kind),
    }
}

fn names(names: Names) -> Option<HashMap<String, String>> {
    names.map(|Members(names)| names)
}

fn values(json: Option<&RawValue>) -> Result<Option<Attributes>, Error> {
    json.map(|json| attributes("ExpressionAttributeValues", json))
        .transpose()
}
