# Three dashboards of an account are free, of fifty metrics each.
resource "aws_cloudwatch_dashboard" "this" {
  # Dashboards belong to the account and not to a region.
  dashboard_name = "${var.stack_name}-${data.aws_region.this.region}"
  dashboard_body = jsonencode({
    # Rows of what is not there have no name, and widgets without rows are left out.
    widgets = [for widget in [
      {
        type   = "metric"
        x      = 0
        y      = 0
        width  = 8
        height = 6
        properties = {
          title  = "Counted"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            [var.stack_name, "Hits"],
            [var.stack_name, "Rejected"],
            [var.stack_name, "ColdStarts"],
            [var.stack_name, local.has_visits ? "Visits" : null],
            [var.stack_name, local.has_jobs ? "RejectedRows" : null],
          ] : row if row[1] != null]
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 0
        width  = 8
        height = 6
        properties = {
          title  = "Requests"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/ApiGateway", "Count", "ApiId", module.counter_api.id, { label = "counter" }],
            ["AWS/ApiGateway", "Count", "ApiId", one(module.owner_api[*].id), { label = "owner" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 0
        width  = 8
        height = 6
        properties = {
          title  = "Site"
          region = "us-east-1"
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/CloudFront", "Requests", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "requests" }],
            ["AWS/CloudFront", "4xxErrorRate", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "4xx, %", stat = "Average", yAxis = "right" }],
            ["AWS/CloudFront", "5xxErrorRate", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "5xx, %", stat = "Average", yAxis = "right" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 6
        width  = 8
        height = 6
        properties = {
          title  = "Refused (4xx) and failed (5xx)"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/ApiGateway", "4xx", "ApiId", module.counter_api.id, { label = "counter 4xx" }],
            ["AWS/ApiGateway", "5xx", "ApiId", module.counter_api.id, { label = "counter 5xx" }],
            ["AWS/ApiGateway", "4xx", "ApiId", one(module.owner_api[*].id), { label = "owner 4xx" }],
            ["AWS/ApiGateway", "5xx", "ApiId", one(module.owner_api[*].id), { label = "owner 5xx" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 6
        width  = 8
        height = 6
        properties = {
          title  = "Latency, ms"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/ApiGateway", "Latency", "ApiId", module.counter_api.id, { label = "counter p50", stat = "p50" }],
            ["AWS/ApiGateway", "Latency", "ApiId", module.counter_api.id, { label = "counter p99", stat = "p99" }],
            ["AWS/ApiGateway", "Latency", "ApiId", one(module.owner_api[*].id), { label = "owner p50", stat = "p50" }],
            ["AWS/ApiGateway", "Latency", "ApiId", one(module.owner_api[*].id), { label = "owner p99", stat = "p99" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 6
        width  = 8
        height = 6
        properties = {
          title  = "Queues"
          region = data.aws_region.this.region
          stat   = "Maximum"
          period = 300
          metrics = [for row in [
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", one(aws_sqs_queue.jobs[*].name), { label = "rows waiting" }],
            ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", one(aws_sqs_queue.jobs[*].name), { label = "oldest row, s", yAxis = "right" }],
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", one(aws_sqs_queue.jobs_dead_letters[*].name), { label = "dead letters" }],
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", one(aws_sqs_queue.jobs_unread_files[*].name), { label = "unread files" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 0
        y      = 12
        width  = 8
        height = 6
        properties = {
          title  = "Errors"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/Lambda", "Errors", "FunctionName", module.counter.name, { label = "counter" }],
            ["AWS/Lambda", "Errors", "FunctionName", one(module.visits[*].name), { label = "visits" }],
            ["AWS/Lambda", "Errors", "FunctionName", one(module.items[*].name), { label = "items" }],
            ["AWS/Lambda", "Errors", "FunctionName", one(module.jobs_split[*].name), { label = "jobs-split" }],
            ["AWS/Lambda", "Errors", "FunctionName", one(module.jobs_store[*].name), { label = "jobs-store" }],
            ["AWS/Lambda", "Errors", "FunctionName", one(module.jobs_api[*].name), { label = "jobs-api" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 8
        y      = 12
        width  = 8
        height = 6
        properties = {
          title  = "Throttles"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/Lambda", "Throttles", "FunctionName", module.counter.name, { label = "counter" }],
            ["AWS/Lambda", "Throttles", "FunctionName", one(module.visits[*].name), { label = "visits" }],
            ["AWS/Lambda", "Throttles", "FunctionName", one(module.items[*].name), { label = "items" }],
            ["AWS/Lambda", "Throttles", "FunctionName", one(module.jobs_split[*].name), { label = "jobs-split" }],
            ["AWS/Lambda", "Throttles", "FunctionName", one(module.jobs_store[*].name), { label = "jobs-store" }],
            ["AWS/Lambda", "Throttles", "FunctionName", one(module.jobs_api[*].name), { label = "jobs-api" }],
          ] : row if row[3] != null]
        }
      },
      {
        type   = "metric"
        x      = 16
        y      = 12
        width  = 8
        height = 6
        properties = {
          title  = "Consumed capacity"
          region = data.aws_region.this.region
          stat   = "Sum"
          period = 300
          metrics = [for row in [
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.counter.name, { label = "hits, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.counter.name, { label = "hits, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", one(aws_dynamodb_table.visits[*].name), { label = "visits, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", one(aws_dynamodb_table.visits[*].name), { label = "visits, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", one(aws_dynamodb_table.order[*].name), { label = "orders, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", one(aws_dynamodb_table.order[*].name), { label = "orders, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", one(aws_dynamodb_table.manager[*].name), { label = "anything, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", one(aws_dynamodb_table.manager[*].name), { label = "anything, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", one(aws_dynamodb_table.jobs[*].name), { label = "job offers, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", one(aws_dynamodb_table.jobs[*].name), { label = "job offers, written" }],
          ] : row if row[3] != null]
        }
      },
    ] : widget if length(widget.properties.metrics) > 0]
  })
}
