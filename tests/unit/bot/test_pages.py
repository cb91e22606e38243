"""HTML from values: whatever is not HTML already comes out as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages.html import Html, joined, raw, tag
from bot.pages.report import report_page
from tests.report_content import weekly


def test_text_is_escaped_and_elements_are_not() -> None:
    assert tag("p", "a < b", tag("b", "&")) == "<p>a &lt; b<b>&amp;</b></p>"


def test_attributes_are_escaped() -> None:
    assert tag("a", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;"></a>'


def test_names_that_python_keeps_for_itself_are_written_as_they_are() -> None:
    assert tag("div", class_="x", aria_label="y", title=None) == '<div class="x" aria-label="y"></div>'


def test_elements_without_content_are_not_closed() -> None:
    assert tag("img", src="/a.png", alt="") == '<img src="/a.png" alt="">'


def test_lists_are_joined_and_nothing_is_left_out_silently() -> None:
    assert joined("a", None, ["<", tag("i", "b")]) == "a&lt;<i>b</i>"


@given(st.text())
def test_no_text_makes_an_element(text: str) -> None:
    assert "<" not in tag("p", text)[3:-4]


def test_only_what_we_say_is_html() -> None:
    assert isinstance(raw("<!doctype html>"), Html)


@pytest.mark.parametrize("name", ["verdict", "title", "untried"])
def test_any_part_of_a_report_may_be_hostile(name: str) -> None:
    assert "<script" not in report_page(weekly(**{name: "<script>alert(1)</script>"}))
