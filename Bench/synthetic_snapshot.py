#!/usr/bin/env python3
"""Writes a heap snapshot that no heap stands behind, and prints as JSON what a right analysis finds in it.

  synthetic_snapshot.py list --nodes 1000000 list.heapsnapshot
  synthetic_snapshot.py shared --nodes 10000000 --edges 15 - | heapdump summary -

Below the root stands a global object, below that the Holder, and below that as many items as --nodes says:

  list     a chain: each item holds the next one
  star     the Holder holds each item by an element
  classes  a star whose items have a class of their own each
  shared   a star whose items all refer to the same 1000 parts, so that their edges are most of the file
  random   a chain whose items also refer to random others; the answer knows what whole classes retain, not each item

--edges of each item go there: to the parts, to random others, and back to the Holder in the other shapes, where they change
no size. With large --nodes and --edges, --huge-items, --first-id and --extra-fields, counts, sums, sizes, ids and the places
of nodes leave 32 bits.
"""

import argparse
import json
import random
import sys
from dataclasses import dataclass

SHAPES = ["list", "star", "classes", "shared", "random"]
NODE_TYPES = ["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic"]
NODE_TYPES += ["concatenated string", "sliced string", "symbol", "bigint", "object shape"]
EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]
NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count", "detachedness"]
OBJECT, SYNTHETIC = NODE_TYPES.index("object"), NODE_TYPES.index("synthetic")
ELEMENT, PROPERTY, SHORTCUT = (EDGE_TYPES.index(name) for name in ("element", "property", "shortcut"))

# The first strings, by what they name; the names of classes follow, and then strings that nothing refers to.
STRINGS = ["", "Global", "Holder", "Item", "Part", "global", "holder", "next", "back", "other"]
ROOT_NAME, GLOBAL_NAME, HOLDER_NAME, ITEM_NAME, PART_NAME, TO_GLOBAL, TO_HOLDER, TO_NEXT, BACK, TO_OTHER = range(len(STRINGS))

ROOT, GLOBAL, HOLDER, FIRST_ITEM = range(4)
GLOBAL_SIZE = 8
HOLDER_SIZE = 16
PARTS = 1000
PART_SIZE = 48
# No size of 32 bits.
HUGE_SIZE = 2**32 + 5
# That are made at once: enough that Python's own pace does not count, few enough to stay in the processor's cache.
ROWS = 20_000
NUMBERS = 8 * ROWS
# In fields that no program knows: the largest integer that every JSON reader gets right.
UNKNOWN = 2**53 - 1
# An element's number in rows that are written again and again; V8's are numbers of 32 bits.
WIDE_INDEX = 4_000_000_000


