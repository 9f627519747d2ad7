"""The tables, queues and buckets, in template.yaml, in terraform/ and on one
machine."""

import json
import unittest

import hcl
import local
from names import camel
from topology import TopologyTest, kept, retained


def keys(schema):
    """A key schema of CloudFormation in its order."""
    return [key["AttributeName"] for key in sorted(schema, key=lambda key: key["KeyType"])]


def own_keys(block):
    """The keys of a table or an index of Terraform."""
    return [block[key] for key in ("hash_key", "range_key") if key in block]


def by_demand(value):
    """A value of the template that is another one on demand, as Terraform has it."""
    if not isinstance(value, dict):
        return value
    condition, on_demand, provisioned = value["Fn::If"]
    assert condition == "JobsOnDemand", condition
    return f"local.jobs_table_capacity == null ? {json.dumps(on_demand)} : {json.dumps(provisioned)}"


def capacity(holder):
    if "ProvisionedThroughput" not in holder:
        return None, None
    condition, none, units = holder["ProvisionedThroughput"]["Fn::If"]
    assert (condition, none) == ("JobsOnDemand", "${AWS::NoValue}"), none
    units = units["ReadCapacityUnits"], units["WriteCapacityUnits"]
    assert units == ("${JobsTableCapacity}",) * 2, units
    return ("var.jobs_table_capacity == 0 ? null : var.jobs_table_capacity",) * 2


