"""Every part of a file has the line it begins on, and what is not TOML is told at its own line."""

import pytest

from cases.errors import PackError
from cases.packs.toml_lines import LINE_MAX, TRIES_MAX, Document, parse

TEXT = '''# a note
title = "top"

[defaults]
from = 2026-01-01

[[rule]]
id = "a"
extend = { most = 30 }
days = [
  1, # [
  2,
]

[[rule]]
id = "b"
text = """
[[rule]]
id = "no rule at all"
"""
inner.deep = 1

[rule.sub]
x = 1

["a b".c]
d = 1
'''


def document(text: str = TEXT) -> Document:
    return parse("a.toml", text.encode())


def refusal(data: bytes) -> str:
    with pytest.raises(PackError) as refused:
        parse("a.toml", data)
    [finding] = refused.value.findings
    return str(finding)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("defaults",), 4),
        (("defaults", "from"), 5),
        (("rule",), 7),
        (("rule", 0), 7),
        (("rule", 0, "id"), 8),
        (("rule", 0, "extend", "most"), 9),
        (("rule", 0, "days"), 10),
        (("rule", 1), 15),
        (("rule", 1, "id"), 16),
        (("rule", 1, "text"), 17),
        (("rule", 1, "inner"), 21),
        (("rule", 1, "inner", "deep"), 21),
        (("rule", 1, "sub", "x"), 24),
        (("a b", "c", "d"), 27),
    ],
)
def test_each_part_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert document().line(*path) == line


def test_a_part_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    assert document().line("rule", 1, "missing") == 15
    assert document().line("rule", 2) == 7
    assert document().line("nothing") == 0


def test_lines_count_the_same_with_the_line_ends_of_windows() -> None:
    assert document(TEXT.replace("\n", "\r\n")).lines == document().lines


def test_a_list_of_tables_inside_one_counts_for_itself() -> None:
    read = document("[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\nx = 2\n[[a]]\n[[a.b]]\nx = 3\n")
    assert read.value == {"a": [{"b": [{"x": 1}, {"x": 2}]}, {"b": [{"x": 3}]}]}
    assert [read.line("a", *path, "x") for path in ((0, "b", 0), (0, "b", 1), (1, "b", 0))] == [3, 5, 8]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = 1\nb = sixty\nc = 1\n", 2, "what follows the “=” is no text in quotes"),
        ('a = 1\nb = "open\nc = 1\n', 2, "the text that begins here has no end."),
        ('a = 1\nb = """\nopen\nc = 1\n', 2, "the text that begins here has no end."),
        ("a = [\n1,\n2\nb = 1\n", 1, "the list that begins here has no end."),
        ("a = 1\n\njust words\n", 3, "a name without “=” and a value."),
        ("a = 2026-02-30\n", 1, "there is no such day."),
        ("a = 1 2\n", 1, "something follows the value"),
        ("a = { b = 1\n", 1, "the { that opens here is not closed."),
        ("[a]\nb = 1\n[a]\n", 3, "this table stands here a second time."),
        ("a = 1\nb = 1\na = 2\n", 3, "this name has a value already."),
        ('a = "c:\\users"\n', 1, "a \\ in double quotes has a meaning of its own."),
        ('a = "c:\\doubt"\n', 1, "a \\ in double quotes has a meaning of its own."),
        ("a = 1\n= 2\n", 2, "this is neither name = value nor"),
        (f"b = 1\na = {'[' * 1_900}\n", 2, "there are too many lists within lists here."),
    ],
)
def test_what_is_not_toml_is_told_where_it_begins(text: str, line: int, said: str) -> None:
    assert refusal(text.encode()).startswith(f"a.toml:{line}: error: {said}")


def test_what_is_no_text_is_told_at_its_line() -> None:
    assert refusal(b"a = 1\nb = '\xff'\n").startswith("a.toml:2: error: this is not text in UTF-8.")


def test_a_mark_that_some_editors_begin_a_file_with_is_passed_over() -> None:
    assert document("\ufeffa = 1\nb = 2\n").line("b") == 2
    assert refusal("\ufeffa = 1\nb = sixty\n".encode()).startswith("a.toml:2: ")


def test_a_strange_sign_is_told_at_its_own_line_of_a_long_list() -> None:
    assert refusal('a = 1\nb = [\n"c",\n“d”,\n]\n'.encode()).startswith("a.toml:4: error: ““” (LEFT DOUBLE")


def test_a_line_has_an_end_in_sight() -> None:
    text = f"a = 1\nb = '{'x' * LINE_MAX}'\n"
    assert refusal(text.encode()).startswith("a.toml:2: error: this line is too long.")


def test_a_statement_has_an_end_in_sight() -> None:
    lists = "a = [\n" + "[1],\n" * (TRIES_MAX - 2) + "]\n"
    assert document(lists).line("a") == 1
    too_long = "b = 1\n" + lists.replace("[1]", "[1], [\n]", 1)
    assert refusal(too_long.encode()).startswith("a.toml:2: error: this is spread over too many lines.")
