"""Twice the heap is to take about twice the time, whatever its shape and whatever is asked: each command on each shape of
Bench/shapes.js. And `diff` against the summaries of its two files, which are the same work without the comparison."""

import limits
from comparison import alternated, pairs_in
from measurements import MOST_PAIRS
from measuring.processes import run

SHAPES = ["listeners", "closures over their owners", "a list and its index", "a hub", "a list of lists", "promises"]
# Enough that the program's start is a small part of it.
ITEMS = 150_000
# For the pairs of one row: there are many rows.
SECONDS_OF_ROW = 3


def commands(heapdump, path):
    """What is asked of a file, by name. The objects of each shape are of one class, and one object is the largest."""
    biggest = run([heapdump, "summary", path, "--json"]).json()["biggest_objects"][0]["object"]["id"]
    return {
        "summary": ["summary", path],
        "retainers": ["retainers", path, "Item"],
        "show": ["show", path, f"@{biggest}"],
        "find": ["find", path, "--class", "Item"],
        "diff": ["diff", path, path],
        "report": ["report", path, "-o", "-"],
    }


def doublings(bench, cache, items):
    for shape in SHAPES:
        once, twice = cache.shape(shape, items), cache.shape(shape, 2 * items)
        asked = commands(bench.heapdump, once), commands(bench.heapdump, twice)
        for name in asked[0]:
            doubling(bench, f"{name} of {shape}, {2 * items:,}", *(command[name] for command in asked))


def doubling(bench, what, once, twice):
    seconds = lambda command: run([bench.heapdump, *command]).seconds
    ours, reference = lambda: seconds(twice), lambda: seconds(once)
    first = ours() + reference()
    comparison = bench.compare(what, "half as many", "s", limit=limits.TWICE_OVER_ONCE)
    for pair in alternated(pairs_in(SECONDS_OF_ROW, first, bench.pairs, MOST_PAIRS), ours, reference):
        comparison.add(*pair)
    bench.tell(f"{what}: {min(comparison.ours):.2f} s, half as many {min(comparison.reference):.2f} s")


def difference(bench, older, newer):
    """Files of one program."""
    seconds = lambda *command: run([bench.heapdump, *command]).seconds
    ours = lambda: seconds("diff", older, newer)
    reference = lambda: seconds("summary", older) + seconds("summary", newer)
    first = ours() + reference()
    comparison = bench.compare("diff", "summary of both", "s", limit=limits.DIFF_OVER_SUMMARIES)
    for pair in alternated(pairs_in(SECONDS_OF_ROW * 4, first, bench.pairs, MOST_PAIRS), ours, reference):
        comparison.add(*pair)
    bench.tell(f"diff: {min(comparison.ours):.2f} s, summary of both {min(comparison.reference):.2f} s")
