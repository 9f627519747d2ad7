module "items" {
  source = "./function"
  count  = local.has_items ? 1 : 0

  binary               = "items"
  description          = "Creates, reads, updates, deletes and lists the items of two tables"
  settings             = local.functions
  reserved_concurrency = var.reserved_concurrency

  environment = {
    ORDER_TABLES       = aws_dynamodb_table.order[0].name
    MANAGER_TABLES     = aws_dynamodb_table.manager[0].name
    OWNER_TOKEN_SHA256 = var.owner_token_sha256
  }

  permissions = [
    {
      actions = [
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ]
      resources = [aws_dynamodb_table.order[0].arn, aws_dynamodb_table.manager[0].arn]
    },
  ]
}

resource "aws_dynamodb_table" "order" {
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  count = local.has_items ? 1 : 0

  name                        = "${var.order_table_name}${local.of_stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.table_deletion_protection

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "manager" {
  # checkov:skip=CKV_AWS_119:encrypted with DynamoDB's own key, which costs nothing
  count = local.has_items ? 1 : 0

  name                        = "${var.manager_table_name}${local.of_stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.table_deletion_protection

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}
