module "counter" {
  source = "./function"

  binary               = "counter"
  description          = "Counts one hit of a page and answers with its number"
  settings             = local.functions
  reserved_concurrency = var.reserved_concurrency

  environment = {
    DYNAMODB_TABLE = aws_dynamodb_table.counter.name
    COUNTED_HOSTS  = var.counted_hosts
    MAX_PAGES      = var.max_pages
  }

  permissions = [
    {
      actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.counter.arn]
    },
  ]
}

# The API of every page; the owner's is apart, because CORS is set for an API as
# a whole.
module "counter_api" {
  source = "./http-api"

  name                  = "${var.stack_name}-counter-api"
  throttle_rate         = var.throttle_rate
  throttle_burst        = var.throttle_burst
  log_retention_in_days = var.log_retention_in_days

  cors = {
    allow_origins = split(",", var.allowed_origins)
    allow_methods = ["GET"]
  }

  routes = {
    "GET /badge.json" = module.counter
    "GET /badge.svg"  = module.counter
    "GET /counter"    = module.counter
  }
}

resource "aws_dynamodb_table" "counter" {
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  name                        = "${var.table_name_parameter}${local.of_stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "path"
  deletion_protection_enabled = var.table_deletion_protection

  attribute {
    name = "path"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}
