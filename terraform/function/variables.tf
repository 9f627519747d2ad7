variable "binary" {
  description = "Name of the program, which is the folder of its package"
  type        = string
}

variable "description" {
  type = string
}

variable "timeout" {
  description = "Seconds; a function gives up on its table before, to answer 503 itself"
  type        = number
  default     = 5
}

variable "environment" {
  description = "Its environment variables, beside those of all functions"
  type        = map(string)
}

variable "permissions" {
  description = "The statements of its role, beside those for logging and tracing"
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
}

variable "reserved_concurrency" {
  description = "Calls at once that are kept for it; 0 keeps none"
  type        = number
  default     = 0
}

variable "settings" {
  description = "The settings that all functions share"
  type = object({
    stack_name            = string
    packages              = string
    architecture          = string
    memory_size           = number
    tracing               = string
    log_retention_in_days = number
    gradual_deployment    = bool
    alarms                = bool
    alarm_actions         = list(string)
    permissions_boundary  = string
  })
}
