# Three dashboards of an account are free, of fifty metrics each.
resource "aws_cloudwatch_dashboard" "this" {
  # Dashboards belong to the account and not to a region.
  dashboard_name = "${var.stack_name}-${data.aws_region.this.region}"
  dashboard_body = jsonencode({
    widgets = [
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
          metrics = [
            [var.stack_name, "Hits"],
            [var.stack_name, "Visits"],
            [var.stack_name, "Rejected"],
            [var.stack_name, "RejectedRows"],
            [var.stack_name, "ColdStarts"],
          ]
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
          metrics = [
            ["AWS/ApiGateway", "Count", "ApiId", module.counter_api.id, { label = "counter" }],
            ["AWS/ApiGateway", "Count", "ApiId", module.owner_api.id, { label = "owner" }],
          ]
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
          metrics = [
            ["AWS/CloudFront", "Requests", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "requests" }],
            ["AWS/CloudFront", "4xxErrorRate", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "4xx, %", stat = "Average", yAxis = "right" }],
            ["AWS/CloudFront", "5xxErrorRate", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { label = "5xx, %", stat = "Average", yAxis = "right" }],
          ]
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
          metrics = [
            ["AWS/ApiGateway", "4xx", "ApiId", module.counter_api.id, { label = "counter 4xx" }],
            ["AWS/ApiGateway", "5xx", "ApiId", module.counter_api.id, { label = "counter 5xx" }],
            ["AWS/ApiGateway", "4xx", "ApiId", module.owner_api.id, { label = "owner 4xx" }],
            ["AWS/ApiGateway", "5xx", "ApiId", module.owner_api.id, { label = "owner 5xx" }],
          ]
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
          metrics = [
            ["AWS/ApiGateway", "Latency", "ApiId", module.counter_api.id, { label = "counter p50", stat = "p50" }],
            ["AWS/ApiGateway", "Latency", "ApiId", module.counter_api.id, { label = "counter p99", stat = "p99" }],
            ["AWS/ApiGateway", "Latency", "ApiId", module.owner_api.id, { label = "owner p50", stat = "p50" }],
            ["AWS/ApiGateway", "Latency", "ApiId", module.owner_api.id, { label = "owner p99", stat = "p99" }],
          ]
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
          metrics = [
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.jobs.name, { label = "rows waiting" }],
            ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.jobs.name, { label = "oldest row, s", yAxis = "right" }],
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.jobs_dead_letters.name, { label = "dead letters" }],
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.jobs_unread_files.name, { label = "unread files" }],
          ]
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
          metrics = [
            ["AWS/Lambda", "Errors", "FunctionName", module.counter.name, { label = "counter" }],
            ["AWS/Lambda", "Errors", "FunctionName", module.visits.name, { label = "visits" }],
            ["AWS/Lambda", "Errors", "FunctionName", module.items.name, { label = "items" }],
            ["AWS/Lambda", "Errors", "FunctionName", module.jobs_split.name, { label = "jobs-split" }],
            ["AWS/Lambda", "Errors", "FunctionName", module.jobs_store.name, { label = "jobs-store" }],
            ["AWS/Lambda", "Errors", "FunctionName", module.jobs_api.name, { label = "jobs-api" }],
          ]
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
          metrics = [
            ["AWS/Lambda", "Throttles", "FunctionName", module.counter.name, { label = "counter" }],
            ["AWS/Lambda", "Throttles", "FunctionName", module.visits.name, { label = "visits" }],
            ["AWS/Lambda", "Throttles", "FunctionName", module.items.name, { label = "items" }],
            ["AWS/Lambda", "Throttles", "FunctionName", module.jobs_split.name, { label = "jobs-split" }],
            ["AWS/Lambda", "Throttles", "FunctionName", module.jobs_store.name, { label = "jobs-store" }],
            ["AWS/Lambda", "Throttles", "FunctionName", module.jobs_api.name, { label = "jobs-api" }],
          ]
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
          metrics = [
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.counter.name, { label = "hits, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.counter.name, { label = "hits, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.visits.name, { label = "visits, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.visits.name, { label = "visits, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.order.name, { label = "orders, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.order.name, { label = "orders, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.manager.name, { label = "anything, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.manager.name, { label = "anything, written" }],
            ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", aws_dynamodb_table.jobs.name, { label = "job offers, read" }],
            ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", aws_dynamodb_table.jobs.name, { label = "job offers, written" }],
          ]
        }
      },
    ]
  })
}
