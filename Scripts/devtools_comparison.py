"""Holds what `heapdump summary --json --all` and `heapdump diff --json --all` print against DevTools' answers.

  summary: {"total_size", "statistics": {as devtools_statistics() has them},
            "classes": [{"name", "count", "shallow_size", "retained_size", "distance"}],
            "duplicate_strings": [{"value", "count", "size", and perhaps "retained_size"}]}
  diff:    {"classes": [{"name", "added_count", "removed_count", "count_delta", "added_size", "removed_size", "size_delta"}]}

A class has "script_id", "line" and "column" too, both from 0 as in the file, where DevTools tells it by them.

Both sides become rows of two parts, what a row is about and what is said of it, and are compared as multisets: neither
the order counts, nor whether a name stands once.
"""

import collections
import itertools
import json
import re

LOCATED = re.compile(r"(-?\d+),(-?\d+),(-?\d+),(.*)", re.DOTALL)
LONGEST = 1024
DIFF_FIELDS = ["added_count", "removed_count", "count_delta", "added_size", "removed_size", "size_delta"]


class Tally:
    """How many rows of a kind there are, on either side, and which differ."""

    def __init__(self, kind, devtools, heapdump):
        self.kind = kind
        sides = [collections.defaultdict(list), collections.defaultdict(list)]
        for side, rows in zip(sides, (devtools, heapdump)):
            for subject, figures in rows:
                side[subject].append(figures)
        theirs, ours = sides
        self.compared = 0
        # (subject, what DevTools says, what heapdump says); None for who has no such row.
        self.differing = []
        for subject in {**theirs, **ours}:
            counted = [collections.Counter(map(tuple, side.get(subject, ()))) for side in sides]
            matching = sum((counted[0] & counted[1]).values())
            missing = [list((counter - other).elements()) for counter, other in (counted, counted[::-1])]
            pairs = list(itertools.zip_longest(*missing))
            self.compared += matching + len(pairs)
            self.differing += [(subject, *pair) for pair in pairs]

    def __str__(self):
        return f"{self.compared} {self.kind}, {len(self.differing)} differ"

    def lines(self, shown):
        for (name, *place), theirs, ours in self.differing[:shown]:
            subject = text(name) + (" at {}:{}:{}".format(*place) if place and place[0] is not None else "")
            yield f"  {self.kind}: {subject}"
            for who, figures in (("DevTools", theirs), ("heapdump", ours)):
                said = ", ".join(f"{key} {text(value)}" for key, value in figures) if figures else "no such row"
                yield f"    {who}: {said}"
        if len(self.differing) > shown:
            yield f"  {self.kind}: {len(self.differing) - shown} more differ"


def shown(name, ending="…"):
    """A text as heapdump prints it: up to 1,024 UTF-16 units, in whole characters."""
    units = 0
    for place, character in enumerate(name):
        units += 2 if character > "\uffff" else 1
        if units > LONGEST:
            return name[:place] + ending
    return name


def text(value):
    """In ASCII, and not endless: names come from the program that was dumped."""
    encoded = json.dumps(value)
    return encoded if len(encoded) <= 200 else f"{encoded[:200]}… ({len(encoded)} characters)"


def place_in(key):
    """Script, line and column, where DevTools' key has them."""
    located = LOCATED.fullmatch(key)
    return tuple(map(int, located.groups()[:3])) if located else (None, None, None)


def devtools_class(row):
    figures = {"count": row["count"], "shallow_size": row["self"], "retained_size": row["maxRet"], "distance": row["distance"]}
    return (shown(row["name"]), *place_in(row["key"])), figures.items()


def heapdump_class(row):
    figures = {key: row.get(key) for key in ("count", "shallow_size", "retained_size", "distance")}
    return heapdump_subject(row), figures.items()


def heapdump_subject(row):
    return row.get("name"), row.get("script_id"), row.get("line"), row.get("column")


def devtools_statistics(answer):
    statistics = answer["statistics"]
    native, heap = statistics["native"], statistics["v8heap"]
    return {
        "total_size": statistics["total"],
        "native_size": native["total"],
        "typed_arrays_size": native["typedArrays"],
        "v8_heap_size": heap["total"],
        "code_size": heap["code"],
        "js_arrays_size": heap["jsArrays"],
        "strings_size": heap["strings"],
        "system_size": heap["system"],
        # Its Statistics view shows these two as what is left.
        "other_js_objects_size": heap["total"] - heap["code"] - heap["strings"] - heap["jsArrays"] - heap["system"],
        "other_native_size": native["total"] - native["typedArrays"],
    }


def single_figures(figures):
    return [((name,), [("size", size)]) for name, size in figures.items()]


def compare_summary(answer, summary):
    """`answer` is DevTools' of one file; `summary` what heapdump printed."""
    yield Tally("classes", map(devtools_class, answer["classes"]), map(heapdump_class, summary.get("classes", ())))

    theirs = {"total": answer["total_size"], **devtools_statistics(answer)}
    ours = {"total": summary.get("total_size"), **summary.get("statistics", {})}
    yield Tally("statistics", single_figures(theirs), single_figures(ours))

    # heapdump may leave the retained sizes of strings out.
    rows = summary.get("duplicate_strings", ())
    has_retained = any("retained_size" in row for row in rows)

    # Whether a string was cut, DevTools says where V8 does; heapdump's "is_cut" also where its length does.
    def row(value, count, size, retained):
        figures = [("count", count), ("size", size)]
        return (value,), figures + ([("retained_size", retained)] if has_retained else [])

    theirs = [
        row(shown(each["value"], ""), each["count"], each["totalSelfSize"], each["totalRetainedSize"])
        for each in answer["duplicate_strings"]
    ]
    keys = ("value", "count", "size", "retained_size")
    yield Tally("duplicate strings", theirs, [row(*map(each.get, keys)) for each in rows])


def compare_diff(answer, diff):
    """`answer` is DevTools' diff; `diff` what heapdump printed."""
    yield Tally(
        "changed classes",
        [((shown(row["name"]), *place_in(row["key"])), [(key, row[key]) for key in DIFF_FIELDS]) for row in answer],
        [(heapdump_subject(row), [(key, row.get(key)) for key in DIFF_FIELDS]) for row in diff.get("classes", ())],
    )
