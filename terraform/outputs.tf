# Those of the visits by the names that they had in the Terraform this replaces.

output "api_gateway_id" {
  description = "The ID of the API of the visits"
  value       = one(module.owner_api[*].id)
}

output "api_gateway_url" {
  description = "The address before /visits"
  value       = one(module.owner_api[*].url)
}

output "dynamodb_table_name" {
  description = "The table of the visits"
  value       = one(aws_dynamodb_table.visits[*].name)
}

output "lambda_function_arn" {
  description = "The function of the visits"
  value       = one(module.visits[*].arn)
}

output "lambda_function_name" {
  description = "The function of the visits"
  value       = one(module.visits[*].name)
}

# And those of template.yaml.

output "counter_api" {
  description = "The counter's address"
  value       = "${module.counter_api.url}/counter"
}

output "counter_function" {
  description = "The function's ARN"
  value       = module.counter.arn
}

output "counter_function_iam_role" {
  description = "The ARN of the role the function runs as"
  value       = module.counter.role_arn
}

output "counter_table" {
  description = "The table's ARN"
  value       = aws_dynamodb_table.counter.arn
}

output "jobs_bucket" {
  description = "Put CSV files of job offers into its folder job_offers/"
  value       = one(aws_s3_bucket.jobs[*].bucket)
}

output "jobs_dead_letters" {
  description = "The queue of the job offers that could not be stored"
  value       = one(aws_sqs_queue.jobs_dead_letters[*].url)
}

output "order_api" {
  description = "The address of the orders"
  value       = local.has_items ? "${module.owner_api[0].url}/order" : null
}

output "dynamo_db_manager_api" {
  description = "The address of the DynamoDB manager"
  value       = local.has_items ? "${module.owner_api[0].url}/dynamodbmanager" : null
}

output "owner_api" {
  description = "The address before the owner's routes"
  value       = one(module.owner_api[*].url)
}

output "site_bucket" {
  description = "The bucket of the site's files"
  value       = aws_s3_bucket.site.bucket
}

output "site_distribution" {
  description = "The ID of the site's distribution, for invalidations"
  value       = aws_cloudfront_distribution.site.id
}

output "site_url" {
  description = "The site's address"
  value       = "https://${local.own_domain ? var.domain_name : aws_cloudfront_distribution.site.domain_name}/"
}
