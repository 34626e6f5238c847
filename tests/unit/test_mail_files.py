"""Mails: which text is the article, what is kept of the headers, what becomes of attachments."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from annotator.core.article import Article
from annotator.inbox.mail.mail_text import reflowed
from tests.helpers.packing import mail, placed, read, zipped

SAID = "The mayor of Varnholm said on Tuesday that the bridge would stay closed until spring."
DENIED = "The harbour office denied that it had been warned of the cracks in the summer before."
PAGE = f"<html><head><title>A page</title></head><body><p>{SAID}</p><p>{DENIED}</p></body></html>"


def only(raw: bytes | EmailMessage, name: str = "bridge.eml") -> Article:
    """The article of a mail that has one and nothing that cannot be read."""
    articles, problem = read(raw if isinstance(raw, bytes) else raw.as_bytes(), name)
    assert problem is None
    (article,) = articles
    return article


def refusal(raw: bytes | EmailMessage, name: str = "bridge.eml") -> str:
    """Why a mail cannot be read."""
    articles, problem = read(raw if isinstance(raw, bytes) else raw.as_bytes(), name)
    assert not articles
    assert problem is not None
    assert problem.hint
    return problem.message


def typed(kind: str, body: str, *, encoding: str = "utf-8", headers: str = "") -> bytes:
    """A mail of one part with this content type."""
    head = f"From: a@example.org\nSubject: Bridge\nContent-Type: {kind}\n{headers}\n"
    return head.encode() + body.encode(encoding)


def parted(kind: str, *parts: str, end: bool = True) -> bytes:
    """A mail of several parts, each with its headers."""
    body = "".join(f"--x\n{part}\n" for part in parts) + "--x--\n" * end
    return typed(f'multipart/{kind}; boundary="x"', body)


# Headers


def test_title_sender_and_date_come_from_the_headers() -> None:
    article = only(
        mail(
            SAID,
            subject="Brücke bleibt gesperrt – bis zum Frühling",
            date="Mon, 05 Jan 2026 10:00:00 +0100",
            list_id="Varnholm press <press.example.org>",
            archived_at="<https://lists.example.org/press/17>",
        )
    )
    origin = article.origin
    assert article.title == "Brücke bleibt gesperrt – bis zum Frühling"
    assert (origin.name, origin.author, origin.outlet) == (
        "bridge.eml",
        "Ada Löw",
        "Varnholm press",
    )
    assert (origin.published, origin.url) == (
        "2026-01-05T10:00:00+01:00",
        "https://lists.example.org/press/17",
    )
    assert origin.part is None


def test_no_address_and_no_recipient_is_kept() -> None:
    article = only(
        mail(
            SAID,
            cc="Bo Berg <bo@secret.example>",
            message_id="<1@host.secret.example>",
            received="from laptop (10.1.2.3) by mail.secret.example",
            reply_to="ada.private@secret.example",
            list_post="<mailto:list@secret.example>",
        )
    )
    kept = repr((article.origin, article.meta, article.title, article.also_from))
    for private in ("@", "secret", "10.1.2.3", "Bo Berg", "desk"):
        assert private not in kept


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ("ada@example.org", None),
        ('"ada@example.org" <ada@example.org>', None),
        ("Ada Low <ada@example.org>, Bo Berg <bo@example.org>", "Ada Low, Bo Berg"),
        ("=?utf-8?q?Ada_L=C3=B6w?= <ada@example.org>", "Ada Löw"),
        ("'Ada Low' <ada@example.org>", "Ada Low"),
        ("Ada <<broken", None),
        ("", None),
        (", ".join(f"N{n} <n{n}@example.org>" for n in range(50)), None),
    ],
)
def test_the_author_is_the_name_of_the_sender(sender: str, author: str | None) -> None:
    raw = f"From: {sender}\nSubject: x\nDate: yesterday\n\n{SAID}".encode()
    article = only(raw)
    assert article.origin.author == author
    assert article.origin.published is None


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?iso-8859-1?q?Br=FCcke?= zu", "Brücke zu"),
        (b"=?utf-8?b?QnLDvGNrZQ==?=\r\n =?utf-8?b?IHp1?=", "Brücke zu"),
        ("Brücke zu".encode(), "Brücke zu"),
        ("Brücke zu".encode("cp1252"), "Brücke zu"),
        (b"=?klingon?q?x?=", "x"),
        (b"a\0b", "ab"),
        (b"", SAID),
        (b"a" * 500_000, "a"),
    ],
    ids=["Q", "B", "UTF-8", "Western", "unknown", "NUL", "empty", "long"],
)
def test_the_subject_is_decoded(subject: bytes, title: str) -> None:
    found = only(b"From: a\r\nSubject: " + subject + b"\r\n\r\n" + SAID.encode()).title
    assert found is not None
    assert found[: len(title)] == title
    assert len(found) <= 10_000


# Text


def test_html_is_read_as_a_page_and_preferred_to_plain_text() -> None:
    menu = "<ul><li><a href='/'>Home</a></li><li><a href='/x'>Unsubscribe</a></li></ul>"
    article = only(mail("Plain.", html=PAGE.replace("<body>", f"<body><nav>{menu}</nav>")))
    assert article.text == f"{SAID}\n\n{DENIED}"
    assert article.title == "Bridge"


def test_html_alone_is_read() -> None:
    assert only(mail(html=PAGE)).text == f"{SAID}\n\n{DENIED}"


@pytest.mark.parametrize(
    "html",
    ["<p></p>", "<script>go()</script>", "<p>a</p>" * 30_000],
    ids=["empty", "script", "costly"],
)
def test_plain_text_replaces_html_in_which_no_article_is_found(html: str) -> None:
    assert only(mail(SAID, html=html)).text == SAID


def test_plain_text_replaces_html_in_which_most_of_it_is_missing() -> None:
    plain = "\n\n".join(f"{number}. {SAID}" for number in range(20))
    assert only(mail(plain, html=f"<p>{SAID}</p>")).text == plain


def test_html_without_article_and_plain_text_is_refused_with_its_reason() -> None:
    assert "No article was found" in refusal(mail(html="<script>go()</script>"))


def test_texts_in_a_row_are_one_article() -> None:
    raw = parted(
        "mixed",
        f"Content-Type: text/plain\n\n{SAID}\n",
        f"Content-Type: text/plain\n\n{DENIED}\n",
    )
    assert only(raw).text == f"{SAID}\n\n{DENIED}"
    raw = parted(
        "mixed",
        f"Content-Type: text/html\n\n<p>{SAID}</p>\n",
        f"Content-Type: text/plain\n\nOne & two said {DENIED}\n",
    )
    assert only(raw).text == f"{SAID}\n\nOne & two said {DENIED}"


def test_pictures_within_the_text_are_ignored() -> None:
    message = mail(SAID, html=PAGE.replace("</p>", "<img src='cid:logo'></p>", 1))
    message.get_payload()[1].add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<logo>")  # type: ignore[union-attr, index]
    assert only(message).text == f"{SAID}\n\n{DENIED}"
    raw = parted(
        "mixed",
        f"Content-Type: text/plain\n\n{SAID}",
        "Content-Type: image/png\nContent-Disposition: inline; filename=x.png\n\nabc",
    )
    assert only(raw).text == SAID


@pytest.mark.parametrize(
    ("kind", "encoding", "text"),
    [
        ("text/plain; charset=iso-8859-1", "cp1252", "“Nein”, sagte sie über die Brücke."),
        ("text/plain; charset=koi8-r", "koi8-r", "Мэр сказал, что мост закрыт."),
        ("text/plain; charset=iso-2022-jp", "iso-2022-jp", "市長は橋は閉鎖されると述べた。"),
        ("text/plain; charset=us-ascii", "utf-8", "“Nein”, sagte sie über die Brücke."),
        ("text/plain; charset=iso-8859-1", "utf-8", "“Nein”, sagte sie über die Brücke."),
        ("text/plain; charset=unknown-8bit", "utf-8", "Über die Brücke."),
        ('text/plain; charset="utf-8', "utf-8", "Über die Brücke."),
        ("text/plain", "utf-8", "Über die Brücke."),
        ("text/html; charset=iso-8859-1", "cp1252", f"<p>“Nein”, sagte sie. {SAID}</p>"),
        ("text/html", "utf-8", f"<p>“Nein”, sagte sie. {SAID}</p>"),
    ],
)
def test_the_text_is_decoded_as_declared_or_as_utf_8(kind: str, encoding: str, text: str) -> None:
    found = only(typed(kind, text, encoding=encoding)).text
    assert found == text.removeprefix("<p>").removesuffix("</p>")


def test_text_in_another_encoding_than_declared_is_refused() -> None:
    said = refusal(typed("text/plain; charset=utf-8", "Sie sagte nein über Öl.", encoding="cp1252"))
    assert "The text of the mail is not UTF-8 text" in said
    articles, problem = read(
        typed("text/plain", "Sie sagte nein über Öl.", encoding="cp1252"), "a.eml"
    )
    assert not articles
    assert problem is not None
    assert "iconv" not in problem.hint


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted-printable", "Sie sagte =C3=BCber die Br=\nücke nein."),
        ("base64", "U2llIHNhZ3RlIMO8YmVyIGRpZSBC\ncsO8Y2tlIG5laW4u"),
        ("8bit", "Sie sagte über die Brücke nein."),
        ("klingon", "Sie sagte über die Brücke nein."),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: str) -> None:
    raw = typed(
        "text/plain; charset=utf-8", body, headers=f"Content-Transfer-Encoding: {encoding}\n"
    )
    assert only(raw).text == "Sie sagte über die Brücke nein."


@pytest.mark.parametrize(
    ("text", "flowed"),
    [
        ("One \ntwo \nthree\nfour", "One two three\nfour"),
        ("> One \n> two\nthree", "> One two\nthree"),
        ("> One \ntwo", "> One \ntwo"),
        (" > not quoted", "> not quoted"),
        ("End\n-- \nAda \nLow", "End\n-- \nAda Low"),
        ("One \n-- \nAda", "One \n-- \nAda"),
        ("", ""),
    ],
)
def test_flowed_text_has_its_paragraphs_on_one_line(text: str, flowed: str) -> None:
    assert reflowed(text) == flowed
    assert only(typed("text/plain; format=flowed", f"Words.\n{text}")).text == (
        f"Words.\n{flowed}".strip()
    )


def test_a_deleted_blank_joins_characters() -> None:
    assert reflowed("市長は \n述べた", deletes_space=True) == "市長は述べた"


# Damaged headers and parameters


@pytest.mark.parametrize("name", ["start", "format", "charset", "boundary"])
def test_damaged_parameters_are_passed_over(name: str) -> None:
    kind = f"text/plain; {name}*=utf-8''x; {name}*0=y"  # the library cannot sort these
    assert only(typed(kind, SAID)).text == SAID


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape", "idna", "u\0tf-8", "rot13"])
@pytest.mark.parametrize("disposition", ["inline", "attachment; filename=a.txt"])
def test_codecs_that_are_no_encodings_of_texts_are_not_used(codec: str, disposition: str) -> None:
    said = f"{SAID} \\x1b-zz"
    headers = f"Content-Disposition: {disposition}\n"
    assert only(typed(f"text/plain; charset={codec}", said, headers=headers)).text == said


@pytest.mark.parametrize("codec", ["punycode", "u\0tf-8", "unicode_escape"])
def test_nor_in_a_saved_page(codec: str) -> None:
    kind = f"multipart/related; boundary=B\n\n--B\nContent-Type: text/html; charset={codec}"
    raw = typed(kind, f"{PAGE}\n--B--\n", headers="MIME-Version: 1.0\n")
    assert SAID in only(raw, "page.html").text


@pytest.mark.parametrize("odd", ["\0", "\x1b", "=?utf-8?q?=ED=A0=80?="])
def test_an_address_holds_no_controls(odd: str) -> None:
    url = only(typed("text/plain", SAID, headers=f"Archived-At: <http://x.org/{odd}>\n")).origin.url
    assert url is None or (url.isprintable() and url.encode())


# Signed, encrypted, empty, damaged


def test_signatures_are_passed_over() -> None:
    raw = parted(
        "signed",
        f"Content-Type: text/plain\n\n{SAID}",
        "Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP",
    )
    assert only(raw).text == SAID
    armoured = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{SAID}\n- -- dash\n"
        "-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"
    )
    assert only(typed("text/plain", armoured)).text == f"{SAID}\n-- dash"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (parted("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1"), "encrypted"),
        (typed("application/pkcs7-mime; smime-type=enveloped-data", "abc"), "encrypted"),
        (typed("application/pkcs7-mime; smime-type=signed-data", "abc"), "wrapped in its signat"),
        (typed("text/plain", "-----BEGIN PGP MESSAGE-----\n\nabc"), "encrypted"),
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"Subject: x\n\n", "has no text"),
        (b"Subject: x", "has no text"),
        (parted("mixed"), "breaks off"),
        (typed("text/plain", "---- \n ===="), "contains no words"),
        (SAID.encode(), "not a mail"),
        (PAGE.encode(), "not a mail"),
        (zipped({"a.txt": b"x"}), "a zip archive"),
        (typed("text/plain", "a word\0b\0c" * 50), "NUL"),
        (parted("mixed", f"Content-Type: text/plain\n\n{SAID}", end=False), "breaks off"),
        (typed('multipart/mixed; boundary="x"', SAID), "breaks off"),
        (
            typed("text/plain", "U2llIHN", headers="Content-Transfer-Encoding: base64\n"),
            "breaks off",
        ),
        (b"Subject: " + b"a" * 1_100_000, "headers of the mail have no end"),
        (typed('multipart/mixed; boundary="x"', "--x\n\n" * 11_000), "too many"),
    ],
    ids=[
        "PGP", "S/MIME", "opaque", "inline PGP", "nothing", "blank", "headers", "one header",
        "no parts", "rules", "text", "page", "zip", "NUL", "no end", "no parts at all", "base64",
        "long header", "many parts",
    ],
)  # fmt: skip
def test_a_mail_without_readable_text_is_refused_with_its_reason(raw: bytes, said: str) -> None:
    assert said in refusal(raw)


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
