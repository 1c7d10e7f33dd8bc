"""What the one template says, as it is merged and as CloudFormation reads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib import courier
from chalicelib.domain import notice
from chalicelib.domain.photo import KINDS
from chalicelib.domain.reasons import Reason
from chalicelib.store import tables
from chalicelib.web.security import DECODER_PATH, DECODER_POLICY
from tools.package import template as templates
from tools.package.fault import CannotPackageError

Json = dict[str, Any]


def of_type(template: Json, kind: str) -> dict[str, Json]:
    """Return the properties of every resource of a type, by name."""
    found = template["Resources"].items()
    return {name: r.get("Properties", {}) for name, r in found if r["Type"] == kind}


def statements(template: Json) -> list[Json]:
    """Return every statement of every role."""
    return [
        statement
        for role in of_type(template, "AWS::IAM::Role").values()
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def source_of(template: Json, function: str) -> Json:
    """Return what a function follows."""
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping").values()
    [found] = [mapping for mapping in mappings if mapping["FunctionName"] == {"Ref": function}]
    return found


def test_the_linter_that_passes_it_refuses_others(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"Resources": {"Table": {"Type": "AWS::DynamoDB::Tabel"}}}))
    with pytest.raises(CannotPackageError, match="Tabel"):
        templates.lint(wrong)


def test_there_are_five_functions_each_with_its_own_role_and_log(translated: Json) -> None:
    functions = of_type(translated, "AWS::Lambda::Function")
    assert {name: f["Handler"] for name, f in functions.items()} == {
        "APIHandler": "app.app",
        "Projector": "chalicelib.streams.follow",
        "Announcer": "chalicelib.announcer.follow",
        "Courier": "chalicelib.courier.run",
        "Sweeper": "chalicelib.sweeper.every_minute",
    }
    roles = {f["Role"]["Fn::GetAtt"][0] for f in functions.values()}
    assert roles == set(of_type(translated, "AWS::IAM::Role"))
    logs = {f["LoggingConfig"]["LogGroup"]["Ref"] for f in functions.values()}
    groups = of_type(translated, "AWS::Logs::LogGroup")
    assert logs == set(groups)
    assert {json.dumps(group["RetentionInDays"]) for group in groups.values()} == {
        '{"Ref": "LogDays"}'
    }
    assert translated["Parameters"]["LogDays"]["Default"] == 90


def test_no_role_may_do_anything_or_anywhere(translated: Json) -> None:
    assert statements(translated)
    for statement in statements(translated):
        assert "*" not in "".join(statement["Action"]), statement
        for resource in statement["Resource"]:
            assert resource != "*"
            assert "arn:*" not in json.dumps(resource)


def test_the_projector_gets_one_batch_at_a_time_with_its_shards_id(translated: Json) -> None:
    mapping = source_of(translated, "Projector")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["LedgerTable", "StreamArn"]}
    assert mapping["TumblingWindowInSeconds"] > 0
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["BisectBatchOnFunctionError"] is False
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["MaximumRetryAttempts"] == mapping["MaximumRecordAgeInSeconds"] == -1


def test_the_announcer_follows_the_same_stream_in_order(translated: Json) -> None:
    mapping = source_of(translated, "Announcer")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["LedgerTable", "StreamArn"]}
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["BisectBatchOnFunctionError"] is False
    assert mapping["MaximumRetryAttempts"] == mapping["MaximumRecordAgeInSeconds"] == -1


def test_the_courier_is_tried_for_three_days_and_then_the_letter_is_dead(translated: Json) -> None:
    mapping = source_of(translated, "Courier")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["ErrandQueue", "Arn"]}
    assert mapping["BatchSize"] == courier.BATCH
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = of_type(translated, "AWS::SQS::Queue")
    queue, dead = queues["ErrandQueue"], queues["DeadErrandQueue"]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadErrandQueue", "Arn"]},
        "maxReceiveCount": notice.TRIES,
    }
    tried_for = sum(notice.pause_seconds(tries, 1.0) for tries in range(1, notice.TRIES))
    assert 3 * 86_400 < tried_for < queue["MessageRetentionPeriod"]
    assert max(notice.PAUSES) * 1.1 < 43_200, "SQS hides a message for 12 hours at most"
    assert dead["MessageRetentionPeriod"] == 14 * 86_400
    [function] = [
        f
        for f in of_type(translated, "AWS::Lambda::Function").values()
        if f["Handler"] == "chalicelib.courier.run"
    ]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert all(one["SqsManagedSseEnabled"] for one in queues.values())


def test_a_dead_letter_raises_an_alarm(translated: Json) -> None:
    alarm = of_type(translated, "AWS::CloudWatch::Alarm")["DeadErrandAlarm"]
    [dimension] = alarm["Dimensions"]
    assert dimension["Value"] == {"Fn::GetAtt": ["DeadErrandQueue", "QueueName"]}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_the_sweeper_comes_every_minute(translated: Json) -> None:
    [rule] = of_type(translated, "AWS::Events::Rule").values()
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    [target] = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["Sweeper", "Arn"]}


def test_the_four_tables_are_merged_as_they_are_guarded(translated: Json) -> None:
    found = of_type(translated, "AWS::DynamoDB::Table")
    assert set(found) == {f"{meta.table.capitalize()}Table" for meta in tables.METAS}
    for table in found.values():
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
    kept_for_a_time = {n for n, table in found.items() if "TimeToLiveSpecification" in table}
    assert kept_for_a_time == {"LedgerTable", "InsightsTable", "AccessTable"}
    assert found["LedgerTable"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_functions_are_told_where_they_run_and_nothing_secret(template: Json) -> None:
    told = {
        name: set(template["Resources"][name]["Properties"]["Environment"]["Variables"])
        for name in ("APIHandler", "Projector", "Announcer", "Courier", "Sweeper")
    }
    pool = {"USER_POOL_ID", "USER_POOL_CLIENT_ID", "SIGN_IN_URL"}
    assert (
        told["APIHandler"]
        == {"PUBLIC_URL", "TABLE_PREFIX", "SECRETS_PARAMETER", "MAIL_FROM", "ERRANDS_URL"} | pool
    )
    assert told["Announcer"] == told["Courier"] == {"TABLE_PREFIX", "ERRANDS_URL"}
    assert told["Projector"] == told["Sweeper"] == {"TABLE_PREFIX"}


def test_files_go_in_and_out_byte_for_byte(template: Json) -> None:
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    types = set(body["x-amazon-apigateway-binary-media-types"])
    assert {"multipart/form-data", "application/zip", "image/png", "text/html"} <= types
    assert {f"image/{kind}" for kind in KINDS} <= types


def test_nobody_signs_up_alone_and_codes_come_back_to_us_only(translated: Json) -> None:
    [pool] = of_type(translated, "AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    [client] = of_type(translated, "AWS::Cognito::UserPoolClient").values()
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == [{"Fn::Sub": "https://${DomainName}/console/callback"}]


def test_no_address_of_where_it_was_built_is_inside(template: Json) -> None:
    assert "localhost" not in json.dumps(template["Resources"]["RestAPI"])


def test_an_unknown_path_is_a_problem_of_ours_or_a_page(template: Json) -> None:
    answers = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    unknown = answers["MISSING_AUTHENTICATION_TOKEN"]
    assert unknown["StatusCode"] == "404"
    problem = json.loads(unknown["ResponseTemplates"]["application/json"])
    assert problem["reason"] == Reason.NOT_FOUND
    assert problem["instance"] == "$context.requestId"
    assert "<h1" in unknown["ResponseTemplates"]["text/html"]
    assert answers["DEFAULT_5XX"]["StatusCode"] == "503"
    assert answers["DEFAULT_5XX"]["ResponseParameters"]["Headers"]["Retry-After"] == "'2'"


def test_each_path_refuses_every_other_method_and_names_its_own(template: Json) -> None:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    claims = paths["/api/v1/claims"]["x-amazon-apigateway-any-method"]
    answer = claims["x-amazon-apigateway-integration"]["responses"]["default"]
    assert answer["statusCode"] == "405"
    assert answer["responseParameters"]["method.response.header.Allow"] == "'POST'"
    problem = json.loads(answer["responseTemplates"]["application/json"])
    assert problem["reason"] == Reason.METHOD_NOT_ALLOWED
    assert all("x-amazon-apigateway-any-method" in methods for methods in paths.values())


def test_the_decoder_alone_may_run_webassembly(translated: Json) -> None:
    [front] = of_type(translated, "AWS::CloudFront::Distribution").values()
    first, second, *_ = front["DistributionConfig"]["CacheBehaviors"]
    [(name, policy)] = of_type(translated, "AWS::CloudFront::ResponseHeadersPolicy").items()
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert first["ResponseHeadersPolicyId"] == {"Ref": name}
    assert headers["ContentSecurityPolicy"]["ContentSecurityPolicy"] == DECODER_POLICY
    assert second["ResponseHeadersPolicyId"] != {"Ref": name}


def test_the_front_keeps_photos_for_everybody_and_never_what_is_somebodys(translated: Json) -> None:
    [front] = of_type(translated, "AWS::CloudFront::Distribution").values()
    *_, photos = front["DistributionConfig"]["CacheBehaviors"]
    [(name, policy)] = of_type(translated, "AWS::CloudFront::CachePolicy").items()
    assert photos["CachePolicyId"] == {"Ref": name}
    assert "OriginRequestPolicyId" not in photos  # no cookie goes to the app and none comes back
    kept = policy["CachePolicyConfig"]
    assert (kept["MinTTL"], kept["DefaultTTL"]) == (0, 0)  # as the answer says, else not at all
    asked = kept["ParametersInCacheKeyAndForwardedToOrigin"]
    assert asked["CookiesConfig"] == {"CookieBehavior": "none"}
    assert asked["HeadersConfig"]["Headers"] == ["Accept"]


def test_only_the_front_reads_the_bucket_and_it_keeps_nothing_else_of_the_app(
    translated: Json,
) -> None:
    [front] = of_type(translated, "AWS::CloudFront::Distribution").values()
    config = front["DistributionConfig"]
    static = {each["PathPattern"]: each["TargetOriginId"] for each in config["CacheBehaviors"]}
    assert static == {f"{DECODER_PATH}*": "assets", "/static/*": "assets", "/photo/*": "api"}
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "api"
    origins = {origin["Id"]: origin for origin in config["Origins"]}
    [stage] = of_type(translated, "AWS::ApiGateway::Stage").values()
    assert origins["api"]["OriginPath"] == f"/{stage['StageName']}"
    [bucket] = of_type(translated, "AWS::S3::Bucket").values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
