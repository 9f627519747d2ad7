"""The resources for the job offers in template.yaml, literally."""

import unittest

from template import NO_VALUE, TemplateTest, arn, ref, table_name


class JobsTemplate(TemplateTest):
    def test_functions_know_only_what_they_work_with(self):
        self.assert_function(
            "JobsSplitFunction",
            {
                "QUEUE_URL": ref("JobsQueue"),
                "JOBS_LOG_TABLE": ref("JobsLogTable"),
                "AWS_ENDPOINT_URL_S3": "",
                "AWS_ENDPOINT_URL_SQS": "",
            },
            timeout=900,
            behind_http=False,
        )
        tables = {"JOBS_TABLE": ref("JobsTable"), "JOBS_LOG_TABLE": ref("JobsLogTable")}
        self.assert_function(
            "JobsStoreFunction", {**tables, "AWS_ENDPOINT_URL_S3": ""}, timeout=30, behind_http=False
        )
        self.assert_function("JobsApiFunction", {**tables, "OWNER_TOKEN_SHA256": ref("OwnerTokenSha256")})

    def test_the_bucket_is_private_encrypted_and_reached_by_tls_only(self):
        self.assert_private_bucket("JobsBucket")

    def test_new_files_of_any_name_and_no_reports_call_split(self):
        rules = [{"Name": "prefix", "Value": "job_offers/"}]
        self.assertEqual(
            self.properties("JobsBucket")["NotificationConfiguration"],
            {
                "LambdaConfigurations": [
                    {
                        "Event": "s3:ObjectCreated:*",
                        "Filter": {"S3Key": {"Rules": rules}},
                        "Function": ref("JobsSplitFunctionAliaslive"),
                    }
                ]
            },
        )
        permission = self.properties("JobsSplitFunctionNewFilePermission")
        self.assertEqual(
            permission,
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": ref("JobsSplitFunctionAliaslive"),
                "Principal": "s3.amazonaws.com",
                "SourceAccount": ref("AWS::AccountId"),
            },
        )

    def test_a_file_that_was_not_read_is_kept_in_a_queue(self):
        config = self.properties("JobsSplitFunctionEventInvokeConfig")
        self.assertEqual(
            config,
            {
                "FunctionName": ref("JobsSplitFunction"),
                "Qualifier": "live",
                "MaximumRetryAttempts": 2,
                "DestinationConfig": {"OnFailure": {"Destination": arn("JobsUnreadFiles")}},
            },
        )

    def test_the_queue_hides_a_message_six_times_as_long_as_store_may_take(self):
        queue = self.properties("JobsQueue")
        self.assertGreaterEqual(queue["VisibilityTimeout"], 6 * self.properties("JobsStoreFunction")["Timeout"])
        self.assertEqual(
            queue["RedrivePolicy"], {"deadLetterTargetArn": arn("JobsDeadLetters"), "maxReceiveCount": 10}
        )
        for name in ("JobsQueue", "JobsDeadLetters", "JobsUnreadFiles"):
            self.assertIs(self.properties(name)["SqsManagedSseEnabled"], True)

    def test_store_answers_for_each_message_and_is_no_faster_than_the_table(self):
        self.assertEqual(
            self.properties("JobsStoreFunctionRows"),
            {
                "EventSourceArn": arn("JobsQueue"),
                "FunctionName": ref("JobsStoreFunctionAliaslive"),
                "BatchSize": 10,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": {"MaximumConcurrency": {"Fn::If": ["JobsOnDemand", 5, 2]}},
            },
        )

    def test_the_log_needs_no_backup_and_expires(self):
        log = dict(self.resources["JobsLogTable"])
        del log["Metadata"]
        self.assertEqual(
            log,
            {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [
                        {"AttributeName": name, "AttributeType": "S"} for name in ("log", "part")
                    ],
                    "KeySchema": schema(["log", "part"]),
                    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
                },
            },
        )

    def test_the_table_is_on_demand_unless_it_is_provisioned_and_survives_the_stack(self):
        table = self.resources["JobsTable"]
        self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"))
        units = ref("JobsTableCapacity")
        self.assertEqual(self.template["Parameters"]["JobsTableCapacity"]["Default"], 0)
        self.assertEqual(self.template["Conditions"]["JobsOnDemand"], {"Fn::Equals": [units, 0]})
        capacity = {"ReadCapacityUnits": units, "WriteCapacityUnits": units}
        capacity = {"Fn::If": ["JobsOnDemand", NO_VALUE, capacity]}

        def index(name, keys):
            return {
                "IndexName": name,
                "KeySchema": schema(keys),
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": capacity,
            }

        self.assertEqual(
            table["Properties"],
            {
                "TableName": table_name("JobsTableName"),
                "BillingMode": {"Fn::If": ["JobsOnDemand", "PAY_PER_REQUEST", "PROVISIONED"]},
                "ProvisionedThroughput": capacity,
                "AttributeDefinitions": [
                    {"AttributeName": name, "AttributeType": "S"} for name in ("id", "city", "keyword")
                ],
                "KeySchema": schema(["id", "city"]),
                "GlobalSecondaryIndexes": [
                    index("city-index", ["city", "id"]),
                    index("keyword-index", ["keyword", "city"]),
                ],
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "DeletionProtectionEnabled": ref("TableDeletionProtection"),
            },
        )


def schema(keys):
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"))]


if __name__ == "__main__":
    unittest.main()
