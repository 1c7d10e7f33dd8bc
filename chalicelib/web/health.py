"""Is it up? One answer without a table, one that touches each."""

from chalice import Response

from chalicelib.store import health
from chalicelib.web import answers
from chalicelib.web.api import Routes, answer

api = Routes(__name__)


@api.route("/health", methods=["GET"])
def get_health() -> Response:
    """Answer without touching a table."""
    return answer(answers.Health())


@api.route("/health/deep", methods=["GET"])
def get_deep_health() -> Response:
    """Touch each table once. Raises TryAgain where one does not answer."""
    return answer(answers.DeepHealth(tables=health.touch()))
