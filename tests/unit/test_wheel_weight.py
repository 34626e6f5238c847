"""The wheel stays light: nothing but the pipeline weighs much."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.helpers.wheel_weight import PIPELINE, REST, Weight, in_tree, in_wheel, weight_of

ROOT = Path(__file__).parents[2]


def test_everything_but_the_pipeline_is_light() -> None:
    weight = weight_of(in_tree(ROOT))
    assert weight.is_light
    assert weight.rest > 500_000
    assert weight.pipeline == 0


def test_a_wheel_is_weighed_by_its_parts() -> None:
    wheel = BytesIO()
    with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{PIPELINE}encoder.onnx", "x" * 1000)
        archive.writestr("annotator/__init__.py", "")
    weight = weight_of(in_wheel(wheel))
    assert 0 < weight.pipeline < 1000
    assert weight.rest < 10


def test_too_much_is_refused() -> None:
    assert Weight(pipeline=10 * REST, rest=REST).is_light
    assert not Weight(pipeline=0, rest=REST + 1).is_light
