# A file put into the bucket → split → queue → store → table → api.

locals {
  # None of a table on demand.
  jobs_table_capacity = var.jobs_table_capacity == 0 ? null : var.jobs_table_capacity
}

module "jobs_split" {
  source = "./function"
  count  = local.has_jobs ? 1 : 0

  binary      = "jobs-split"
  description = "Sends the rows of a new file to the queue"
  settings    = local.functions
  # For files of millions of rows.
  timeout = 900

  environment = {
    QUEUE_URL            = aws_sqs_queue.jobs[0].url
    JOBS_LOG_TABLE       = aws_dynamodb_table.jobs_log[0].name
    AWS_ENDPOINT_URL_S3  = ""
    AWS_ENDPOINT_URL_SQS = ""
  }

  permissions = [
    {
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.jobs[0].arn, aws_sqs_queue.jobs_unread_files[0].arn]
    },
    {
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.jobs[0].arn}/job_offers/*"]
    },
    {
      actions = ["s3:PutObject"]
      resources = [
        "${aws_s3_bucket.jobs[0].arn}/job_offers_rejected/*",
        "${aws_s3_bucket.jobs[0].arn}/job_offers_loaded/*",
      ]
    },
    {
      actions   = ["s3:DeleteObject"]
      resources = ["${aws_s3_bucket.jobs[0].arn}/job_offers_rejected/*"]
    },
    {
      # Without it a file that was removed is one that may not be read. Who asks for an
      # object names no prefix, so there is no condition on one.
      actions   = ["s3:ListBucket"]
      resources = [aws_s3_bucket.jobs[0].arn]
    },
    {
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.jobs_log[0].arn]
    },
  ]
}

resource "aws_lambda_function_event_invoke_config" "jobs_split" {
  count = local.has_jobs ? 1 : 0

  function_name          = module.jobs_split[0].name
  qualifier              = module.jobs_split[0].alias
  maximum_retry_attempts = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.jobs_unread_files[0].arn
    }
  }
}

resource "aws_lambda_permission" "jobs_bucket" {
  count = local.has_jobs ? 1 : 0

  action         = "lambda:InvokeFunction"
  function_name  = module.jobs_split[0].name
  qualifier      = module.jobs_split[0].alias
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.this.account_id
  source_arn     = aws_s3_bucket.jobs[0].arn
}

resource "aws_s3_bucket_notification" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket = aws_s3_bucket.jobs[0].id

  lambda_function {
    lambda_function_arn = module.jobs_split[0].alias_arn
    events              = ["s3:ObjectCreated:*"]
    # Of any name: a filter knows no small letters from capital ones, and split says
    # of a file why it is not read.
    filter_prefix = "job_offers/"
  }

  depends_on = [aws_lambda_permission.jobs_bucket]
}

module "jobs_store" {
  source = "./function"
  count  = local.has_jobs ? 1 : 0

  binary      = "jobs-store"
  description = "Stores the rows that come by the queue"
  settings    = local.functions
  # What the table throttles is tried again for twenty of them.
  timeout = 30

  environment = {
    JOBS_TABLE          = aws_dynamodb_table.jobs[0].name
    JOBS_LOG_TABLE      = aws_dynamodb_table.jobs_log[0].name
    AWS_ENDPOINT_URL_S3 = ""
  }

  permissions = [
    {
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = [aws_sqs_queue.jobs[0].arn]
    },
    {
      actions   = ["dynamodb:PutItem"]
      resources = [aws_dynamodb_table.jobs[0].arn]
    },
    {
      actions   = ["dynamodb:Query", "dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.jobs_log[0].arn]
    },
    {
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.jobs[0].arn}/job_offers_loaded/*"]
    },
  ]
}

resource "aws_lambda_event_source_mapping" "jobs_store" {
  count = local.has_jobs ? 1 : 0

  event_source_arn        = aws_sqs_queue.jobs[0].arn
  function_name           = module.jobs_store[0].alias_arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  # The least there is for a provisioned table: more would only wait for it.
  scaling_config {
    maximum_concurrency = local.jobs_table_capacity == null ? 5 : 2
  }
}

module "jobs_api" {
  source = "./function"
  count  = local.has_jobs ? 1 : 0

  binary               = "jobs-api"
  description          = "Lists job offers to everyone and changes them for the owner"
  settings             = local.functions
  reserved_concurrency = var.reserved_concurrency

  environment = {
    JOBS_TABLE         = aws_dynamodb_table.jobs[0].name
    JOBS_LOG_TABLE     = aws_dynamodb_table.jobs_log[0].name
    OWNER_TOKEN_SHA256 = var.owner_token_sha256
  }

  permissions = [
    {
      actions = [
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ]
      resources = [aws_dynamodb_table.jobs[0].arn]
    },
    {
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      resources = [aws_dynamodb_table.jobs_log[0].arn]
    },
    {
      actions = ["dynamodb:Query"]
      resources = [
        "${aws_dynamodb_table.jobs[0].arn}/index/city-index",
        "${aws_dynamodb_table.jobs[0].arn}/index/keyword-index",
      ]
    },
  ]
}

resource "aws_sqs_queue" "jobs" {
  count = local.has_jobs ? 1 : 0

  name_prefix = "${var.stack_name}-jobs-"
  # Six times the function's, as Lambda asks for.
  visibility_timeout_seconds = 180
  message_retention_seconds  = 1209600
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.jobs_dead_letters[0].arn
    # Half an hour: a table that is slow for long makes no dead letters.
    maxReceiveCount = 10
  })
}

resource "aws_sqs_queue" "jobs_dead_letters" {
  count = local.has_jobs ? 1 : 0

  name_prefix               = "${var.stack_name}-jobs-dead-letters-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true

  lifecycle {
    prevent_destroy = true
  }
}

# Events of files that were not read to their end after three tries.
resource "aws_sqs_queue" "jobs_unread_files" {
  count = local.has_jobs ? 1 : 0

  name_prefix               = "${var.stack_name}-jobs-unread-files-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "jobs" {
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  # checkov:skip=CKV2_AWS_16:a fixed capacity is a fixed price, and the queue waits for the table
  count = local.has_jobs ? 1 : 0

  name                        = "${var.jobs_table_name}${local.of_stage}"
  billing_mode                = local.jobs_table_capacity == null ? "PAY_PER_REQUEST" : "PROVISIONED"
  read_capacity               = local.jobs_table_capacity
  write_capacity              = local.jobs_table_capacity
  hash_key                    = "id"
  range_key                   = "city"
  deletion_protection_enabled = var.table_deletion_protection

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "city"
    type = "S"
  }

  attribute {
    name = "keyword"
    type = "S"
  }

  global_secondary_index {
    name            = "city-index"
    hash_key        = "city"
    range_key       = "id"
    projection_type = "ALL"
    read_capacity   = local.jobs_table_capacity
    write_capacity  = local.jobs_table_capacity
  }

  global_secondary_index {
    name            = "keyword-index"
    hash_key        = "keyword"
    range_key       = "city"
    projection_type = "ALL"
    read_capacity   = local.jobs_table_capacity
    write_capacity  = local.jobs_table_capacity
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "jobs" {
  # checkov:skip=CKV_AWS_18:S3's own access log costs more than the files; what is done with a file is in split's log
  # checkov:skip=CKV_AWS_21:a file is read once and a report is written once; who has the file can put it again
  # checkov:skip=CKV_AWS_144:the files are the owner's copies
  # checkov:skip=CKV_AWS_145:encrypted with S3's own key, which costs nothing
  count = local.has_jobs ? 1 : 0

  bucket_prefix = "${var.stack_name}-jobs-"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket = aws_s3_bucket.jobs[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket = aws_s3_bucket.jobs[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket                  = aws_s3_bucket.jobs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket = aws_s3_bucket.jobs[0].id

  # A report that was given up, half sent.
  rule {
    id     = "unfinished"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "jobs" {
  count = local.has_jobs ? 1 : 0

  bucket = aws_s3_bucket.jobs[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.jobs[0].arn, "${aws_s3_bucket.jobs[0].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # Two changes of a bucket's rights at once are refused.
  depends_on = [aws_s3_bucket_public_access_block.jobs]
}

# What came of the files, which requests were answered, and the clock of the
# versions; it fills up again from what comes next.
resource "aws_dynamodb_table" "jobs_log" {
  # checkov:skip=CKV_AWS_28:it is of no use without the queue, which no recovery brings back
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  # checkov:skip=CKV2_AWS_16:on demand, there is nothing to scale
  count = local.has_jobs ? 1 : 0

  name         = "${var.stack_name}-jobs-log"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "log"
  range_key    = "part"

  attribute {
    name = "log"
    type = "S"
  }

  attribute {
    name = "part"
    type = "S"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = false
  }
}
