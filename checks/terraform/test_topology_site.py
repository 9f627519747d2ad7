"""The site's distribution, in template.yaml and in terraform/."""

import textwrap
import unittest

from names import snake
from topology import TopologyTest

API = ".execute-api.${AWS::Region}.${AWS::URLSuffix}"


class Site(TopologyTest):
    def only(self, kind):
        (block,) = self.of_kind(f"aws_cloudfront_{kind}").values()
        return block

    def config(self, type):
        """The inner properties of the only resource of a type."""
        (resource,) = self.of_type(f"CloudFront::{type}").values()
        return resource[f"{type}Config"]

    def test_the_distribution_is_set_up_alike(self):
        own, theirs = self.only("distribution"), self.config("Distribution")
        self.assertEqual(
            [
                own[key]
                for key in (
                    "comment",
                    "enabled",
                    "http_version",
                    "is_ipv6_enabled",
                    "price_class",
                    "default_root_object",
                )
            ],
            [
                theirs[key]
                for key in ("Comment", "Enabled", "HttpVersion", "IPV6Enabled", "PriceClass", "DefaultRootObject")
            ],
        )
        self.assertEqual(own["aliases"], "local.own_domain ? [var.domain_name] : []")
        self.assertEqual(theirs["Aliases"], {"Fn::If": ["OwnDomain", ["${DomainName}"], "${AWS::NoValue}"]})
        _, certificate, default = theirs["ViewerCertificate"]["Fn::If"]
        self.assertEqual(default, {"CloudFrontDefaultCertificate": True})
        self.assertEqual(
            own["viewer_certificate"],
            [
                {
                    "cloudfront_default_certificate": "!local.own_domain",
                    "acm_certificate_arn": "local.own_domain ? var.certificate_arn : null",
                    "minimum_protocol_version": f'local.own_domain ? "{certificate["MinimumProtocolVersion"]}" : null',
                    "ssl_support_method": f'local.own_domain ? "{certificate["SslSupportMethod"]}" : null',
                }
            ],
        )

    def test_the_origins_are_the_same(self):
        def custom(origin):
            (config,) = origin.get("custom_origin_config", [{}])
            headers = [(header["name"], header["value"]) for header in origin.get("custom_header", [])]
            return headers, config.get("origin_protocol_policy"), config.get("origin_ssl_protocols")

        def custom_of_template(origin):
            config = origin.get("CustomOriginConfig", {})
            headers = origin.get("OriginCustomHeaders", [])
            headers = [(header["HeaderName"], header["HeaderValue"]) for header in headers]
            return headers, config.get("OriginProtocolPolicy"), config.get("OriginSSLProtocols")

        domains = {
            f'trimprefix(module.{name}_api.url, "https://")': f"${{{name.title()}Api}}{API}"
            for name in ("counter", "owner")
        }
        self.assertEqual(
            {
                origin["origin_id"]: (
                    domains.get(origin["domain_name"], origin["domain_name"]),
                    origin.get("origin_access_control_id"),
                    *custom(origin),
                )
                for origin in self.only("distribution")["origin"]
            },
            {
                origin["Id"]: (origin["DomainName"], origin.get("OriginAccessControlId"), *custom_of_template(origin))
                for origin in self.config("Distribution")["Origins"]
            },
        )

    def test_the_owners_api_gets_the_secret_that_the_function_knows(self):
        (owner_api,) = [o for o in self.only("distribution")["origin"] if o["origin_id"] == "owner-api"]
        (theirs,) = [o for o in self.config("Distribution")["Origins"] if o["Id"] == "owner-api"]
        header = {"name": "x-origin-secret", "value": "${OriginSecret or ApiRequestPolicy}"}
        self.assertIn(header, owner_api["custom_header"])
        self.assertIn({"HeaderName": header["name"], "HeaderValue": header["value"]}, theirs["OriginCustomHeaders"])

    def test_the_behaviours_are_the_same_in_the_same_order(self):
        words = {
            "path_pattern": "PathPattern",
            "target_origin_id": "TargetOriginId",
            "viewer_protocol_policy": "ViewerProtocolPolicy",
            "cache_policy_id": "CachePolicyId",
            "origin_request_policy_id": "OriginRequestPolicyId",
            "response_headers_policy_id": "ResponseHeadersPolicyId",
            "compress": "Compress",
        }
        distribution, config = self.only("distribution"), self.config("Distribution")
        own = [*distribution["default_cache_behavior"], *distribution["ordered_cache_behavior"]]
        theirs = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
        self.assertEqual(
            [
                (
                    [behaviour.get(word) for word in words],
                    sorted(behaviour["allowed_methods"]),
                    [
                        (called["event_type"], called["function_arn"])
                        for called in behaviour.get("function_association", [])
                    ],
                )
                for behaviour in own
            ],
            [
                (
                    [behaviour.get(word) for word in words.values()],
                    # CloudFormation's default.
                    sorted(behaviour.get("AllowedMethods", ["GET", "HEAD"])),
                    [
                        (called["EventType"], called["FunctionARN"])
                        for called in behaviour.get("FunctionAssociations", [])
                    ],
                )
                for behaviour in theirs
            ],
        )

    def test_errors_are_answered_alike(self):
        own = self.only("distribution")
        (dynamic,) = (block["custom_error_response"] for block in own["dynamic"])
        (content,) = dynamic["content"]
        self.assertEqual(content["error_code"], "custom_error_response.value")
        errors = {error["error_code"]: error for error in own["custom_error_response"]}
        errors.update((code, content) for code in dynamic["for_each"])
        words = ("error_caching_min_ttl", "response_code", "response_page_path")
        self.assertEqual(
            {code: [error.get(word) for word in words] for code, error in errors.items()},
            {
                error["ErrorCode"]: [
                    error.get(word) for word in ("ErrorCachingMinTTL", "ResponseCode", "ResponsePagePath")
                ]
                for error in self.config("Distribution")["CustomErrorResponses"]
            },
        )

    def test_the_functions_at_the_edge_are_the_same(self):
        own = self.of_kind("aws_cloudfront_function")
        theirs = self.of_type("CloudFront::Function")
        self.assertEqual({f"Site{label.title()}Function" for label in own}, set(theirs))
        for label, ours in own.items():
            function = theirs[f"Site{label.title()}Function"]
            self.assertEqual(textwrap.dedent(ours["code"]).strip(), function["FunctionCode"].strip())
            self.assertEqual((ours["name"], ours["publish"]), (function["Name"], function["AutoPublish"]))
            config = function["FunctionConfig"]
            self.assertEqual((ours["runtime"], ours["comment"]), (config["Runtime"], config["Comment"]))

    def test_the_headers_are_the_same(self):
        own, theirs = self.only("response_headers_policy"), self.config("ResponseHeadersPolicy")
        self.assertEqual(own["name"], theirs["Name"])
        # The words differ only in case.
        security = {
            snake(header): {snake(word): value for word, value in settings.items()}
            for header, settings in theirs["SecurityHeadersConfig"].items()
        }
        self.assertEqual({header: block for header, (block,) in own["security_headers_config"][0].items()}, security)
        self.assertEqual(
            [(item["header"], item["value"], item["override"]) for item in own["custom_headers_config"][0]["items"]],
            [(item["Header"], item["Value"], item["Override"]) for item in theirs["CustomHeadersConfig"]["Items"]],
        )

    def test_what_is_in_the_cache_key_and_what_is_passed_on_are_the_same(self):
        own, theirs = self.only("cache_policy"), self.config("CachePolicy")
        self.assertEqual(
            [own[key] for key in ("name", "min_ttl", "default_ttl", "max_ttl")],
            [theirs[key] for key in ("Name", "MinTTL", "DefaultTTL", "MaxTTL")],
        )
        (key,) = own["parameters_in_cache_key_and_forwarded_to_origin"]
        named = theirs["ParametersInCacheKeyAndForwardedToOrigin"]
        for kind in ("brotli", "gzip"):
            self.assertEqual(key[f"enable_accept_encoding_{kind}"], named[f"EnableAcceptEncoding{kind.title()}"])
        self.assert_forwarded(key, named)
        own, theirs = self.only("origin_request_policy"), self.config("OriginRequestPolicy")
        self.assertEqual(own["name"], theirs["Name"])
        self.assert_forwarded(own, theirs)

    def assert_forwarded(self, own, theirs):
        (cookies,), (headers,), (queries,) = own["cookies_config"], own["headers_config"], own["query_strings_config"]
        self.assertEqual(cookies["cookie_behavior"], theirs["CookiesConfig"]["CookieBehavior"])
        (named,) = cookies.get("cookies", [{}])
        self.assertEqual(named.get("items"), theirs["CookiesConfig"].get("Cookies"))
        self.assertEqual(queries["query_string_behavior"], theirs["QueryStringsConfig"]["QueryStringBehavior"])
        self.assertEqual(headers["header_behavior"], theirs["HeadersConfig"]["HeaderBehavior"])
        self.assertEqual(sorted(headers["headers"][0]["items"]), sorted(theirs["HeadersConfig"]["Headers"]))

    def test_access_to_the_bucket_is_the_same(self):
        own, theirs = self.only("origin_access_control"), self.config("OriginAccessControl")
        self.assertEqual(
            {
                word: own[word]
                for word in ("name", "origin_access_control_origin_type", "signing_behavior", "signing_protocol")
            },
            {snake(word): value for word, value in theirs.items()},
        )

    def test_the_records_of_an_own_domain_are_the_same(self):
        (own,) = self.of_kind("aws_route53_record").values()
        theirs = self.of_type("Route53::RecordSet").values()
        self.assertEqual({record["Condition"] for record in theirs}, {"OwnZone"})
        types = [record["Type"] for record in theirs]
        self.assertEqual(
            own["for_each"], f'toset(local.own_domain && var.hosted_zone_id != "" ? ["{types[0]}", "{types[1]}"] : [])'
        )
        (alias,) = own["alias"]
        for record in theirs:
            self.assertEqual(
                (own["zone_id"], own["name"], alias["name"]),
                (record["HostedZoneId"], record["Name"], record["AliasTarget"]["DNSName"]),
            )


if __name__ == "__main__":
    unittest.main()
