# The parameters of template.yaml by the same names, and where the packages are.

variable "stack_name" {
  description = "Beginning of the names of what is made, and namespace of the metrics"
  type        = string
  default     = "resume-counter"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,23}$", var.stack_name))
    error_message = "The stack's name has up to 24 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "packages" {
  description = "Folder of the functions' packages, as `cargo lambda build --output-format zip` leaves it"
  type        = string
  default     = "../target/lambda"
}

variable "stage" {
  description = "Ends the names of the tables, so that several stacks fit into one region; everything else is named after the stack"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(([a-z][a-z0-9]{0,10})?)$", var.stage))
    error_message = "Either nothing or up to eleven small letters and digits."
  }
}

variable "systems" {
  description = "The systems beside the counter and the site, in this order; of those left out there is nothing but the data that they had"
  type        = string
  default     = "visits,jobs,items"

  validation {
    condition     = contains(["visits,jobs,items", "visits,jobs", "visits,items", "jobs,items", "visits", "jobs", "items", ""], var.systems)
    error_message = "Some of visits,jobs,items, in this order, with a comma and nothing else between two."
  }
}

variable "table_name_parameter" {
  description = "The table of the counts, one item per page"
  type        = string
  default     = "CloudResumeCounterHits"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_.-]{3,64})$", var.table_name_parameter))
    error_message = "The name of a table has 3 to 64 letters, digits, points, hyphens and underscores."
  }
}

variable "table_deletion_protection" {
  description = "True if DynamoDB has to refuse to delete the tables"
  type        = bool
  default     = true
}

variable "allowed_origins" {
  description = "Origins whose pages may read the counter, with commas between, or *"
  type        = string
  default     = "*"

  validation {
    condition     = can(regex("^(\\*|https?://[^,/ ]+(,https?://[^,/ ]+)*)$", var.allowed_origins))
    error_message = "Either * or origins such as https://example.com, with a comma and nothing else between two."
  }
}

variable "counted_hosts" {
  description = "Hosts whose pages are counted and whose visits are recorded, with commas between; with nothing those of any host"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(([!-+.0-~-]+(,[!-+.0-~-]+)*)?)$", var.counted_hosts)) && length(var.counted_hosts) <= 74
    error_message = "Either nothing or hosts as browsers write them, such as example.com or xn--bcher-kva.example, with a comma and nothing else between two, up to 74 letters."
  }
}

variable "max_pages" {
  description = "Pages that are counted, and properties whose visits are recorded, at most; a new one beyond them is refused"
  type        = number
  default     = 1000

  validation {
    condition     = var.max_pages >= 1 && var.max_pages <= 9999999
    error_message = "Between 1 and 9999999."
  }
}

variable "visit_retention_days" {
  description = "Days after which single visits are deleted, while the totals of their days stay; 0 keeps them for good"
  type        = number
  default     = 0

  validation {
    condition     = var.visit_retention_days >= 0 && var.visit_retention_days <= 65535
    error_message = "Between 0 and 65535."
  }
}

variable "visit_time_zone" {
  description = "Time zone of the days and hours of visits, by its name in the IANA database, such as Europe/Berlin"
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^([A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*)$", var.visit_time_zone)) && length(var.visit_time_zone) <= 32
    error_message = "A name of the IANA database of time zones, such as Europe/Berlin."
  }
}

variable "throttle_rate" {
  description = "Requests a second, of all clients together, before the answer is 429"
  type        = number
  default     = 10

  validation {
    condition     = var.throttle_rate >= 1
    error_message = "At least 1."
  }
}

variable "throttle_burst" {
  description = "Requests that may come at once"
  type        = number
  default     = 10

  validation {
    condition     = var.throttle_burst >= 1
    error_message = "At least 1."
  }
}

variable "architecture" {
  description = "The functions' processor; arm64 costs a fifth less"
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Either arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "The functions' memory in MB, to which their share of a processor is proportional"
  type        = number
  default     = 128

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "Between 128 and 10240."
  }
}

variable "log_retention_in_days" {
  description = "Days until a line of a log is deleted"
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "CloudWatch keeps logs for certain numbers of days only, such as 7, 30 or 365."
  }
}

variable "owner_token_sha256" {
  description = "SHA-256 of the owner's token; nothing lets nobody in"
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = can(regex("^(([0-9a-f]{64})?)$", var.owner_token_sha256))
    error_message = "Either nothing or a SHA-256 in 64 hexadecimal digits."
  }
}

variable "origin_secret" {
  description = "The secret by which the visits function believes CloudFront; with nothing the stack makes one"
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = can(regex("^(([A-Za-z0-9_-]{16,64})?)$", var.origin_secret))
    error_message = "Either nothing or 16 to 64 letters, digits, - and _."
  }
}

