terraform {
  # The first whose S3 backend locks the state without a table.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The bucket and its region are given to `terraform init`; see README.md.
  backend "s3" {
    key          = "resume-counter.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

# The region and the credentials are those of the environment.
provider "aws" {}
