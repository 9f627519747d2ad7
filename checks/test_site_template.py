"""The site's resources in template.yaml, literally."""

import json
import re
import subprocess
import unittest

from template import TemplateTest, ref

NAME = "${AWS::StackName}-${AWS::Region}"
NOTHING = ref("AWS::NoValue")


def named(suffix=""):
    """A name in CloudFront, unlike that of a stack in another region."""
    return {"Fn::Sub": NAME + suffix}


class SiteTemplate(TemplateTest):
    def distribution(self):
        return self.properties("SiteDistribution")["DistributionConfig"]

    def test_only_the_distribution_reads_the_bucket(self):
        arn_of_distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${SiteDistribution}"
        self.assert_private_bucket(
            "SiteBucket",
            {
                "Sid": "ReadByTheDistribution",
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": {"Fn::Sub": "${SiteBucket.Arn}/*"},
                "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::Sub": arn_of_distribution}}},
            },
        )
        self.assertEqual(
            self.properties("SiteOriginAccessControl")["OriginAccessControlConfig"],
            {
                "Name": named(),
                "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always",
                "SigningProtocol": "sigv4",
            },
        )

    def test_a_replaced_page_is_kept_for_a_month(self):
        bucket = self.properties("SiteBucket")
        self.assertEqual(bucket["VersioningConfiguration"], {"Status": "Enabled"})
        self.assertEqual(
            bucket["LifecycleConfiguration"]["Rules"][0],
            {"Id": "replaced", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        )

    def test_the_distribution_speaks_http_3_and_asks_its_origins_by_tls(self):
        distribution = dict(self.distribution())
        for name in ("Aliases", "ViewerCertificate", "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses"):
            del distribution[name]
        tls = {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
        secret = self.resources["VisitsFunction"]["Properties"]["Environment"]["Variables"]["CLOUDFRONT_SECRET"]
        self.assertEqual(secret, {"Fn::If": ["OwnOriginSecret", ref("OriginSecret"), ref("ApiRequestPolicy")]})
        self.assertEqual(
            distribution,
            {
                "Comment": ref("AWS::StackName"),
                "Enabled": True,
                "HttpVersion": "http2and3",
                "IPV6Enabled": True,
                "PriceClass": "PriceClass_100",
                "DefaultRootObject": "index.html",
                "Origins": [
                    {
                        "Id": "site",
                        "DomainName": {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]},
                        "OriginAccessControlId": ref("SiteOriginAccessControl"),
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    },
                    *(
                        {
                            "Id": name,
                            "DomainName": domain(api),
                            # By x-cdn the functions know that a 403 would be replaced.
                            "OriginCustomHeaders": [{"HeaderName": "x-cdn", "HeaderValue": "cloudfront"}, *secrets],
                            "CustomOriginConfig": tls,
                        }
                        for name, api, secrets in (
                            ("counter-api", "CounterApi", []),
                            ("owner-api", "OwnerApi", [{"HeaderName": "x-origin-secret", "HeaderValue": secret}]),
                        )
                    ),
                ],
            },
        )

    def test_files_are_compressed_and_kept_as_long_as_they_say(self):
        caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
        self.assertEqual(
            self.distribution()["DefaultCacheBehavior"],
            {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
                "Compress": True,
                "CachePolicyId": caching_optimized,
                "ResponseHeadersPolicyId": ref("SiteHeaders"),
                "FunctionAssociations": [
                    {
                        "EventType": "viewer-request",
                        "FunctionARN": {"Fn::GetAtt": ["SitePathsFunction", "FunctionARN"]},
                    }
                ],
            },
        )

    def test_the_apis_are_behind_the_same_name_and_kept_for_seconds_at_most(self):
        caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        self.assertEqual(
            self.distribution()["CacheBehaviors"],
            [
                {
                    "PathPattern": path,
                    "TargetOriginId": origin,
                    "ViewerProtocolPolicy": "https-only",
                    "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                    "CachePolicyId": cache,
                    "OriginRequestPolicyId": ref("ApiRequestPolicy"),
                    "ResponseHeadersPolicyId": ref("SiteHeaders"),
                    "FunctionAssociations": [
                        {
                            "EventType": "viewer-response",
                            "FunctionARN": {"Fn::GetAtt": ["SiteStatusFunction", "FunctionARN"]},
                        }
                    ],
                }
                for path, origin, cache in (
                    ("/counter", "counter-api", caching_disabled),
                    ("/badge.*", "counter-api", caching_disabled),
                    ("/visits*", "owner-api", ref("OwnerApiCachePolicy")),
                    ("/v1/*", "owner-api", ref("OwnerApiCachePolicy")),
                )
            ],
        )
        self.assertEqual(
            self.properties("OwnerApiCachePolicy")["CachePolicyConfig"],
            {
                "Name": named("-owner-api"),
                "MinTTL": 0,
                "DefaultTTL": 0,
                "MaxTTL": 5,
                "ParametersInCacheKeyAndForwardedToOrigin": {
                    "CookiesConfig": {"CookieBehavior": "none"},
                    "EnableAcceptEncodingBrotli": False,
                    "EnableAcceptEncodingGzip": False,
                    "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Authorization", "Sec-Fetch-Site"]},
                    "QueryStringsConfig": {"QueryStringBehavior": "all"},
                },
            },
        )

    def test_the_apis_are_told_what_the_functions_read(self):
        self.assertEqual(
            self.properties("ApiRequestPolicy")["OriginRequestPolicyConfig"],
            {
                "Name": named("-api"),
                # Without one CloudFront would take the owner's mark out of an answer.
                "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["count"]},
                "HeadersConfig": {
                    "HeaderBehavior": "whitelist",
                    # CloudFront takes ten at most, and `Authorization` in a cache policy only.
                    "Headers": [
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
                    ],
                },
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        )

    def test_a_dead_link_is_a_404_and_no_error_is_kept_for_others(self):
        missing, *errors = self.distribution()["CustomErrorResponses"]
        self.assertEqual(
            missing,
            {"ErrorCode": 403, "ErrorCachingMinTTL": 10, "ResponseCode": 404, "ResponsePagePath": "/404.html"},
        )
        self.assertEqual(
            errors,
            [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in (404, 405, 414, 500, 501, 502, 503, 504)],
        )

    def test_every_answer_carries_the_security_headers(self):
        policy = (
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${ScriptHashes}; style-src 'self'; "
            "img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )
        self.assertEqual(
            self.properties("SiteHeaders")["ResponseHeadersPolicyConfig"],
            {
                "Name": named(),
                "SecurityHeadersConfig": {
                    "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": {"Fn::Sub": policy}},
                    "ContentTypeOptions": {"Override": True},
                    "FrameOptions": {"FrameOption": "DENY", "Override": True},
                    "ReferrerPolicy": {"ReferrerPolicy": "strict-origin-when-cross-origin", "Override": True},
                    "StrictTransportSecurity": {
                        "AccessControlMaxAgeSec": 31536000,
                        "IncludeSubdomains": False,
                        "Override": True,
                    },
                },
                "CustomHeadersConfig": {
                    "Items": [{"Header": "cross-origin-opener-policy", "Value": "same-origin", "Override": True}]
                },
            },
        )
        longest = self.template["Parameters"]["ScriptHashes"]["MaxLength"]
        self.assertLessEqual(len(policy) + longest, 1783, "the most that CloudFront takes")

    def test_only_hashes_may_be_added_to_the_policy(self):
        allowed = self.template["Parameters"]["ScriptHashes"]["AllowedPattern"]
        source = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        for sources in ("", source, f"{source} {source}"):
            self.assertTrue(re.fullmatch(allowed, sources), sources)
        for sources in ("'unsafe-inline'", f"{source};", f"{source} https:", source.strip("'"), f" {source}"):
            self.assertFalse(re.fullmatch(allowed, sources), sources)

    def test_an_own_domain_has_its_certificate_and_perhaps_records(self):
        distribution = self.distribution()
        self.assertEqual(distribution["Aliases"], {"Fn::If": ["OwnDomain", [ref("DomainName")], NOTHING]})
        certificate = {
            "AcmCertificateArn": ref("CertificateArn"),
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "SslSupportMethod": "sni-only",
        }
        self.assertEqual(
            distribution["ViewerCertificate"],
            {"Fn::If": ["OwnDomain", certificate, {"CloudFrontDefaultCertificate": True}]},
        )
        for name, kind in (("SiteRecordIpv4", "A"), ("SiteRecordIpv6", "AAAA")):
            self.assertEqual(self.resources[name]["Condition"], "OwnZone")
            self.assertEqual(
                self.properties(name),
                {
                    "HostedZoneId": ref("HostedZoneId"),
                    "Name": ref("DomainName"),
                    "Type": kind,
                    "AliasTarget": {
                        "DNSName": {"Fn::GetAtt": ["SiteDistribution", "DomainName"]},
                        "HostedZoneId": "Z2FDTNDATAQYW2",
                    },
                },
            )

        def given(name):
            return {"Fn::Not": [{"Fn::Equals": [ref(name), ""]}]}

        conditions = self.template["Conditions"]
        self.assertEqual(conditions["OwnDomain"], given("DomainName"))
        self.assertEqual(conditions["OwnZone"], {"Fn::And": [{"Condition": "OwnDomain"}, given("HostedZoneId")]})
        self.assertEqual(
            self.template["Rules"]["OwnDomainHasItsCertificate"],
            {
                "RuleCondition": given("DomainName"),
                "Assertions": [{"Assert": given("CertificateArn"), "AssertDescription": "DomainName needs CertificateArn"}],
            },
        )

    def test_a_domain_and_its_certificate_are_what_cloudfront_takes(self):
        for parameter, good, bad in (
            ("DomainName", ("", "example.com", "www.xn--rsum-bpad.example"), ("https://example.com", "example", "*.a.b")),
            (
                "CertificateArn",
                ("", "arn:aws:acm:us-east-1:123456789012:certificate/12ab-34cd"),
                ("arn:aws:acm:eu-west-1:123456789012:certificate/12ab-34cd", "12ab-34cd"),
            ),
            ("HostedZoneId", ("", "Z0123456789ABCDEFGHIJ"), ("example.com", "/hostedzone/Z0123456789ABCDEFGHIJ")),
        ):
            allowed = self.template["Parameters"][parameter]["AllowedPattern"]
            for value in good:
                self.assertTrue(re.fullmatch(allowed, value), value)
            for value in bad:
                self.assertFalse(re.fullmatch(allowed, value), value)


class EdgeTest(TemplateTest):
    def run_function(self, name, events):
        """What one of CloudFront's functions makes of each event, run by node."""
        function = self.properties(f"Site{name}Function")
        self.assertEqual((function["Name"], function["AutoPublish"]), (named(f"-{name.lower()}"), True))
        self.assertEqual(function["FunctionConfig"]["Runtime"], "cloudfront-js-2.0")
        script = f"{function['FunctionCode']}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)))"
        run = subprocess.run(["node", "--eval", script], capture_output=True, text=True, check=True)
        return json.loads(run.stdout)


class Status(EdgeTest):
    """The function behind the APIs, which says what the custom errors would replace."""

    def test_a_status_in_a_header_is_the_answers_and_all_else_stays(self):
        kept = {"content-type": {"value": "application/json"}}
        hidden = {"statusCode": 200, "statusDescription": "OK", "headers": {**kept, "x-status": {"value": "403"}}}
        plain = {"statusCode": 201, "statusDescription": "Created", "headers": kept, "cookies": {"count": {"value": "off"}}}
        self.assertEqual(
            self.run_function("Status", [{"response": hidden}, {"response": plain}]),
            [{"statusCode": 403, "statusDescription": "Forbidden", "headers": kept}, plain],
        )


class Paths(EdgeTest):
    """The function in front of the site's files."""

    def answers(self, *paths, querystring={}):
        """The function's answers to requests for each of `paths`."""
        requests = [{"method": "GET", "uri": path, "querystring": querystring} for path in paths]
        return self.run_function("Paths", [{"request": request} for request in requests])

    def test_a_folder_is_its_index(self):
        paths = ("/", "/dashboard/", "/jobs/", "/index.html", "/style-0123456789abcdef.css", "/dashboards")
        self.assertEqual(
            [answer["uri"] for answer in self.answers(*paths)],
            ["/index.html", "/dashboard/index.html", "/jobs/index.html", *paths[3:]],
        )

    def test_a_folder_without_its_slash_is_sent_to_the_one_with_it(self):
        self.assertEqual(
            self.answers("/dashboard", "/jobs"),
            [
                {"statusCode": 301, "statusDescription": "Moved Permanently", "headers": {"location": {"value": path}}}
                for path in ("/dashboard/", "/jobs/")
            ],
        )

    def test_what_is_asked_for_is_not_lost_on_the_way_to_the_slash(self):
        asked = {"city": {"value": "Saint-%C3%89tienne"}, "keyword": {"value": "rust"}}
        [answer] = self.answers("/jobs", querystring=asked)
        self.assertEqual(answer["headers"]["location"]["value"], "/jobs/?city=Saint-%C3%89tienne&keyword=rust")


def domain(api):
    return {"Fn::Sub": f"${{{api}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"}


if __name__ == "__main__":
    unittest.main()
