# The site's files in a private bucket, and the distribution in front of them and
# of both APIs.

locals {
  own_domain = var.domain_name != ""
  # Names in CloudFront hold for the account and not for a region.
  site_name = "${var.stack_name}-${data.aws_region.this.region}"
  # The policy's random id is known in this account alone.
  origin_secret = var.origin_secret == "" ? aws_cloudfront_origin_request_policy.api.id : var.origin_secret
}

resource "aws_s3_bucket" "site" {
  # checkov:skip=CKV_AWS_18:only the distribution reads it
  # checkov:skip=CKV_AWS_144:it is built again from the clone
  # checkov:skip=CKV_AWS_145:encrypted with S3's own key; the files are public
  # checkov:skip=CKV2_AWS_62:nothing waits for new files
  bucket_prefix = "${var.stack_name}-site-"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "site" {
  bucket = aws_s3_bucket.site.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "site" {
  bucket = aws_s3_bucket.site.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = aws_s3_bucket.site.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "site" {
  bucket = aws_s3_bucket.site.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "site" {
  bucket = aws_s3_bucket.site.id

  # A page that was replaced by mistake can be had back for a month.
  rule {
    id     = "replaced"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  rule {
    id     = "unfinished"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.site]
}

resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nobody may list the bucket, so S3 says 403 of what is not there.
      {
        Sid       = "ReadByTheDistribution"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.site.arn}/*"
        Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.site.arn } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.site.arn, "${aws_s3_bucket.site.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # Two changes of a bucket's rights at once are refused.
  depends_on = [aws_s3_bucket_public_access_block.site]
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = local.site_name
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "paths" {
  name    = "${local.site_name}-paths"
  comment = "A folder is its index.html, as on any web server"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = <<-EOT
    function handler(event) {
      var request = event.request;
      if (request.uri === '/dashboard' || request.uri === '/jobs') {
        var asked = request.querystring;
        var query = Object.keys(asked).map((name) => name + '=' + asked[name].value).join('&');
        return {
          statusCode: 301,
          statusDescription: 'Moved Permanently',
          headers: { location: { value: request.uri + '/' + (query && '?' + query) } },
        };
      }
      if (request.uri.endsWith('/')) {
        request.uri += 'index.html';
      }
      return request;
    }
  EOT
}

# A rule for errors holds for all origins, and the one for what the bucket does not
# have would replace a 403 of the APIs. So they answer the distribution, which says
# that it is one, with the status in a header; of an answer beyond 399 no function of
# CloudFront's is asked.
resource "aws_cloudfront_function" "status" {
  name    = "${local.site_name}-status"
  comment = "A status that an API has put into a header"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = <<-EOT
    function handler(event) {
      var response = event.response;
      var status = response.headers['x-status'];
      if (status) {
        response.statusCode = Number(status.value);
        response.statusDescription = 'Forbidden';
        delete response.headers['x-status'];
      }
      return response;
    }
  EOT
}

resource "aws_cloudfront_response_headers_policy" "site" {
  # checkov:skip=CKV_AWS_259:it asks for a preload of all names below, which are the domain's owner's to decide
  name = local.site_name

  security_headers_config {
    # What the pages say of themselves, and that nobody may frame them. Where a
    # portrait comes from is left to the page's own, which names the place.
    content_security_policy {
      override                = true
      content_security_policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${var.script_hashes}; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }

    # Of names below it the domain's owner has to decide.
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = false
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "cross-origin-opener-policy"
      value    = "same-origin"
      override = true
    }
  }
}

# Without `Authorization` in the key CloudFront would not pass it on, and the list of
# headers to pass on is full without `Sec-Fetch-Site`. A policy that keeps nothing at
# all has no key, hence the seconds, for which an answer that everyone gets says that
# it may be kept: job offers do, and all others say `no-store`. The query is in the key
# because requests of one key that come at once wait for the first one's answer.
resource "aws_cloudfront_cache_policy" "owner_api" {
  count = local.owner_api_on_site ? 1 : 0

  name        = "${local.site_name}-owner-api"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 5

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = false
    enable_accept_encoding_gzip   = false

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = ["Authorization", "Sec-Fetch-Site"]
      }
    }

    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_origin_request_policy" "api" {
  name = "${local.site_name}-api"

  # The owner's mark. No function reads it, but CloudFront takes the cookies out of an
  # answer where it passes none on.
  cookies_config {
    cookie_behavior = "whitelist"

    cookies {
      items = ["count"]
    }
  }

  # What the functions read and what CORS needs, ten being the most there may be.
  # Never `Host`: by it API Gateway knows which API is meant.
  headers_config {
    header_behavior = "whitelist"

    headers {
      items = [
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "CloudFront-Viewer-Address",
        "CloudFront-Viewer-City",
        "CloudFront-Viewer-Country",
        "Content-Type",
        "Idempotency-Key",
        "Origin",
        "Sec-Purpose",
        "User-Agent",
      ]
    }
  }

  query_strings_config {
    query_string_behavior = "all"
  }
}

resource "aws_cloudfront_distribution" "site" {
  # checkov:skip=CKV_AWS_68:a web ACL costs more than all the rest; routes are throttled
  # checkov:skip=CKV_AWS_86:its log would hold visitors' addresses
  # checkov:skip=CKV_AWS_174:TLS 1.2 with an own certificate, which is the only case in which CloudFront lets it be chosen
  # checkov:skip=CKV_AWS_310:there is one bucket and one API of each kind
  # checkov:skip=CKV_AWS_374:a résumé is for the whole world
  # checkov:skip=CKV2_AWS_47:a web ACL costs more than all the rest, and nothing here is Java
  comment             = var.stack_name
  enabled             = true
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  default_root_object = "index.html"
  aliases             = local.own_domain ? [var.domain_name] : []
  # North America and Europe, which cost least.
  price_class = "PriceClass_100"

  viewer_certificate {
    cloudfront_default_certificate = !local.own_domain
    acm_certificate_arn            = local.own_domain ? var.certificate_arn : null
    minimum_protocol_version       = local.own_domain ? "TLSv1.2_2021" : null
    ssl_support_method             = local.own_domain ? "sni-only" : null
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  origin {
    origin_id   = "counter-api"
    domain_name = trimprefix(module.counter_api.url, "https://")

    custom_header {
      name  = "x-cdn"
      value = "cloudfront"
    }

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  dynamic "origin" {
    for_each = local.owner_api_on_site ? [1] : []

    content {
      origin_id   = "owner-api"
      domain_name = trimprefix(module.owner_api[0].url, "https://")

      custom_header {
        name  = "x-cdn"
        value = "cloudfront"
      }

      # The visits function believes CloudFront's other headers with it alone.
      custom_header {
        name  = "x-origin-secret"
        value = local.origin_secret
      }

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    # AWS's CachingOptimized, which keeps a file as long as its own header says.
    cache_policy_id            = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.paths.arn
    }
  }

  ordered_cache_behavior {
    path_pattern           = "/counter"
    target_origin_id       = "counter-api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    cached_methods         = ["GET", "HEAD"]
    # AWS's CachingDisabled: of two hits at once each is counted.
    cache_policy_id            = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.api.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    function_association {
      event_type   = "viewer-response"
      function_arn = aws_cloudfront_function.status.arn
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/badge.*"
    target_origin_id           = "counter-api"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.api.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    function_association {
      event_type   = "viewer-response"
      function_arn = aws_cloudfront_function.status.arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.has_visits ? [1] : []

    content {
      path_pattern               = "/visits*"
      target_origin_id           = "owner-api"
      viewer_protocol_policy     = "https-only"
      allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
      cached_methods             = ["GET", "HEAD"]
      cache_policy_id            = aws_cloudfront_cache_policy.owner_api[0].id
      origin_request_policy_id   = aws_cloudfront_origin_request_policy.api.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

      function_association {
        event_type   = "viewer-response"
        function_arn = aws_cloudfront_function.status.arn
      }
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.has_jobs ? [1] : []

    content {
      path_pattern               = "/v1/*"
      target_origin_id           = "owner-api"
      viewer_protocol_policy     = "https-only"
      allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
      cached_methods             = ["GET", "HEAD"]
      cache_policy_id            = aws_cloudfront_cache_policy.owner_api[0].id
      origin_request_policy_id   = aws_cloudfront_origin_request_policy.api.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

      function_association {
        event_type   = "viewer-response"
        function_arn = aws_cloudfront_function.status.arn
      }
    }
  }

  # Only the bucket answers so, of what is not there.
  custom_error_response {
    error_code            = 403
    error_caching_min_ttl = 10
    response_code         = 404
    response_page_path    = "/404.html"
  }

  # CloudFront keeps these for ten seconds, whatever the answer says, where it is
  # not told otherwise: an API's would be given to others.
  dynamic "custom_error_response" {
    for_each = [404, 405, 414, 500, 501, 502, 503, 504]

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }
}

resource "aws_route53_record" "site" {
  for_each = toset(local.own_domain && var.hosted_zone_id != "" ? ["A", "AAAA"] : [])

  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.site.domain_name
    zone_id                = aws_cloudfront_distribution.site.hosted_zone_id
    evaluate_target_health = false
  }
}
