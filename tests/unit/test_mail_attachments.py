"""Mails with attachments, mails in mails, and mailboxes."""

from __future__ import annotations

import pytest

from tests.helpers.mails import DENIED, PAGE, SAID, only, refusal
from tests.helpers.packing import mail, placed, read


@pytest.mark.parametrize("depth", [100, 290, 3_000])
def test_parts_that_are_nested_too_deeply_are_refused(depth: int) -> None:
    nested = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth)
    )
    ends = "".join(f"--b{n}--\n" for n in reversed(range(depth)))
    raw = f"From: a\nSubject: b\n{nested}\n{SAID}\n{ends}".encode()
    assert "nested too deeply" in refusal(raw)


# Attachments


def test_attached_articles_are_read_and_others_named() -> None:
    message = mail(SAID)
    message.add_attachment("The whole statement.", filename="Erklärung.txt")
    message.add_attachment(b"\xff\xd8\xff", "image", "jpeg", filename="C:\\photos\\bridge.jpg")
    message.add_attachment(b"PK", "application", "zip", filename="all.zip")
    message.add_attachment(PAGE, subtype="html", filename="../page.html")
    articles, problem = read(message.as_bytes(), "bridge.eml")
    assert placed(articles) == [
        ("bridge.eml", None, SAID),
        ("Erklärung.txt", "Erklärung.txt", "The whole statement.\n"),
        ("page.html", "page.html", f"{SAID}\n\n{DENIED}"),
    ]
    assert problem is not None
    assert problem.message == (
        "2 of 5 parts of the mail could not be taken in: bridge.jpg: this is a picture (JPEG), not "
        "text; all.zip: archives attached to a mail are not read."
    )


def test_a_mail_that_only_carries_an_article_is_not_one_itself() -> None:
    message = mail("\n")
    message.add_attachment(SAID, filename="release.txt")
    assert placed([only(message)]) == [("release.txt", "release.txt", f"{SAID}\n")]


def test_an_attached_text_is_decoded_as_declared() -> None:
    message = mail(SAID)
    message.add_attachment("Öl über alles, sagte er.", filename="a.txt", charset="iso-8859-1")
    articles, problem = read(message.as_bytes(), "bridge.eml")
    assert problem is None
    assert articles[1].text == "Öl über alles, sagte er.\n"


def test_forwarded_mails_are_articles_of_their_own() -> None:
    inner = mail(DENIED, subject="Denial", **{"from": "Bo Berg <bo@example.org>"})
    middle = mail("See below.", subject="Fwd: Denial")
    middle.add_attachment(inner)
    outer = mail(SAID)
    outer.add_attachment(middle)
    articles, problem = read(outer.as_bytes(), "bridge.eml")
    assert problem is None
    assert placed(articles) == [
        ("bridge.eml", None, SAID),
        ("bridge.eml", "mail 1.eml", "See below."),
        ("bridge.eml", "mail 1.eml:mail 1.eml", DENIED),
    ]
    assert [one.title for one in articles] == ["Bridge", "Fwd: Denial", "Denial"]
    assert articles[2].origin.author == "Bo Berg"


def test_mails_in_mails_end() -> None:
    message = mail(SAID)
    for number in range(20):
        outer = mail(f"{number}. {DENIED}")
        outer.add_attachment(message)
        message = outer
    articles, problem = read(message.as_bytes(), "bridge.eml")
    assert 5 < len(articles) < 20
    assert problem is not None
    assert "parts of the mail could not be taken in, or not whole: mail 1.eml: " in problem.message
    assert len(problem.message) < 500


# Mailboxes


def boxed(*mails: bytes, line: bytes = b"From ada@example.org Mon Jan  5 10:00:00 2026\n") -> bytes:
    return b"".join(line + one + b"\n\n" for one in mails)


@pytest.mark.parametrize(
    "line",
    [
        b"From ada@example.org Mon Jan  5 10:00:00 2026\n",
        b"From - Mon Jan  5 10:00:00 2026\r\n",
        b"From 17@xxx Mon Jan 05 10:00:00 +0000 2026\n",
    ],
)
@pytest.mark.parametrize("name", ["news.mbox", "news.eml"])
def test_each_mail_of_a_mailbox_is_an_article(name: str, line: bytes) -> None:
    quoted = mail("Words.\n\n>From Monday on 10:00 it is closed.\n")
    raw = boxed(mail(SAID).as_bytes(), b"Subject: x\n\n", quoted.as_bytes(), line=line)
    articles, problem = read(raw, name)
    assert placed(articles) == [
        (name, "1", SAID),
        (name, "3", "Words.\n\nFrom Monday on 10:00 it is closed."),
    ]
    assert problem is not None
    assert problem.message == "1 of 3 mails could not be taken in: 2: the mail has no text."


def test_one_mail_with_the_line_of_a_mailbox_is_a_mail() -> None:
    assert placed([only(boxed(mail(SAID).as_bytes()))]) == [("bridge.eml", None, SAID)]


def test_deleted_mails_of_a_mailbox_are_passed_over() -> None:
    deleted = mail(DENIED, x_mozilla_status="0009")
    kept = mail(f"{SAID}\nX-Mozilla-Status: 0009", x_mozilla_status="0001")
    articles, problem = read(boxed(deleted.as_bytes(), kept.as_bytes()), "news.mbox")
    assert problem is None
    assert [one.text for one in articles] == [f"{SAID}\nX-Mozilla-Status: 0009"]


def test_a_mail_is_not_a_mailbox() -> None:
    assert "not a mailbox" in refusal(mail(SAID), "news.mbox")
