"""One template: what Chalice made, infra/*.yaml merged into it, and the gateway's own answers."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from boto3.session import Session
from chalice.package import TemplateDeepMerger, YAMLTemplateSerializer
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tools.package import edge
from tools.package.fault import CannotPackageError

NAME = "template.json"
REGION = "eu-south-1"  # where the translation and the linter imagine the stack

Json = dict[str, Any]


def merged(made: Json, infra: Path) -> Json:
    """Return Chalice's template with every file of `infra` merged in."""
    template = copy.deepcopy(made)
    for path in sorted(infra.glob("*.yaml")):
        more = YAMLTemplateSerializer().load_template(path.read_text(), str(path))
        template = TemplateDeepMerger().merge(more, template)
    api = template["Resources"]["RestAPI"]["Properties"]
    api["DefinitionBody"]["paths"] = edge.refusing_methods(api["DefinitionBody"]["paths"])
    api["GatewayResponses"] = edge.gateway_responses()
    for resource in template["Resources"].values():  # the tag holds Chalice's version and stage
        if resource["Type"] == "AWS::Serverless::Function":
            del resource["Properties"]["Tags"]
    return template


def translated(template: Json) -> Json:
    """Return what CloudFormation makes of a SAM template, offline."""
    sam = copy.deepcopy(template)
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/deployment.zip"
    session = Session(region_name=REGION)  # type: ignore[no-untyped-call]
    translator = Translator({}, Parser(), boto_session=session)
    found: Json = translator.translate(sam, parameter_values={})
    return found


def lint(*paths: Path) -> None:
    """Run cfn-lint over templates. Raises CannotPackageError with what it says."""
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [str(linter), "--regions", REGION, "--", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotPackageError(f"cfn-lint says:\n{done.stdout}{done.stderr}")


def write(template: Json, path: Path) -> None:
    """Write a template; the same one gives the same bytes."""
    path.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
