locals {
  # The function of each route, in a list that is empty where its system is left out.
  owner_routes = {
    "POST /visits"             = module.visits
    "GET /visits"              = module.visits
    "GET /visits/summary"      = module.visits
    "POST /visits/links"       = module.visits
    "POST /order"              = module.items
    "POST /dynamodbmanager"    = module.items
    "GET /v1/health"           = module.jobs_api
    "GET /v1/jobs"             = module.jobs_api
    "POST /v1/jobs"            = module.jobs_api
    "GET /v1/jobs/{proxy+}"    = module.jobs_api
    "PUT /v1/jobs/{proxy+}"    = module.jobs_api
    "DELETE /v1/jobs/{proxy+}" = module.jobs_api
  }
}

# The API of the owner's routes, in front of three functions.
module "owner_api" {
  source = "./http-api"
  count  = local.has_owner_api ? 1 : 0

  name                  = "${var.stack_name}-owner-api"
  throttle_rate         = var.throttle_rate
  throttle_burst        = var.throttle_burst
  log_retention_in_days = var.log_retention_in_days

  cors = var.owner_origin == "" ? null : {
    allow_origins  = [var.owner_origin]
    allow_methods  = ["GET", "POST", "PUT", "DELETE"]
    allow_headers  = ["authorization", "content-type", "idempotency-key"]
    expose_headers = ["link", "location"]
  }

  routes = { for route, functions in local.owner_routes : route => functions[0] if length(functions) > 0 }
}
