output "id" {
  value = aws_apigatewayv2_api.this.id
}

output "url" {
  description = "The address before the routes, without a slash"
  value       = aws_apigatewayv2_api.this.api_endpoint
}
