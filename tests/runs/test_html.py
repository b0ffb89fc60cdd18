"""A report is one page that opens offline, shows data as text, and reads well by keyboard and on a phone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nbformat.v4 as v4
import pytest

from analysis.runs.html import render, rich

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FACTS = {
    "title": "Did <it> stop?",
    "run_id": "20210604-0123456789",
    "as_of": "2021-06-04",
    "parameters": [{"name": "label", "value": repr(HOSTILE), "comment": "a <comment>"}],
    "files": [{"name": "data/attacks.csv (catalogue)", "sha256": "ab" * 32}],
    "inputs": {"code": "c" * 64, "notebook": "d" * 64},
    "versions": {"python": "3.11"},
    "error": None,
}


class Page(HTMLParser):
    """The tags of a page, for asking what it would load and how it is built."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict]:
        return [attributes for tag, attributes in self.tags if tag == name]


def page(*outputs, **facts) -> str:
    cells = [
        v4.new_markdown_cell("# Did <it> stop?\n\nA question."),
        v4.new_markdown_cell("## First\n\n## First\n\n## Third & last"),
        v4.new_code_cell("x = 1  # <one>", execution_count=1, outputs=list(outputs)),
    ]
    return render(v4.new_notebook(cells=cells), FACTS | facts)


def shown(data: dict, **metadata):
    return v4.new_output("display_data", data=data, metadata=metadata)


def test_the_page_of_a_run_loads_nothing(good):
    text = good.html.read_text()
    found = Page(text)
    for tag, attributes in found.tags:
        for name in ("src", "srcset", "data", "poster", "background"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
    assert found.all("script") == found.all("iframe") == found.all("object") == []
    assert [link["href"] for link in found.all("link")] == ["data:,"]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_a_policy_in_the_page_itself_forbids_scripts_and_requests(good):
    policy = next(m["content"] for m in Page(good.html.read_text()).all("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "script-src" not in policy


def test_the_page_has_language_title_contents_and_one_first_heading(good):
    text = good.html.read_text()
    found = Page(text)
    assert found.all("html")[0]["lang"] == "en"
    assert "<title>Did it stop?</title>" in text
    assert len(found.all("h1")) == 1
    assert [a["href"] for a in found.all("a")] == ["#report", "#how", "#what", "#why"]
    assert {"how", "what", "why"} <= {h.get("id") for h in found.all("h2")}


def test_figures_have_words_and_tables_their_own_box(good):
    text = good.html.read_text()
    found = Page(text)
    (image,) = found.all("img")
    assert image["alt"] == 'A walk of "20" <steps> & no more'
    assert image["src"].startswith("data:image/svg+xml;base64,")
    boxes = [d for d in found.all("div") if "scroll" in d.get("class", "")]
    assert len(boxes) == len(found.all("table")) + len(found.all("img"))
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in boxes)


def test_code_is_folded_and_all_of_it_is_there(good):
    text = good.html.read_text()
    assert text.count("<summary>Show code") == 7
    assert not any("open" in d for d in Page(text).all("details") if "code" in d.get("class", ""))


def test_text_from_data_is_shown_as_text_in_tables_sentences_and_findings(good):
    text = good.html.read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Is &lt;b&gt;this&lt;/b&gt; escaped?" in text
    # A sentence made by code is Markdown, and no markup of the data counts in it.
    assert "<strong>No evidence</strong>" in text
    assert "<em>" not in text


@pytest.mark.parametrize(
    "output",
    [
        v4.new_output("stream", name="stdout", text=HOSTILE),
        v4.new_output("stream", name="stderr", text=HOSTILE),
        v4.new_output("error", ename="ValueError", evalue=HOSTILE, traceback=["\x1b[31m" + HOSTILE + "\x1b[0m"]),
        shown({"text/plain": HOSTILE}),
        shown({"text/markdown": HOSTILE + "\n\n[x](javascript:alert(3))"}),
        shown({"image/png": "aGk=", "text/plain": f'"{HOSTILE}'}),
        shown({"image/svg+xml": f"<svg>{HOSTILE}</svg>", "text/plain": HOSTILE}),
        shown({"image/svg+xml": "<svg/>"}, **{"image/svg+xml": {"alt": f'"{HOSTILE}'}}),
    ],
)
def test_markup_in_an_output_of_any_kind_is_not_markup_in_the_page(output):
    found = Page(page(output))
    assert found.all("script") == []
    assert not any("onerror" in attributes for _, attributes in found.tags)
    assert not any("javascript" in (a.get("href") or "") for a in found.all("a"))


def test_scripts_of_a_library_are_left_out_and_a_vector_image_is_an_image():
    text = page(shown({"text/html": "<p>kept</p><script src='http://example.org/a.js'></script><SCRIPT>1"}))
    assert "<p>kept</p>" in text
    assert Page(text).all("script") == []
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+"' in page(shown({"image/svg+xml": "<svg/>"}))


def test_the_richest_form_of_an_output_is_shown_once():
    text = page(shown({"text/html": "<p>rich</p>", "image/png": "aGk=", "text/plain": "poor"}))
    assert "<p>rich</p>" in text
    assert "poor" not in text
    assert Page(text).all("img") == []


def test_facts_are_escaped_and_told():
    text = page()
    assert "<title>Did &lt;it&gt; stop?</title>" in text
    assert "20210604-0123456789" in text
    assert "ab" * 32 in text
    assert "a &lt;comment&gt;" in text
    assert HOSTILE not in text


def test_a_failed_report_says_so_first_with_the_error():
    text = page(error="cell [2]: ValueError: <b>")
    banner = text.index('class="banner" role="alert"')
    assert banner < text.index("<h1")
    assert "cell [2]: ValueError: &lt;b&gt;" in text
    assert "This report failed" not in page()


def test_headings_that_are_called_the_same_have_addresses_of_their_own():
    ids = [a["id"] for a in Page(page()).all("h2") if "id" in a]
    assert ids[:3] == ["first", "first-again", "third-last"]


def test_numbers_stand_to_the_right_with_their_headings():
    import pandas as pd

    frame = pd.DataFrame({"note": ["1,a", "b"], "days": [23.5, -7.9]})
    found = rich(frame.to_html())
    assert found.count('<td class="number">') == 2
    assert '<th class="number">days</th>' in found
    assert "<th>note</th>" in found


def test_a_column_with_words_among_its_numbers_stands_to_the_left_as_a_whole():
    import pandas as pd

    frame = pd.DataFrame({"p": ["1.00", "0.28 (adjusted 1.00)"], "n": [2, 11], "days": ["-", "51"]})
    found = rich(frame.to_html())
    assert "<td>1.00</td>" in found
    assert found.count('<td class="number">') == 4
    assert "<th>p</th>" in found


def test_names_of_row_labels_stand_in_the_one_line_of_headings():
    import pandas as pd

    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["2021-05", "2021-06"], name="month"))
    found = rich(frame.to_html())
    assert '<thead><tr><th>month</th><th class="number">n</th></tr></thead>' in found
    assert '<th><span class="day">2021-05</span></th>' in found


def test_a_table_with_headings_of_two_storeys_keeps_them():
    import pandas as pd

    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_product([["a"], ["b", "c"]]))
    found = rich(frame.to_html())
    assert found.count("<tr") == frame.to_html().count("<tr")
    assert "<th>c</th>" in found


def test_an_empty_table_stays_a_table():
    import pandas as pd

    assert "<th>n</th>" in rich(pd.DataFrame({"n": []}).to_html())


def test_two_renderings_are_equal():
    assert page(shown({"text/plain": "x"})) == page(shown({"text/plain": "x"}))
