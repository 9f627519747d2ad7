# What all functions have in common.

data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

data "aws_partition" "this" {}

locals {
  # Ends the names of the tables.
  of_stage = var.stage == "" ? "" : "-${var.stage}"
  functions = {
    stack_name            = var.stack_name
    packages              = var.packages
    architecture          = var.architecture
    memory_size           = var.memory_size
    tracing               = var.tracing
    log_retention_in_days = var.log_retention_in_days
    gradual_deployment    = var.gradual_deployment
    alarms                = local.alarmed
    alarm_actions         = local.alarm_actions
    permissions_boundary  = var.permissions_boundary == "" ? null : var.permissions_boundary
  }
}