variable "owner_origin" {
  description = "Origin whose pages may call the owner's routes; those of the API's own origin may anyway"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^((https?://[^,/ ]+)?)$", var.owner_origin))
    error_message = "Either nothing or an origin such as https://example.com."
  }
}

variable "visits_table_name" {
  description = "The table of the visits"
  type        = string
  default     = "visits"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_.-]{3,64})$", var.visits_table_name))
    error_message = "The name of a table has 3 to 64 letters, digits, points, hyphens and underscores."
  }
}

variable "order_table_name" {
  description = "The table of POST /order"
  type        = string
  default     = "order-microservice-db"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_.-]{3,64})$", var.order_table_name))
    error_message = "The name of a table has 3 to 64 letters, digits, points, hyphens and underscores."
  }
}

variable "manager_table_name" {
  description = "The table of POST /dynamodbmanager"
  type        = string
  default     = "anything"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_.-]{3,64})$", var.manager_table_name))
    error_message = "The name of a table has 3 to 64 letters, digits, points, hyphens and underscores."
  }
}

variable "jobs_table_name" {
  description = "The table of the job offers"
  type        = string
  default     = "job-offers"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_.-]{3,64})$", var.jobs_table_name))
    error_message = "The name of a table has 3 to 64 letters, digits, points, hyphens and underscores."
  }
}

variable "jobs_table_capacity" {
  description = "Reads and writes a second that the table of the job offers, and each of its two indexes, is provisioned for; 0 means as many as come, each of which is paid for"
  type        = number
  default     = 0

  validation {
    condition     = var.jobs_table_capacity >= 0
    error_message = "At least 0."
  }
}

variable "domain_name" {
  description = "The site's own domain, which needs a certificate; without it the site has a name of CloudFront's"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(([a-z0-9-]+(\\.[a-z0-9-]+)+)?)$", var.domain_name))
    error_message = "Either nothing or a name such as www.example.com."
  }

  validation {
    condition     = var.domain_name == "" || var.certificate_arn != ""
    error_message = "An own domain needs certificate_arn."
  }
}

variable "certificate_arn" {
  description = "The certificate of the site's own domain, in us-east-1"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^((arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]+)?)$", var.certificate_arn))
    error_message = "Either nothing or the ARN of a certificate of ACM in us-east-1."
  }
}

variable "hosted_zone_id" {
  description = "The hosted zone in which the site's own domain is entered; without it, point the domain to the site yourself"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^((Z[0-9A-Z]{1,31})?)$", var.hosted_zone_id))
    error_message = "Either nothing or the ID of a hosted zone of Route 53."
  }
}

variable "script_hashes" {
  description = "Sources of the inline scripts in the site's pages, as a content security policy names them"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(('sha(256|384|512)-[A-Za-z0-9+/]+={0,2}'( 'sha(256|384|512)-[A-Za-z0-9+/]+={0,2}')*)?)$", var.script_hashes))
    error_message = "Either nothing or sources such as 'sha256-…', with a space between two."
  }

  validation {
    condition     = length(var.script_hashes) <= 1400
    error_message = "CloudFront takes 1,783 bytes of policy."
  }
}

variable "reserved_concurrency" {
  description = "Calls at once that are kept for each function behind HTTP, which is also the most it gets; 0 keeps none"
  type        = number
  default     = 0

  validation {
    condition     = var.reserved_concurrency >= 0
    error_message = "At least 0."
  }
}

variable "alarm_email" {
  description = "Address that alarms and the budget write to; without it there is neither e-mail nor any alarm that costs money"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(([^@ ]+@[^@ ]+)?)$", var.alarm_email))
    error_message = "Either nothing or an e-mail address."
  }
}

variable "monthly_budget" {
  description = "USD a month, beyond which the budget writes to alarm_email"
  type        = number
  default     = 5

  validation {
    condition     = var.monthly_budget >= 1
    error_message = "At least 1."
  }
}

variable "gradual_deployment" {
  description = "True if CodeDeploy gives a new version a tenth of the calls for five minutes first"
  type        = bool
  default     = false
}

variable "tracing" {
  description = "Active has X-Ray trace requests, which nearly doubles the bill of a busy site; PassThrough leaves it to the caller"
  type        = string
  default     = "PassThrough"

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "Either Active or PassThrough."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds what the functions' roles may ever be given"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^((arn:[a-z-]+:iam::[0-9]{12}:policy/[\\w+=,.@/-]+)?)$", var.permissions_boundary))
    error_message = "Either nothing or the ARN of a managed policy."
  }
}
