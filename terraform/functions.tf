# What all functions have in common.

data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

data "aws_partition" "this" {}

locals {
  systems       = split(",", var.systems)
  has_visits    = contains(local.systems, "visits")
  has_jobs      = contains(local.systems, "jobs")
  has_items     = contains(local.systems, "items")
  has_owner_api = var.systems != ""
  # The site's name has no items, as no page calls them.
  owner_api_on_site = local.has_visits || local.has_jobs

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
