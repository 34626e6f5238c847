"""WebAnno TSV 3: its text, its annotations, files of other programs, and damaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.base import ReadOptions, Refused
from annotator.importing.detecting import files_in, format_of
from tests.helpers.formats import read_back, reasons, records_of
from tests.helpers.webanno_lines import FORM, NER, kinds, names, one_of, read


def test_sentences_are_put_together_as_inception_does() -> None:
    one = one_of(
        *("#Text=Ada left .", "1-1\t2-5\tAda\t_\t_\t", "1-2\t6-10\tleft\t_\t_\t"),
        *("1-3\t11-12\t.\t_\t_\t", ""),
        *("#Sentence.id=s2", "#Text=Bo", "#Text=stayed.", "2-1\t12-14\tBo\t_\t_\t"),
        *("2-2\t15-21\tstayed\t_\t_\t", "2-3\t21-22\t.\t_\t_\t", ""),
        *("#Text=Then?", "3-1\t23-27\tThen\t_\t_\t", "3-2\t27-28\t?\t_\t_\t", ""),
        *("#Text=No.", "4-1\t31-33\tNo\t_\t_\t", "4-2\t33-34\t.\t_\t_\t"),
    )
    assert one.article.text == "  Ada left .Bo\nstayed.\nThen?\n  No."


def test_offsets_count_utf16_units() -> None:
    one = one_of(
        *("#Text=👍🏽 Ada 𝒜 left", "1-1\t0-4\t👍🏽\t_\t_\t", "1-2\t5-8\tAda\t*\tPER[1]\t"),
        *("1-3\t9-11\t𝒜\t*\tPER[1]\t", "1-4\t12-16\tleft\t_\t_\t"),
    )
    assert names(one) == [("Ada 𝒜", "PER")]


@pytest.mark.parametrize("version", ["3.3", "3.2", "3.1", "3.0", "3"])
@pytest.mark.parametrize(
    "text", ["A\\tB \\\\ Ada", "Caf\\u00e9 Ada", "A\\B Ada", 'say \\"x\\" Ada']
)
def test_rows_prove_how_a_text_is_escaped(version: str, text: str) -> None:
    words = {
        "A\\tB \\\\ Ada": "A\tB \\ Ada",
        "Caf\\u00e9 Ada": "Café Ada",
        "A\\B Ada": "A\\B Ada",
        'say \\"x\\" Ada': 'say "x" Ada',
    }[text]
    first, last = words[:4], len(words)
    row = f"1-2\t{last - 3}-{last}\tAda\t_\tPER\t"
    one = one_of(f"#Text={text}", f"1-1\t0-4\t{first}\t_\t_\t", row, version=version)
    assert (one.article.text, names(one)) == (words, [("Ada", "PER")])


def test_a_token_may_hold_a_line_end_and_a_tab() -> None:
    one = one_of("#Text=A\\tda", "#Text=Low", "1-1\t0-8\tA\tda\nLow\t*\tPER\t")
    assert (one.article.text, names(one)) == ("A\tda\nLow", [("A\tda\nLow", "PER")])


def test_offsets_in_code_points_are_proved_and_told(tmp_path: Path) -> None:
    lines = ("#Text=👍 Ada", "1-1\t0-1\t👍\t_\t_", "1-2\t2-5\tAda\t*\tPER", "")
    more = ("#Text=Bo", "2-1\t6-8\tBo\t_\tPER")
    options = ReadOptions()
    (tmp_path / "a.tsv").write_text("\n".join(("#FORMAT=WebAnno TSV 3.3", NER, *lines, *more)))
    (one,) = FORM.read(tmp_path / "a.tsv", options)
    assert isinstance(one, Record)
    assert (one.article.text, names(one)) == ("👍 Ada\nBo", [("Ada", "PER"), ("Bo", "PER")])
    assert "code points" in options.notes.lines()[0]


def test_offsets_that_begin_anew_are_read_sentence_by_sentence() -> None:
    more = ("#Text=A Bo", "2-1\t0-1\tA\t_\t_", "2-2\t2-4\tBo\t_\tP")
    one = one_of("#Text=Ada", "1-1\t0-3\tAda\t_\tP", "", *more)
    assert (one.article.text, names(one)) == ("Ada\nA Bo", [("Ada", "P"), ("Bo", "P")])


@pytest.mark.parametrize(
    "row",
    [
        "1-2\t4-8\tleft\t_\tPER\t",
        "1-2\t4-99\tright\t_\tPER\t",
        "1-2\t9-4\tright\t_\tPER\t",
        "1-2\t4-9\tright\tPER\t",
        "1-2\t4-9\tright\t_\tPER\t_\t_\t",
        "1-2\t4-9\tright",
    ],
)
def test_a_row_that_contradicts_is_refused_with_its_line(row: str) -> None:
    found = read("#Text=Ada right", "1-1\t0-3\tAda\t_\tPER\t", row)
    (one,) = records_of(found)
    assert names(one) == [("Ada", "PER")]
    assert [(e.line, e.article) for e in found if isinstance(e, Refused)] == [(7, one.article.id)]
    assert any(span.overlaps(Span(4, 9)) for span in one.unknown)


def test_a_line_that_is_nothing_is_refused() -> None:
    found = read("what?", "#Text=Ada", "1-1\t0-3\tAda\t_\tPER\t")
    assert kinds(found) == ["line that is neither text nor token"]
    assert len(records_of(found)) == 1


# Annotations


def test_values_numbers_and_escapes() -> None:
    found = one_of(
        "#Text=Ada Low of Hythe left",
        "1-1\t0-3\tAda\thttp://www.wikidata.org/entity/Q1[1]|*[2]\tPER\\_x[1]|a\\|b\\[1\\][2]\t",
        "1-2\t4-7\tLow\thttp://www.wikidata.org/entity/Q1[1]\tPER\\_x[1]\t",
        "1-2.1\t5-7\tow\t*\tc\\->d\\;\\\\\\t\\*\t",
        "1-3\t8-10\tof\t_\t_\t",
        "1-4\t11-16\tHythe\tgeo:5\tGPE\t",
        "1-5\t17-21\tleft\t_\t_\t",
    )
    assert names(found) == [
        ("Ada", "a|b[1]"),
        ("Ada Low", "PER_x"),
        ("ow", "c->d;\\\t*"),
        ("Hythe", "GPE"),
    ]
    assert [one.identity for one in found.entities] == [None, "wikidata:Q1", None, "geo:5"]
    (identity,) = found.identities
    assert (identity.id, identity.name, identity.link) == ("wikidata:Q1", "Ada Low", "wikidata:Q1")


def test_an_annotation_may_cover_two_sentences() -> None:
    one = one_of(
        "#Text=Ada", "1-1\t0-3\tAda\t*[7]\tP[7]", "", "#Text=Lo", "2-1\t4-6\tLo\t*[7]\tP[7]"
    )
    assert names(one) == [("Ada\nLo", "P")]


def test_a_number_that_comes_again_is_another_annotation() -> None:
    rows = ("1-1\t0-3\tAda\t*[1]\tP[1]", "1-2\t4-7\tand\t_\t_", "1-3\t8-10\tBo\t*[1]\tP[1]")
    assert names(one_of("#Text=Ada and Bo", *rows)) == [("Ada", "P"), ("Bo", "P")]


def test_a_number_with_two_values_is_refused() -> None:
    found = read("#Text=Ada Low", "1-1\t0-3\tAda\t_\tP[1]", "1-2\t4-7\tLow\t_\tGPE[1]")
    assert kinds(found) == ["annotation with two values"]
    assert "line 6" in reasons(found)[0]


def test_annotations_without_label_or_words_are_refused_by_line() -> None:
    found = read("#Text=Ada no", "1-1\t0-3\tAda\t*\t*", "1-1.1\t2-2\t\t*\tP")
    (one,) = records_of(found)
    assert one.unknown == (Span(0, 3),)
    assert kinds(found) == ["annotation without a label", "annotation without words"]
    assert [one.line for one in found if isinstance(one, Refused)] == [6, 7]


MOOD = "#T_SP=webanno.custom.Mood|note|tone\n#T_SP=webanno.custom.Quote|"


POS = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue"


def test_other_layers_count_where_the_scheme_knows_their_values() -> None:
    lines = ("#Text=Ada is sad.", "1-1\t0-3\tAda\tNN\tnew\tPERSON\t_", "1-2\t4-6\tis\tVB\t_\t_\t_")
    more = ("1-3\t7-10\tsad\tJJ\t*\tglum\t_", "1-4\t10-11\t.\t_\t_\tsad\t_")
    how: Any = {"layers": f"{POS}\n{MOOD}", "means": lambda label: label == "PERSON"}
    found = read(*lines, *more, **how)
    (one,) = records_of(found)
    assert names(one) == [("Ada", "PERSON")]
    assert one.article.meta == {"features": [{"of": "PERSON [0, 3)", "note": "new"}]}
    (why,) = reasons(found)
    assert why.startswith("2 annotations of the layer webanno.custom.Mood are not imported (")
    assert "--map FILE" in why
    assert one.unknown == ()


def test_a_layer_may_be_a_part_of_a_claim() -> None:
    layers = (
        f"#T_SP=webanno.custom.Quote|\n#T_SP=webanno.custom.Role|kind\n{NER}\n"
        "#T_RL=webanno.custom.Says|BT_uima.tcas.Annotation"
    )
    one = one_of(
        "#Text=Ada said “no”. Bo left.",
        "1-1\t0-3\tAda\t_\tSpeaker\t*\tPER\t_",
        "1-2\t4-8\tsaid\t_\tcue\t_\t_\t_",
        "1-3\t9-13\t“no”\t*\t_\t_\t_\t1-2",
        "1-4\t15-17\tBo\t_\t_\t*\tPER\t_",
        layers=layers,
    )
    (claim,) = one.claims
    text = one.article.text
    assert [span.of(text) for span in (*claim.content, *claim.cue)] == ["“no”", "said"]
    assert [span.of(text) for span in claim.source] == ["Ada"]
    assert names(one) == [("Ada", "PER"), ("Bo", "PER")]


def test_relations_slots_and_chains_without_a_place_are_named() -> None:
    layers = (
        f"{NER}\n#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:who_webanno.custom.WhoLink|"
        "uima.tcas.Annotation\n"
        "#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink"
        "|referenceType|referenceRelation\n"
        "#T_RL=webanno.custom.Knows|kind|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    )
    found = read(
        "#Text=Ada met Bo.",
        "1-1\t0-3\tAda\t*\tPER\t_\t_\tpr[1]\tcoref->1-1\t_\t_",
        "1-2\t4-7\tmet\t_\t_\ta;b\t1-1;1-3\t_\t_\t_\t_",
        "1-3\t8-10\tBo\t*[1]|*[2]\tPER[1]|GPE[2]\t_\t_\tpr[1]\t*->1-2\tlikes|*\t1-1[0_1]|1-9",
        layers=layers,
    )
    (one,) = records_of(found)
    assert names(one) == [("Ada", "PER"), ("Bo", "GPE"), ("Bo", "PER")]
    assert sorted(kinds(found)) == [
        "annotations of the layer de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink",
        "annotations of the layer webanno.custom.Host",
        "reference to no annotation",
        "relation between other spans than parts of claims",
    ]
    assert one.unknown == ()


# What our own layers hold


@pytest.mark.parametrize(
    "content",
    [
        "#FORMAT=WebAnno TSV 2.0\n\n#Text=Ada\n1-1\t0-3\tAda\n",
        " # de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity | value\n#id=1\n#text=Ada\n"
        "1-1\tAda\tB-PER\t\n1-2\tleft\tO\t\n",
        "#id=1\n#text=Ada left\n1-1\tAda\tB-PER\n1-2\tleft\tO\n",
    ],
)
def test_older_versions_are_refused_with_advice(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.tsv").write_text(content)
    with pytest.raises(RecordError, match="WebAnno's TSV of an older version") as caught:
        format_of(tmp_path / "a.tsv")
    assert "TSV v3" in caught.value.hint
    (found,) = FORM.read(tmp_path / "a.tsv")
    assert isinstance(found, Refused)
    assert "line 1 is" in found.reason


def test_files_in_a_folder_are_found_by_their_content(tmp_path: Path) -> None:
    folder = tmp_path / "annotation" / "a.txt"
    folder.mkdir(parents=True)
    (folder / "ada.tsv").write_text(f"#FORMAT=WebAnno TSV 3.3\n{NER}\n\n\n#Text=x\n")
    (tmp_path / "counts.tsv").write_text("label\tcount\nPER\t3\n")
    assert list(files_in(tmp_path)) == [folder / "ada.tsv"]
    assert format_of(folder / "ada.tsv") == "webanno-tsv"


@pytest.mark.parametrize(
    "content", [b"\xff\xff", b"#FORMAT=WebAnno TSV 3.3\n#Text=\xff", b"x", b"\n\n#"]
)
def test_other_bytes_are_refused(content: bytes) -> None:
    (found,) = read_back(FORM, content)
    assert isinstance(found, Refused)


def test_a_gap_without_end_is_refused() -> None:
    found = read("#Text=Ada", "1-1\t999999999-1000000002\tAda\t_\tPER")
    assert "the offsets leave 999,999,999" in reasons(found)[0]
    assert records_of(found) == []


def test_many_gaps_are_refused_before_they_fill_the_memory() -> None:
    place = range(50_000, 5_000_000, 50_000)
    rows = (f"\n#Text=A\n{n}-1\t{at}-{at + 1}\tA\t_\t_" for n, at in enumerate(place, start=1))
    (found,) = read(*rows)
    assert isinstance(found, Refused)
    assert "too much in all" in found.reason
