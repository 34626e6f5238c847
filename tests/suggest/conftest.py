"""The pipeline that comes with annotator, loaded once."""

import pytest

from annotator.suggest.pipeline import Pipeline
from tests.helpers.claim_docs import shipped_pipeline


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The pipeline that comes with annotator."""
    return shipped_pipeline()
