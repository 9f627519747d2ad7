module "visits" {
  source = "./function"
  count  = local.has_visits ? 1 : 0

  binary               = "visits"
  description          = "Records visits and reports them to the owner"
  settings             = local.functions
  reserved_concurrency = var.reserved_concurrency

  environment = {
    VISITS_TABLE         = aws_dynamodb_table.visits[0].name
    SALTS_TABLE          = aws_dynamodb_table.salts[0].name
    COUNTED_HOSTS        = var.counted_hosts
    MAX_PAGES            = var.max_pages
    VISIT_RETENTION_DAYS = var.visit_retention_days
    VISIT_TIME_ZONE      = var.visit_time_zone
    OWNER_TOKEN_SHA256   = var.owner_token_sha256
    CLOUDFRONT_SECRET    = local.origin_secret
  }

  permissions = [
    {
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.visits[0].arn]
    },
    {
      actions   = ["dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.salts[0].arn]
    },
  ]
}

resource "aws_dynamodb_table" "visits" {
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  count = local.has_visits ? 1 : 0

  name                        = "${var.visits_table_name}${local.of_stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "propertyId"
  range_key                   = "sk"
  deletion_protection_enabled = var.table_deletion_protection

  attribute {
    name = "propertyId"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

# A salt that was deleted must not come back: no recovery, and gone with the
# stack. It is what makes the visitors' marks in the other table meaningless.
resource "aws_dynamodb_table" "salts" {
  # checkov:skip=CKV_AWS_28:a salt that was deleted must not come back
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  # checkov:skip=CKV2_AWS_16:on demand, there is nothing to scale
  count = local.has_visits ? 1 : 0

  name         = "${var.stack_name}-salts"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "day"

  attribute {
    name = "day"
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
