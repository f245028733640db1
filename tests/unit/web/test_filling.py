"""Any form, filled again with what had been typed."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from app.web.filling import Typed, fill

NOTICE = "<p>Voici.</p>"
PAGE = """<!doctype html><html lang="fr"><body>
<form action="/autre" method="post"><input name="name" value="autre"></form>
<form action="/ici" method="get"><input name="name" value="recherche"></form>
<form action="" method="post" id="f">
  <input type="hidden" name="csrf_token" value="neuf"><input type="hidden" name="version" value="9">
  <input name="name" value="avant"><textarea name="text">avant</textarea>
  <input type="checkbox" name="yes" value="y" checked><input type="checkbox" name="codes" value="a">
  <input type="checkbox" name="codes" value="b" checked>
  <input type="radio" name="one" value="1" checked><input type="radio" name="one" value="2">
  <select name="level"><option value="">-</option><option value="low" selected>l</option><option>high</option>
  </select>
  <select name="many" multiple><option value="a">a</option><option value="b" selected>b</option></select>
  <input name="entry"><input name="entry">
  <input type="password" name="password"><input type="file" name="file">
  <button name="then" value="publish">Publier</button><input type="submit" name="go" value="Envoyer">
</form>
<input name="outside" form="f" value="avant">
</body></html>"""


def filled(typed: Typed, action: str = "/ici") -> html.HtmlElement:
    page = fill(PAGE, address="/ici", action=action, typed=typed, notice=NOTICE, token="jeton")
    assert page is not None
    return html.document_fromstring(page).get_element_by_id("f")


def sent(form: html.HtmlElement) -> list[tuple[str, str]]:
    """What a browser would send, buttons apart, in the order of the names; like it, the first line end of a
    text area is dropped."""
    pairs = [pair for pair in form.form_values() if pair[0] not in {"reprise", "csrf_token"}]
    return sorted((name, value.removeprefix("\n") if name == "text" else value) for name, value in pairs)


def test_every_kind_of_control_takes_its_answer() -> None:
    typed = [
        *[("version", "3"), ("name", "après"), ("text", "\r\ndeux\r\nlignes"), ("codes", "a"), ("one", "2")],
        *[
            ("level", "high"),
            ("many", "a"),
            ("entry", "x"),
            ("entry", "y"),
            ("password", "non"),
            ("then", "publish"),
        ],
        *[("outside", "dehors"), ("csrf_token", "vieux")],
    ]
    page = fill(PAGE, address="/ici", action="/ici", typed=typed, notice=NOTICE, token="jeton")
    assert page is not None
    form = html.document_fromstring(page).get_element_by_id("f")
    expected = [
        *[("codes", "a"), ("entry", "x"), ("entry", "y"), ("file", ""), ("level", "high"), ("many", "a")],
        *[("name", "après"), ("one", "2"), ("text", "\ndeux\nlignes"), ("version", "3")],
    ]
    assert sent(form) == [pair for pair in expected if pair[0] != "file"]
    assert form.xpath("string(input[@name='csrf_token']/@value)") == "neuf"
    assert 'value="dehors"' in page
    assert page.count('value="avant"') == 0
    assert "Voici." in form.text_content()


def test_what_has_no_field_travels_hidden() -> None:
    form = filled([("entry", "x"), ("entry", "y"), ("entry", "z"), ("sixth", "48000000")])
    hidden = {(item.get("name"), item.get("value")) for item in form.xpath("input[@type='hidden']")}
    assert {("entry", "z"), ("sixth", "48000000"), ("reprise", "jeton")} <= hidden


def test_an_empty_box_is_not_ticked_again() -> None:
    form = filled([("name", "x")])
    assert form.xpath("count(.//input[@type='checkbox' and @checked])") == 0


def test_the_form_most_like_what_was_typed_is_taken() -> None:
    notes = "".join(
        f'<form action="/note" method="post" id="n{n}"><input type="hidden" name="offer" value="{n}">'
        f'<textarea name="note"></textarea></form>'
        for n in range(3)
    )
    typed = [("offer", "1"), ("note", "À revoir")]
    page = fill(f"<body>{notes}</body>", address="/", action="/note", typed=typed, notice=NOTICE, token="t")
    assert page is not None
    document = html.document_fromstring(page)
    assert [document.get_element_by_id(f"n{n}").fields["note"].strip() for n in range(3)] == [
        "",
        "À revoir",
        "",
    ]


def test_a_page_without_the_form_is_left_alone() -> None:
    assert fill(PAGE, address="/ici", action="/ailleurs", typed=[], notice=NOTICE, token="t") is None


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(name=TEXT, text=TEXT, entries=st.lists(TEXT, min_size=2, max_size=2))
def test_nothing_typed_is_lost_nor_becomes_markup(name: str, text: str, entries: list[str]) -> None:
    typed = [("name", name), ("text", text), *(("entry", entry) for entry in entries)]
    found = sent(filled(typed))
    for pair in typed:
        assert pair in found
