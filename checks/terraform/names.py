"""One notation for the references in template.yaml and terraform/, that of
CloudFormation's Fn::Sub: `${JobsTable.Arn}/index/city-index`."""

import re

import hcl

API = "https://${%sApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
# In Terraform and in the template: of all values, this one alone is of a condition.
ORIGIN_SECRET = 'var.origin_secret == "" ? aws_cloudfront_origin_request_policy.api.id : var.origin_secret'
ORIGIN_SECRET_OF_TEMPLATE = {"Fn::If": ["OwnOriginSecret", {"Ref": "OriginSecret"}, {"Ref": "ApiRequestPolicy"}]}
# CloudFormation's form of each reference of Terraform; %s is the label in camel
# case.
REFERENCES = {
    "var.stack_name": "${AWS::StackName}",
    "data.aws_region.this.region": "${AWS::Region}",
    "data.aws_caller_identity.this.account_id": "${AWS::AccountId}",
    "aws_sqs_queue.jobs.url": "${JobsQueue}",
    "aws_sqs_queue.jobs.arn": "${JobsQueue.Arn}",
    "aws_sqs_queue.jobs.name": "${JobsQueue.QueueName}",
    "aws_cloudfront_distribution.site.arn": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${SiteDistribution}",
    "aws_cloudfront_response_headers_policy.site.id": "${SiteHeaders}",
    "aws_cloudfront_cache_policy.owner_api.id": "${OwnerApiCachePolicy}",
    "aws_cloudfront_origin_request_policy.api.id": "${ApiRequestPolicy}",
    "aws_cloudfront_origin_access_control.site.id": "${SiteOriginAccessControl}",
    "aws_cloudfront_function.paths.arn": "${SitePathsFunction.FunctionARN}",
    "aws_cloudfront_function.status.arn": "${SiteStatusFunction.FunctionARN}",
    ORIGIN_SECRET: "${OriginSecret or ApiRequestPolicy}",
    "var.*": "${%s}",
    "module.*_api.id": "${%sApi}",
    "module.*_api.url": API,
    "module.*.name": "${%sFunction}",
    "module.*.arn": "${%sFunction.Arn}",
    "module.*.role_arn": "${%sFunctionIamRole.Arn}",
    "module.*.alias_arn": "${%sFunctionAliaslive}",
    "aws_dynamodb_table.*.name": "${%sTable}",
    "aws_dynamodb_table.*.arn": "${%sTable.Arn}",
    "aws_s3_bucket.*.id": "${%sBucket}",
    "aws_s3_bucket.*.bucket": "${%sBucket}",
    "aws_s3_bucket.*.arn": "${%sBucket.Arn}",
    "aws_s3_bucket.*.bucket_regional_domain_name": "${%sBucket.RegionalDomainName}",
    "aws_sqs_queue.*.url": "${%s}",
    "aws_sqs_queue.*.arn": "${%s.Arn}",
    "aws_sqs_queue.*.name": "${%s.QueueName}",
    "aws_cloudfront_distribution.*.id": "${%sDistribution}",
    "aws_cloudfront_distribution.*.domain_name": "${%sDistribution.DomainName}",
}
PATTERNS = [(re.compile(re.escape(pattern).replace(r"\*", r"(\w+?)")), name) for pattern, name in REFERENCES.items()]


def camel(label):
    return "".join(word[:1].upper() + word[1:] for word in re.split("[_-]", label))


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def of_terraform(value, locals={}):
    """A value of terraform/ in the notation; only references change."""

    def referred(text):
        if text.startswith("local.") and text[6:] in locals:
            return of_terraform(locals[text[6:]], locals)
        for pattern, name in PATTERNS:
            if match := pattern.fullmatch(text):
                # Not with `%`: the notation may hold others.
                return name.replace("%s", camel(match[1])) if match.groups() else name
        return None

    if isinstance(value, dict):
        return {of_terraform(key, locals): of_terraform(item, locals) for key, item in value.items()}
    if isinstance(value, list):
        return [of_terraform(item, locals) for item in value]
    if isinstance(value, hcl.Expression):
        return referred(value) or value
    if isinstance(value, hcl.Template):
        return re.sub(r"\$\{([^}]*)\}", lambda match: referred(match[1]) or match[0], value)
    return value


def of_template(value):
    """A value of template.yaml in the notation; conditions stay as they are."""
    if value == ORIGIN_SECRET_OF_TEMPLATE:
        return REFERENCES[ORIGIN_SECRET]
    if isinstance(value, list):
        return [of_template(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(text)}:
            return text
    return {key: of_template(item) for key, item in value.items()}
