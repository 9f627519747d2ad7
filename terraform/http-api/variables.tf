variable "name" {
  type = string
}

variable "routes" {
  description = "The function of each route, such as `GET /counter`"
  type = map(object({
    name       = string
    alias      = string
    invoke_arn = string
  }))
}

variable "cors" {
  description = "The rights of pages of other origins; null is none"
  type = object({
    allow_origins  = list(string)
    allow_methods  = list(string)
    allow_headers  = optional(list(string))
    expose_headers = optional(list(string))
  })
}

variable "throttle_rate" {
  type = number
}

variable "throttle_burst" {
  type = number
}

variable "log_retention_in_days" {
  type = number
}
