# A Lambda function with its own role, log group, alias and alarms.

locals {
  name    = "${var.settings.stack_name}-${var.binary}"
  package = "${var.settings.packages}/${var.binary}/bootstrap.zip"

  # What every function is told, and what each may do.
  environment = {
    DYNAMODB_ENDPOINT = ""
    METRICS_NAMESPACE = var.settings.stack_name
  }
  permissions = [
    {
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
    },
    {
      actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      # X-Ray knows no other.
      resources = ["*"]
    },
  ]
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_116:events are kept by the invoke config of the one function that is called asynchronously
  # checkov:skip=CKV_AWS_117:DynamoDB, S3 and SQS are reached by TLS and IAM; a VPC would add a NAT gateway's price
  # checkov:skip=CKV_AWS_173:the only secret in the environment is a digest
  # checkov:skip=CKV_AWS_272:the package is built by the same pipeline that deploys it
  function_name = local.name
  description   = var.description
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.settings.architecture]
  memory_size   = var.settings.memory_size
  timeout       = var.timeout
  role          = aws_iam_role.this.arn
  publish       = true

  filename         = local.package
  source_code_hash = filebase64sha256(local.package)

  # -1 reserves none.
  reserved_concurrent_executions = var.reserved_concurrency == 0 ? -1 : var.reserved_concurrency

  environment {
    variables = merge(local.environment, var.environment)
  }

  logging_config {
    log_group        = aws_cloudwatch_log_group.this.name
    log_format       = "JSON"
    system_log_level = "WARN"
  }

  tracing_config {
    mode = var.settings.tracing
  }

  # It must be able to log from its first call on.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:encrypted with CloudWatch's own key; nothing of a visitor is in it
  # checkov:skip=CKV_AWS_338:how long is the owner's to say
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.settings.log_retention_in_days
}

resource "aws_iam_role" "this" {
  name_prefix          = "${local.name}-"
  permissions_boundary = var.settings.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "function"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for permission in concat(var.permissions, local.permissions) : {
      Effect   = "Allow"
      Action   = permission.actions
      Resource = permission.resources
    }]
  })
}

# What everything calls. In a gradual deployment CodeDeploy moves it, so that
# Terraform has to leave it where it is; one resource cannot be both.
resource "aws_lambda_alias" "at_once" {
  count = var.settings.gradual_deployment ? 0 : 1

  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}

resource "aws_lambda_alias" "gradual" {
  count = var.settings.gradual_deployment ? 1 : 0

  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

locals {
  alias = one(concat(aws_lambda_alias.at_once, aws_lambda_alias.gradual))
}

# One failure is enough for each: on a small site it may be every request.
resource "aws_cloudwatch_metric_alarm" "errors" {
  count = var.settings.alarms ? 1 : 0

  alarm_name          = "${local.name}-errors"
  alarm_description   = "Runs of ${var.binary} fail"
  alarm_actions       = var.settings.alarm_actions
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  count = var.settings.alarms ? 1 : 0

  alarm_name          = "${local.name}-throttles"
  alarm_description   = "Runs of ${var.binary} are refused, for too many at once"
  alarm_actions       = var.settings.alarm_actions
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}
