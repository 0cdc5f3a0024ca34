"""Two admins in one dimension: what one changed is taken over, what both changed is asked, nothing goes lost."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rubrics.fields import as_typed, fields_of, in_order, with_fields
from rubrics.merging import Clash, merge, settle
from tests.rubrics.documents import documents, small_document

NAMES = st.sampled_from(["name", "meaning", "anchor.1", "text.a", "weight.a"])
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # of a whole document it takes minutes
TEXTS = st.dictionaries(NAMES, st.sampled_from(["", "one", "two", "three"]), min_size=5)
KEYS = st.lists(st.sampled_from("abcdef"), unique=True).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_every_text_that_was_changed_is_kept_or_asked_about(mine, theirs, base):
    merged, clashes = merge(mine=mine, theirs=theirs, base=base)

    asked = {clash.name for clash in clashes}
    for name, saved in theirs.items():
        changed_here, changed_there = mine[name] != base[name], saved != base[name]
        assert (name in asked) == (changed_here and changed_there and mine[name] != saved)
        assert merged[name] == (mine[name] if changed_here else saved)


@given(TEXTS, TEXTS)
def test_without_a_change_of_ones_own_the_saved_text_stands(theirs, base):
    assert merge(mine=base, theirs=theirs, base=base) == (theirs, [])


@given(TEXTS, TEXTS)
def test_where_nothing_came_between_the_typed_text_stands(mine, base):
    assert merge(mine=mine, theirs=base, base=base) == (mine, [])


def test_without_what_a_page_began_from_every_difference_is_asked_about():
    merged, clashes = merge(mine={"name": "A", "letter": "S"}, theirs={"name": "B", "letter": "S"}, base={})

    assert (merged, clashes) == ({"name": "A", "letter": "S"}, [Clash("name", "A", "B")])


@given(KEYS, KEYS, KEYS)
def test_orders_join_without_a_question(mine, theirs, base):
    name = "order.questions"

    merged, clashes = merge(mine={name: mine}, theirs={name: theirs}, base={name: base})

    assert clashes == []
    if mine not in (theirs, base) and theirs != base:
        assert sorted(merged[name].split()) == sorted(theirs.split())
        assert [key for key in merged[name].split() if key in mine.split()] == [
            key for key in mine.split() if key in theirs.split()
        ]


def test_each_choice_of_a_clash_is_kept():
    theirs = {"meaning": "Theirs.", "name": "N", "anchor.1": "Saved."}
    typed = {"meaning": "Mine.", "name": "N", "anchor.1": "Typed."}

    chosen = settle(typed, theirs, {"keep.meaning": "both", "keep.anchor.1": "theirs", "keep.name": "mine"})

    assert chosen == {"meaning": "Theirs.\n\nMine.", "name": "N", "anchor.1": "Saved."}


def plain(value):
    """A document without what a text field of a page can't hold: other line ends, empty lines among probes."""
    if isinstance(value, dict):
        kept = {name: plain(inner) for name, inner in value.items()}
        if "probes" in kept:
            kept["probes"] = [probe.replace("\n", " ") for probe in kept["probes"] if probe]
        return kept
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.replace("\r", " ").strip() if isinstance(value, str) else value


@settings(max_examples=60, phases=NO_SHRINKING)
@given(documents().map(plain), st.integers(0, 2))
def test_fields_of_any_dimension_give_the_document_back(document, place):
    key = document["dimensions"][min(place, len(document["dimensions"]) - 1)]["key"]

    again = with_fields(document, key, as_typed(fields_of(document, key)))

    assert again == document


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdefg")))
def test_rows_in_any_order_are_the_same_rows(keys, order):
    rows = [{"key": key} for key in keys]

    ordered = in_order(rows, " ".join(order))

    assert sorted(row["key"] for row in ordered) == sorted(keys)


def test_rows_that_an_order_does_not_name_stay_at_their_place():
    rows = [{"key": key} for key in "abcd"]

    assert [row["key"] for row in in_order(rows, "d c")] == ["a", "b", "d", "c"]


def test_fields_name_everything_that_the_page_of_a_dimension_changes():
    assert fields_of(small_document(), "teams") == {
        "name": "Teams",
        "letter": "T",
        "meaning": "What teams means.",
        "weight.strategic": "60",
        "weight.teams": "40",
        "kind.teams-1": "past_behaviour",
        "text.teams-1": "Tell me about a deal.",
        "probes.teams-1": "And then?",
        "listen.teams-1": "Names.",
        **{f"anchor.{value}": f"teams worth {value}" for value in range(1, 6)},
        "order.questions": "teams-1",
        "order.dimensions": "strategic teams",
    }