@dataclass
class Heap:
    shape: str
    nodes: int
    # Of each item, beside the one to the next in a chain.
    edges: int = 0
    item_size: int = 32
    huge_items: int = 0
    first_id: int = 7
    extra_fields: int = 0
    extra_value: int = UNKNOWN
    # That nothing refers to.
    strings: int = 0
    seed: int = 1

    @property
    def is_chain(self):
        return self.shape in ("list", "random")

    @property
    def parts(self):
        return PARTS if self.shape == "shared" else 0

    @property
    def fields(self):
        return NODE_FIELDS + [f"extra_{number}" for number in range(self.extra_fields)]

    @property
    def node_count(self):
        return FIRST_ITEM + self.nodes + self.parts

    @property
    def edge_count(self):
        # One for each item's place, and those down to the Holder.
        return 2 + self.nodes + self.nodes * self.edges

    @property
    def string_count(self):
        return len(STRINGS) + (self.nodes if self.shape == "classes" else 0) + self.strings

    @property
    def items_size(self):
        return self.nodes * self.item_size + self.huge_items * (HUGE_SIZE - self.item_size)

    def complaint(self):
        """Why there is no such heap, or no answer; None where there is."""
        if self.nodes < 1 or min(self.edges, self.huge_items, self.extra_fields, self.strings) < 0 or self.item_size < 1:
            return "at least one node, of one byte, and no negative numbers"
        if self.huge_items > self.nodes:
            return "--huge-items: at most as many as --nodes"
        if self.first_id < 7:
            return "--first-id: at least 7, for the objects above the items have 1, 3 and 5"
        if self.shape == "shared" and (self.nodes < 2 * PARTS or not 1 <= self.edges <= PARTS):
            return f"shared: at least {2 * PARTS} nodes of 1 to {PARTS} edges, so that no item alone holds a part"
        return None

    def write(self, file):
        file.write(self.header())
        section(file, "nodes", self.node_rows())
        section(file, "edges", self.edge_rows())
        for name in ("trace_function_infos", "trace_tree", "samples", "locations"):
            file.write(f'"{name}":[],\n'.encode())
        section(file, "strings", self.string_rows(), end=b"]}")

    def header(self):
        meta = {
            "node_fields": self.fields,
            "node_types": [NODE_TYPES, "string", *["number"] * (len(self.fields) - 2)],
            "edge_fields": ["type", "name_or_index", "to_node"],
            "edge_types": [EDGE_TYPES, "string_or_number", "node"],
            "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
            "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
            "sample_fields": ["timestamp_us", "last_assigned_id"],
            "location_fields": ["object_index", "script_id", "line", "column"],
        }
        snapshot = {
            "meta": meta,
            "node_count": self.node_count,
            "edge_count": self.edge_count,
            "trace_function_count": 0,
            "extra_native_bytes": 0,
        }
        return ('{"snapshot":' + json.dumps(snapshot, separators=(",", ":")) + ",\n").encode()

    def node_rows(self):
        # Not detached, and what nobody knows.
        rest = ",0" + f",{self.extra_value}" * self.extra_fields
        holder_edges = 1 if self.is_chain else self.nodes
        yield f",{SYNTHETIC},{ROOT_NAME},1,0,1{rest}"
        yield f",{OBJECT},{GLOBAL_NAME},3,{GLOBAL_SIZE},1{rest}"
        yield f",{OBJECT},{HOLDER_NAME},5,{HOLDER_SIZE},{holder_edges}{rest}"
        last = self.nodes - 1
        borders = [border for border in (self.huge_items, last) if border > 0]
        for start, count in portions(self.nodes, *borders, longest=max(1, NUMBERS // len(self.fields))):
            size = HUGE_SIZE if start < self.huge_items else self.item_size
            # The last of a chain holds no next one.
            edges = self.edges + (1 if self.is_chain and start < last else 0)
            ids = range(self.first_id + 2 * start, self.first_id + 2 * (start + count), 2)
            if self.shape == "classes":
                names = range(len(STRINGS) + start, len(STRINGS) + start + count)
                yield rows(f",{OBJECT},%d,%d,{size},{edges}{rest}", names, ids)
            else:
                yield rows(f",{OBJECT},{ITEM_NAME},%d,{size},{edges}{rest}", ids)
        first_id = self.first_id + 2 * self.nodes
        for start, count in portions(self.parts, longest=max(1, NUMBERS // len(self.fields))):
            ids = range(first_id + 2 * start, first_id + 2 * (start + count), 2)
            yield rows(f",{OBJECT},{PART_NAME},%d,{PART_SIZE},0{rest}", ids)

    def edge_rows(self):
        width = len(self.fields)
        yield f",{SHORTCUT},{TO_GLOBAL},{GLOBAL * width}"
        yield f",{PROPERTY},{TO_HOLDER},{HOLDER * width}"
        if self.is_chain:
            yield f",{PROPERTY},{TO_NEXT},{FIRST_ITEM * width}"
        else:
            for start, count in portions(self.nodes):
                first = (FIRST_ITEM + start) * width
                yield rows(f",{ELEMENT},%d,%d", range(start, start + count), range(first, first + count * width, width))
        if self.shape == "list":
            yield from self.chain(f",{PROPERTY},{BACK},{HOLDER * width}" * self.edges)
        elif self.shape == "random":
            yield from self.random_chain()
        elif self.shape == "shared":
            yield from self.edges_to_parts()
        elif self.edges:
            back = f",{PROPERTY},{BACK},{HOLDER * width}" * self.edges
            for _, count in portions(self.nodes):
                yield back * count

    def chain(self, others):
        """The edges of items that hold the next one each, and `others`."""
        width = len(self.fields)
        for start, count in portions(self.nodes - 1):
            first = (FIRST_ITEM + start + 1) * width
            yield rows(f",{PROPERTY},{TO_NEXT},%d{others}", range(first, first + count * width, width))
        yield others

    def random_chain(self):
        width = len(self.fields)
        nodes = range(FIRST_ITEM * width, (FIRST_ITEM + self.nodes) * width, width)
        choose = random.Random(self.seed)
        targets = lambda count: tuple(choose.choices(nodes, k=self.edges * count))
        others = f",{PROPERTY},{TO_OTHER},%d" * self.edges
        for start, count in portions(self.nodes - 1):
            template = "".join(f",{PROPERTY},{TO_NEXT},{nodes[start + 1 + number]}{others}" for number in range(count))
            yield template % targets(count)
        yield others % targets(1)

    def edges_to_parts(self):
        """The items take turns at the parts: after so many items as there are parts, all is as before."""
        width = len(self.fields)
        first = FIRST_ITEM + self.nodes
        turn = [
            "".join(
                f",{ELEMENT},{WIDE_INDEX + number},{(first + (item * self.edges + number) % PARTS) * width}"
                for number in range(self.edges)
            )
            for item in range(PARTS)
        ]
        whole = "".join(turn).encode()
        for _ in range(self.nodes // PARTS):
            yield whole
        yield "".join(turn[: self.nodes % PARTS])

    def string_rows(self):
        yield "".join("," + json.dumps(text) for text in STRINGS)
        if self.shape == "classes":
            for start, count in portions(self.nodes):
                yield rows(',"Class%08d"', range(start, start + count))
        for start, count in portions(self.strings):
            yield rows(',"nothing refers to string %d"', range(start, start + count))

    def answer(self):
        """What Chrome DevTools would show. Sizes are in bytes."""
        parts_size = self.parts * PART_SIZE
        held = HOLDER_SIZE + self.items_size + parts_size
        total = GLOBAL_SIZE + held
        classes = [
            dict(name="Global", count=1, shallow_size=GLOBAL_SIZE, retained_size=total, distance=1),
            dict(name="Holder", count=1, shallow_size=HOLDER_SIZE, retained_size=held, distance=2),
        ]
        class_count = 2 + (1 if self.parts else 0) + (self.nodes if self.shape == "classes" else 1)
        if self.shape == "classes":
            # Of a million classes, the first and the last.
            for number in sorted({0, self.nodes - 1}):
                size = HUGE_SIZE if number < self.huge_items else self.item_size
                classes.append(
                    dict(name=f"Class{number:08d}", count=1, shallow_size=size, retained_size=size, distance=3)
                )
        else:
            # In a chain the first holds all the others, and an object in another of its class counts once.
            size = self.items_size
            classes.append(dict(name="Item", count=self.nodes, shallow_size=size, retained_size=size, distance=3))
        if self.parts:
            classes.append(
                dict(name="Part", count=PARTS, shallow_size=parts_size, retained_size=parts_size, distance=4)
            )
        return {
            "nodes": self.node_count,
            "edges": self.edge_count,
            "strings": self.string_count,
            "total_size": total,
            "class_count": class_count,
            "classes": classes,
        }


def portions(count, *borders, longest=ROWS):
    """Starts and lengths of portions that cross none of the borders."""
    start = 0
    for end in sorted({*borders, count}):
        while start < end:
            length = min(longest, end - start)
            yield start, length
            start += length


def rows(template, *columns):
    """One row for each value. One formatting for all is several times as fast as one for each."""
    count = len(columns[0])
    values = [None] * (count * len(columns))
    for number, column in enumerate(columns):
        values[number :: len(columns)] = column
    return template * count % tuple(values)


def section(file, name, portions, end=b"],\n"):
    """An array of what the portions hold: each value in them follows a comma."""
    file.write(f'"{name}":['.encode())
    is_first = True
    for portion in portions:
        data = portion if isinstance(portion, bytes) else portion.encode()
        if data:
            file.write(memoryview(data)[1:] if is_first else data)
            is_first = False
    file.write(end)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("path", metavar="PATH", help="- is standard output; the answer then goes to standard error")
    parser.add_argument("--nodes", type=int, required=True, metavar="COUNT", help="of items")
    parser.add_argument("--edges", type=int, default=0, metavar="COUNT", help="of each item, beside the one of its place")
    parser.add_argument("--item-size", type=int, default=32, metavar="BYTES", help="each item's own size (default: 32)")
    parser.add_argument("--huge-items", type=int, default=0, metavar="COUNT", help="the first items take over 4 GiB each")
    parser.add_argument("--first-id", type=int, default=7, metavar="ID", help="of the first item; each next one is 2 above")
    parser.add_argument("--extra-fields", type=int, default=0, metavar="COUNT", help="of nodes, that no program knows")
    parser.add_argument("--extra-value", type=int, default=UNKNOWN, metavar="NUMBER", help="in these (default: 2^53 - 1)")
    parser.add_argument("--strings", type=int, default=0, metavar="COUNT", help="that nothing refers to")
    parser.add_argument("--seed", type=int, default=1, help="of random edges")
    arguments = parser.parse_args()
    path = arguments.path
    del arguments.path
    heap = Heap(**vars(arguments))
    if heap.complaint():
        parser.error(heap.complaint())
    return heap, path


def main():
    heap, path = parse_arguments()
    if path == "-":
        heap.write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with open(path, "wb", buffering=1 << 20) as file:
            heap.write(file)
    print(json.dumps(heap.answer()), file=sys.stderr if path == "-" else sys.stdout)


if __name__ == "__main__":
    main()
