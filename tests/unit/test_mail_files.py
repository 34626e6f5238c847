"""Mails: which text is the article, what is kept of the headers, what becomes of attachments."""

from __future__ import annotations

import pytest

from annotator.inbox.mail.mail_text import reflowed
from tests.helpers.mails import DENIED, PAGE, SAID, only, parted, refusal, typed
from tests.helpers.packing import mail, read, zipped


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
