# What tells the owner that something is wrong, and what it costs.

locals {
  notified = var.alarm_email != ""
  # A gradual deployment needs the alarms even where nobody is told.
  alarmed       = local.notified || var.gradual_deployment
  alarm_actions = aws_sns_topic.alarms[*].arn
}

resource "aws_sns_topic" "alarms" {
  # checkov:skip=CKV_AWS_26:alarms may not write to a topic under AWS's own key, and a key of one's own costs a dollar a month
  count = local.notified ? 1 : 0

  name = "${var.stack_name}-alarms"
}

# Nothing is sent before the link in its first e-mail was followed.
resource "aws_sns_topic_subscription" "alarms" {
  count = local.notified ? 1 : 0

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

# Of the whole account, as costs can be told apart by stack only where the owner
# has turned on a tag for it. AWS knows them hours later: it is a warning and no
# limit; the throttles are.
resource "aws_budgets_budget" "this" {
  count = local.notified ? 1 : 0

  # Of the account as well.
  name         = "${var.stack_name}-${data.aws_region.this.region}"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget)
  limit_unit   = "USD"

  notification {
    notification_type          = "ACTUAL"
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = [var.alarm_email]
  }

  notification {
    notification_type          = "FORECASTED"
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = [var.alarm_email]
  }
}

resource "aws_cloudwatch_metric_alarm" "jobs_dead_letters" {
  count = local.has_jobs ? 1 : 0

  alarm_name          = "${var.stack_name}-jobs-dead-letters"
  alarm_description   = "Job offers could not be stored"
  alarm_actions       = local.alarm_actions
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.jobs_dead_letters[0].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "jobs_unread_files" {
  count = local.has_jobs ? 1 : 0

  alarm_name          = "${var.stack_name}-jobs-unread-files"
  alarm_description   = "Files of job offers could not be read"
  alarm_actions       = local.alarm_actions
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.jobs_unread_files[0].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

# Ten alarms of an account are free. These and the functions' are beyond them with
# the two of the queues, so they are made for who reads them.
resource "aws_cloudwatch_metric_alarm" "counter_api_5xx" {
  count = local.alarmed ? 1 : 0

  alarm_name          = "${var.stack_name}-counter-api-5xx"
  alarm_description   = "Requests of the counter are answered with 5xx"
  alarm_actions       = local.alarm_actions
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = module.counter_api.id }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "owner_api_5xx" {
  count = local.alarmed && local.has_owner_api ? 1 : 0

  alarm_name          = "${var.stack_name}-owner-api-5xx"
  alarm_description   = "Requests of the owner's API are answered with 5xx"
  alarm_actions       = local.alarm_actions
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = module.owner_api[0].id }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

# Longer than a cold start, and for a quarter of an hour.
resource "aws_cloudwatch_metric_alarm" "counter_api_latency" {
  count = local.alarmed ? 1 : 0

  alarm_name          = "${var.stack_name}-counter-api-latency"
  alarm_description   = "The counter is slow"
  alarm_actions       = local.alarm_actions
  namespace           = "AWS/ApiGateway"
  metric_name         = "Latency"
  dimensions          = { ApiId = module.counter_api.id }
  extended_statistic  = "p99"
  period              = 300
  evaluation_periods  = 3
  threshold           = 1000
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}