class Data(TopologyTest):
    def tables(self):
        """Terraform's tables by the template's names."""
        return {f"{camel(label)}Table": block for label, block in self.of_kind("aws_dynamodb_table").items()}

    def test_tables_are_the_same(self):
        tables = self.tables()
        theirs = self.of_type("DynamoDB::Table")
        self.assertEqual(set(tables), set(theirs))
        for name, table in theirs.items():
            with self.subTest(name):
                own = tables[name]
                # CloudFormation makes up a name if none is given.
                suffix = {"SaltsTable": "salts", "JobsLogTable": "jobs-log"}.get(name)
                named = table.get("TableName", f"${{AWS::StackName}}-{suffix}")
                if isinstance(named, dict):
                    condition, staged, plain = named["Fn::If"]
                    self.assertEqual((condition, staged), ("Staged", f"{plain}-${{Stage}}"))
                    named = f'{plain}var.stage == "" ? "" : "-${{var.stage}}"'
                self.assertEqual(own["name"], named)
                self.assertEqual(own["billing_mode"], by_demand(table["BillingMode"]))
                self.assertEqual(own_keys(own), keys(table["KeySchema"]))
                self.assertEqual(
                    {attribute["name"]: attribute["type"] for attribute in own["attribute"]},
                    {
                        attribute["AttributeName"]: attribute["AttributeType"]
                        for attribute in table["AttributeDefinitions"]
                    },
                )
                self.assertEqual((own.get("read_capacity"), own.get("write_capacity")), capacity(table))
                self.assertEqual(
                    own["point_in_time_recovery"][0]["enabled"],
                    table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"],
                )
                self.assertEqual(own.get("deletion_protection_enabled"), table.get("DeletionProtectionEnabled"))
                self.assertEqual(kept(own), retained(table))
                expiry = table.get("TimeToLiveSpecification", {})
                self.assertEqual(
                    [(ttl["attribute_name"], ttl["enabled"]) for ttl in own.get("ttl", [])],
                    [(expiry["AttributeName"], expiry["Enabled"])] if expiry else [],
                )
                self.assertEqual(
                    {
                        index["name"]: (
                            own_keys(index),
                            index["projection_type"],
                            index["read_capacity"],
                            index["write_capacity"],
                        )
                        for index in own.get("global_secondary_index", [])
                    },
                    {
                        index["IndexName"]: (
                            keys(index["KeySchema"]),
                            index["Projection"]["ProjectionType"],
                            *capacity(index),
                        )
                        for index in table.get("GlobalSecondaryIndexes", [])
                    },
                )

    def test_tables_on_one_machine_are_the_same(self):
        tables = self.of_type("DynamoDB::Table")
        self.assertEqual(set(local.STACK["tables"]), set(tables))
        defaults = local.STACK["defaults"]
        for name, table in tables.items():
            with self.subTest(name):
                expiry = table.get("TimeToLiveSpecification", {}).get("AttributeName")
                indexes = {
                    index["IndexName"]: keys(index["KeySchema"]) for index in table.get("GlobalSecondaryIndexes", [])
                }
                here = dict(local.STACK["tables"][name])
                variable, _ = here.pop("variable"), here.pop("system")
                self.assertEqual(here, {"keys": keys(table["KeySchema"]), "expires": expiry, "indexes": indexes})
                if parameter := table.get("TableName"):
                    default = self.template["Parameters"][parameter["Fn::If"][2][2:-1]]["Default"]
                    self.assertEqual(defaults[variable], default)

    def test_queues_have_the_same_numbers(self):
        own = {camel(label): queue for label, queue in self.of_kind("aws_sqs_queue").items()}
        own["JobsQueue"] = own.pop("Jobs")
        theirs = self.of_type("SQS::Queue")
        self.assertEqual(set(own), set(theirs))
        for name, queue in theirs.items():
            with self.subTest(name):
                redrive = own[name].get("redrive_policy")
                self.assertEqual(
                    {
                        "visibility": own[name].get("visibility_timeout_seconds"),
                        "retention": own[name]["message_retention_seconds"],
                        "encrypted": own[name]["sqs_managed_sse_enabled"],
                        "redrive": redrive and self.of_expression(hcl.call(redrive, "jsonencode")),
                        "kept": kept(own[name]),
                    },
                    {
                        "visibility": queue.get("VisibilityTimeout"),
                        "retention": queue["MessageRetentionPeriod"],
                        "encrypted": queue["SqsManagedSseEnabled"],
                        "redrive": queue.get("RedrivePolicy"),
                        "kept": retained(queue),
                    },
                )
        rows, here = theirs["JobsQueue"], local.STACK["pipeline"]
        self.assertEqual(
            (here["visibility"], here["receives"]),
            (rows["VisibilityTimeout"], rows["RedrivePolicy"]["maxReceiveCount"]),
        )

    def test_the_queue_is_read_alike(self):
        (own,) = self.of_kind("aws_lambda_event_source_mapping").values()
        (theirs,) = self.of_type("Lambda::EventSourceMapping").values()
        most = own["scaling_config"][0]["maximum_concurrency"]
        self.assertEqual(
            (own["event_source_arn"], own["function_name"], own["batch_size"], own["function_response_types"], most),
            (
                theirs["EventSourceArn"],
                theirs["FunctionName"],
                theirs["BatchSize"],
                theirs["FunctionResponseTypes"],
                by_demand(theirs["ScalingConfig"]["MaximumConcurrency"]),
            ),
        )
        self.assertTrue(most.endswith(f" : {local.STACK['pipeline']['readers']}"), most)

    def test_the_same_files_call_split_as_often(self):
        (notification,) = self.of_kind("aws_s3_bucket_notification").values()
        (own,) = notification["lambda_function"]
        (theirs,) = self.of_type("S3::Bucket")["JobsBucket"]["NotificationConfiguration"]["LambdaConfigurations"]
        rules = {rule["Name"]: rule["Value"] for rule in theirs["Filter"]["S3Key"]["Rules"]}
        self.assertEqual(
            (
                notification["bucket"],
                own["lambda_function_arn"],
                own["events"],
                own["filter_prefix"],
            ),
            ("${JobsBucket}", theirs["Function"], [theirs["Event"]], rules.pop("prefix")),
        )
        self.assertEqual((rules, own["filter_prefix"]), ({}, local.STACK["pipeline"]["prefix"]))
        (own,) = self.of_kind("aws_lambda_function_event_invoke_config").values()
        (theirs,) = self.of_type("Lambda::EventInvokeConfig").values()
        self.assertEqual(
            (
                own["function_name"],
                own["maximum_retry_attempts"],
                own["destination_config"][0]["on_failure"][0]["destination"],
            ),
            (
                theirs["FunctionName"],
                theirs["MaximumRetryAttempts"],
                theirs["DestinationConfig"]["OnFailure"]["Destination"],
            ),
        )
        self.assertEqual(local.STACK["pipeline"]["tries"], 1 + own["maximum_retry_attempts"])

    def test_buckets_are_closed_and_kept_alike(self):
        own = {f"{camel(label)}Bucket": label for label in self.of_kind("aws_s3_bucket")}
        theirs = self.of_type("S3::Bucket")
        self.assertEqual(set(own), set(theirs))
        for name, bucket in theirs.items():
            with self.subTest(name):
                label = own[name]

                def part(kind):
                    return self.of_kind(f"aws_s3_bucket_{kind}").get(label, {})

                self.assertEqual(kept(self.of_kind("aws_s3_bucket")[label]), retained(bucket))
                encryption = part("server_side_encryption_configuration")["rule"][0]
                (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
                self.assertEqual(
                    encryption["apply_server_side_encryption_by_default"][0]["sse_algorithm"],
                    rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"],
                )
                (rule,) = bucket["OwnershipControls"]["Rules"]
                self.assertEqual(part("ownership_controls")["rule"][0]["object_ownership"], rule["ObjectOwnership"])
                access, block = part("public_access_block"), bucket["PublicAccessBlockConfiguration"]
                for own_word, word in (
                    ("block_public_acls", "BlockPublicAcls"),
                    ("block_public_policy", "BlockPublicPolicy"),
                    ("ignore_public_acls", "IgnorePublicAcls"),
                    ("restrict_public_buckets", "RestrictPublicBuckets"),
                ):
                    self.assertEqual(access[own_word], block[word])
                versioning = part("versioning").get("versioning_configuration", [{}])[0].get("status")
                self.assertEqual(versioning, bucket.get("VersioningConfiguration", {}).get("Status"))
                self.assertEqual(
                    {
                        (
                            rule["id"],
                            rule["status"],
                            *(days["noncurrent_days"] for days in rule.get("noncurrent_version_expiration", [])),
                            *(
                                days["days_after_initiation"]
                                for days in rule.get("abort_incomplete_multipart_upload", [])
                            ),
                        )
                        for rule in part("lifecycle_configuration")["rule"]
                    },
                    {
                        (
                            rule["Id"],
                            rule["Status"],
                            *rule.get("NoncurrentVersionExpiration", {}).values(),
                            *rule.get("AbortIncompleteMultipartUpload", {}).values(),
                        )
                        for rule in bucket["LifecycleConfiguration"]["Rules"]
                    },
                )
                policy = self.of_expression(hcl.call(part("policy")["policy"], "jsonencode"))
                self.assertEqual(policy, self.of_type("S3::BucketPolicy")[f"{name}Policy"]["PolicyDocument"])


if __name__ == "__main__":
    unittest.main()
