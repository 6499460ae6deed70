"""Targets: codenames, as typed and as they slip into a text."""

from crypto import codename, words
from crypto.errors import CodenameError, UnknownWordError, WordCountError
from tests.fuzz.target import Target

RIGHT = "abacus zoom cone outthink agreement quack uncapped deeply"
MARKS = "̖̀̂" * 300


def typed(data: bytes) -> None:
    """What is read is a codename that reads as itself; unknown words are named with near ones."""
    text = data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("utf-16", "replace")
    try:
        name = codename.parse(text)
    except (UnknownWordError, WordCountError) as error:
        _check_named(error)
        return
    except CodenameError:
        return
    seven = tuple(name.split())[:7]
    assert name == codename.complete(seven) == codename.parse(name) == codename.parse(name.upper())
    assert codename.appears_in(text)


def told(data: bytes) -> None:
    """A codename is found wherever it stands, between any words that are none of the list."""
    text = data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("utf-16", "replace")
    codename.appears_in(text)
    assert codename.appears_in(f"{text} 0 {RIGHT} 0 {text}")


def _check_named(error: UnknownWordError | WordCountError) -> None:
    assert not set(error.unknown) & words.KNOWN
    assert all(near in words.KNOWN for nearest in error.unknown.values() for near in nearest)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


SEEDS: tuple[bytes, ...] = (
    b"\xff\xfe\x00\xd8",
    *(
        text.encode("utf-8", "surrogatepass")
        for text in (
            RIGHT,
            RIGHT.upper().replace(" ", "-"),
            " ,." + RIGHT.replace(" ", "  \n"),
            RIGHT.rpartition(" ")[0],
            RIGHT + " deeply",
            " ".join(f"{place}. {word}" for place, word in enumerate(RIGHT.split(), 1)),
            RIGHT.replace("zoom", "zoon"),
            RIGHT.replace("abacus zoom", "zoom abacus"),
            "ａｂａｃｕｓ " + RIGHT.partition(" ")[2],
            "x" * 201,
            "",
            "\ud800",
            MARKS,
            "e" + MARKS + RIGHT,
            RIGHT.replace("abacus", "xyzzy"),
        )
    ),
)

TARGETS = {
    "codename": Target(typed, SEEDS, tuple(b" " + word.encode() for word in RIGHT.split()), 800),
    "codename_in_text": Target(told, SEEDS, tuple(b" " + word.encode() for word in RIGHT.split()), 4_096),
}
