output "name" {
  value = aws_lambda_function.this.function_name
}

output "arn" {
  value = aws_lambda_function.this.arn
}

output "version" {
  description = "The version that was published last"
  value       = aws_lambda_function.this.version
}

output "role_arn" {
  value = aws_iam_role.this.arn
}

output "alias" {
  description = "The alias that everything calls"
  value       = local.alias.name
}

output "alias_arn" {
  value = local.alias.arn
}

output "alias_version" {
  description = "The version that is called"
  value       = local.alias.function_version
}

output "invoke_arn" {
  description = "The ARN that API Gateway calls"
  value       = local.alias.invoke_arn
}

output "alarm_names" {
  value = concat(aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.throttles)[*].alarm_name
}
