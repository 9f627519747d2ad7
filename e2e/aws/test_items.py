"""Orders and the DynamoDB manager: all operations, in two tables."""

import json

from stack import StackTest

ORDER = {"id": "1234ABCG", "price": 78.89, "product": "Beautiful Jacket"}


class ItemsTest(StackTest):
    def call(self, path, operation, payload=None, **more):
        body = {"operation": operation, **({} if payload is None else {"payload": payload}), **more}
        return self.ask_as_owner(f"POST {path}", body)

    def test_an_item_is_created_read_updated_and_deleted(self):
        key = {"Key": {"id": ORDER["id"]}}
        change = {
            "UpdateExpression": "SET price = :p",
            "ExpressionAttributeValues": {":p": 80},
            "ReturnValues": "UPDATED_NEW",
        }
        for path in ["/order", "/dynamodbmanager"]:
            for operation, payload, answer in [
                ("create", {"Item": ORDER}, {}),
                ("read", key, {"Item": ORDER}),
                ("update", {**key, **change}, {"Attributes": {"price": 80}}),
                ("delete", {**key, "ReturnValues": "ALL_OLD"}, {"Attributes": {**ORDER, "price": 80}}),
                ("read", key, {}),
            ]:
                with self.subTest(path, operation=operation):
                    self.assert_answer(self.call(path, operation, payload), 200, answer)

    def test_a_list_has_them_page_by_page(self):
        ids = {f"page-{n}" for n in range(5)}
        for id in ids:
            self.assert_answer(self.call("/order", "create", {"Item": {"id": id}}), 200)
        listed, more = [], {}
        while more is not None:
            page = self.call("/order", "list", {"Limit": 2, **more}).json()
            listed += [item["id"] for item in page["Items"]]
            last = page.get("LastEvaluatedKey")
            more = last and {"ExclusiveStartKey": last}
        self.assertEqual(sorted(id for id in listed if id in ids), sorted(ids))

    def test_echo_and_ping_answer(self):
        self.assert_answer(self.call("/order", "echo", {"some": ["thing"]}), 200, {"some": ["thing"]})
        self.assert_answer(self.call("/order", "ping"), 200, "pong")

    def test_a_number_keeps_every_digit(self):
        digits = "12345678901234567890.123456789012345678"
        body = '{"operation":"create","payload":{"Item":{"id":"digits","n":%s}}}' % digits
        self.assert_answer(self.ask_as_owner("POST /dynamodbmanager", body, content_type="application/json"), 200)
        read = self.call("/dynamodbmanager", "read", {"Key": {"id": "digits"}})
        self.assertIn(digits.encode(), read.body)
        self.assert_answer(self.call("/dynamodbmanager", "delete", {"Key": {"id": "digits"}}), 200)

    def test_each_route_has_its_own_table_and_no_other(self):
        self.assert_answer(self.call("/order", "list", {}, tableName="anything"), 403)
        self.assert_answer(self.call("/dynamodbmanager", "list", {}, tableName="order-microservice-db"), 403)

    def test_a_condition_that_does_not_hold_is_a_409(self):
        create = {"Item": {"id": "once"}, "ConditionExpression": "attribute_not_exists(id)"}
        for status in [200, 409]:
            self.assert_answer(self.call("/order", "create", create), status)
        self.assert_answer(self.call("/order", "delete", {"Key": {"id": "once"}}), 200)

    def test_what_is_no_operation_is_a_400(self):
        for body in ["{", json.dumps({"operation": "drop"}), json.dumps({"operation": "read", "payload": {"Select": 1}})]:
            with self.subTest(body):
                self.assert_answer(self.ask_as_owner("POST /order", body, content_type="application/json"), 400)
