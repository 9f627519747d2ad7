# With gradual_deployment CodeDeploy moves the aliases: a tenth of the calls for
# five minutes, then all of them, and back as soon as an alarm rings.

locals {
  # Each function, in a list that is empty where its system is left out, with the
  # alarms of what stands before it.
  stopped_by = {
    counter    = { function = module.counter[*], alarms = aws_cloudwatch_metric_alarm.counter_api_5xx[*].alarm_name }
    visits     = { function = module.visits[*], alarms = aws_cloudwatch_metric_alarm.owner_api_5xx[*].alarm_name }
    items      = { function = module.items[*], alarms = aws_cloudwatch_metric_alarm.owner_api_5xx[*].alarm_name }
    jobs-split = { function = module.jobs_split[*], alarms = [] }
    jobs-store = { function = module.jobs_store[*], alarms = [] }
    jobs-api   = { function = module.jobs_api[*], alarms = aws_cloudwatch_metric_alarm.owner_api_5xx[*].alarm_name }
  }
  deployed = {
    for name, stopped in local.stopped_by : name => { function = stopped.function[0], alarms = stopped.alarms }
    if var.gradual_deployment && length(stopped.function) > 0
  }
}

resource "aws_codedeploy_app" "this" {
  count = var.gradual_deployment ? 1 : 0

  name             = var.stack_name
  compute_platform = "Lambda"
}

resource "aws_codedeploy_deployment_group" "this" {
  for_each = local.deployed

  app_name               = aws_codedeploy_app.this[0].name
  deployment_group_name  = each.key
  deployment_config_name = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
  service_role_arn       = aws_iam_role.deployment[0].arn

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  alarm_configuration {
    enabled = true
    alarms  = concat(each.value.function.alarm_names, each.value.alarms)
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }
}

resource "aws_iam_role" "deployment" {
  count = var.gradual_deployment ? 1 : 0

  name_prefix = "${var.stack_name}-deployment-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "deployment" {
  count = var.gradual_deployment ? 1 : 0

  role       = aws_iam_role.deployment[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"
}

output "deployments" {
  description = "With gradual_deployment, the commands that start what was not yet deployed"
  value = [
    for name, deployed in local.deployed : join(" ", [
      "aws deploy create-deployment --application-name ${var.stack_name} --deployment-group-name ${name} --revision",
      "'${jsonencode({
        revisionType = "AppSpecContent"
        appSpecContent = {
          content = jsonencode({
            version = "0.0"
            Resources = [{
              (name) = {
                Type = "AWS::Lambda::Function"
                Properties = {
                  Name           = deployed.function.name
                  Alias          = deployed.function.alias
                  CurrentVersion = deployed.function.alias_version
                  TargetVersion  = deployed.function.version
                }
              }
            }]
          })
        }
      })}'",
    ]) if deployed.function.version != deployed.function.alias_version
  ]
}
