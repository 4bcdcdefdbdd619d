"""Tests that synthetic snapshots are what they say, by an analysis that is slow and simple."""

import io
import json
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from collections import defaultdict

import synthetic_snapshot
from synthetic_snapshot import HUGE_SIZE, Heap

HEAPS = [
    Heap("list", 1),
    Heap("list", 60, edges=2, huge_items=3, first_id=2**32 - 51),
    Heap("star", 60, edges=1, extra_fields=2, strings=7),
    Heap("classes", 40, huge_items=1),
    Heap("random", 60, edges=3, huge_items=60),
]


def document(heap):
    file = io.BytesIO()
    heap.write(file)
    return json.loads(file.getvalue())


class Graph:
    def __init__(self, document):
        meta, strings = document["snapshot"]["meta"], document["strings"]
        width = len(meta["node_fields"])
        flat = document["nodes"]
        self.nodes = [dict(zip(meta["node_fields"], flat[at : at + width])) for at in range(0, len(flat), width)]
        edges = iter(zip(*[iter(document["edges"])] * 3))
        self.targets = []
        for node in self.nodes:
            node["name"] = strings[node["name"]]
            rows = [next(edges) for _ in range(node["edge_count"])]
            for kind, name, _ in rows:
                assert kind == synthetic_snapshot.ELEMENT or strings[name]
            assert all(target % width == 0 for _, _, target in rows)
            self.targets.append([target // width for _, _, target in rows])
        self.edges_left = len(list(edges))

    def distances(self, without=None):
        """From the root; only of what is reached without one node."""
        found, layer, distance = {0: 0}, [0], 0
        while layer:
            distance += 1
            targets = {target for node in layer for target in self.targets[node] if target != without}
            layer = list(targets - found.keys())
            found.update(dict.fromkeys(layer, distance))
        return found

    def retained(self, node):
        left = self.distances(without=node)
        return {other for other in range(len(self.nodes)) if other not in left}

    def classes(self):
        distances, members = self.distances(), defaultdict(list)
        for number, node in enumerate(self.nodes):
            if node["self_size"]:
                members[node["name"]].append(number)
        size = lambda numbers: sum(self.nodes[number]["self_size"] for number in numbers)
        return {
            name: {
                "name": name,
                "count": len(numbers),
                "shallow_size": size(numbers),
                "retained_size": size(set().union(*map(self.retained, numbers))),
                "distance": min(distances[number] for number in numbers),
            }
            for name, numbers in members.items()
        }


class AnswerTests(unittest.TestCase):
    def check(self, heap, graph, written):
        answer, header = heap.answer(), written["snapshot"]
        self.assertEqual((answer["nodes"], answer["nodes"]), (header["node_count"], len(graph.nodes)))
        self.assertEqual((answer["edges"], answer["edges"] * 3), (header["edge_count"], len(written["edges"])))
        self.assertEqual(graph.edges_left, 0)
        self.assertEqual(answer["strings"], len(written["strings"]))
        self.assertEqual(len({node["id"] for node in graph.nodes}), answer["nodes"])
        self.assertEqual(answer["total_size"], sum(node["self_size"] for node in graph.nodes))

    def test_is_right(self):
        for heap in HEAPS:
            with self.subTest(heap=heap):
                self.assertIsNone(heap.complaint())
                written = document(heap)
                graph = Graph(written)
                self.check(heap, graph, written)
                classes = graph.classes()
                self.assertEqual(heap.answer()["class_count"], len(classes))
                for known in heap.answer()["classes"]:
                    self.assertEqual(known, classes[known["name"]])

    def test_is_right_of_shared_parts(self):
        heap = Heap("shared", 2100, edges=3)
        written = document(heap)
        graph = Graph(written)
        self.check(heap, graph, written)
        first_part = synthetic_snapshot.FIRST_ITEM + heap.nodes
        for number in (0, 1, 500, 999):
            # Held by more than one item, so that none retains it.
            self.assertGreater(sum(first_part + number in targets for targets in graph.targets), 1)
        self.assertEqual(graph.retained(synthetic_snapshot.FIRST_ITEM + 7), {synthetic_snapshot.FIRST_ITEM + 7})
        self.assertEqual(len(graph.retained(synthetic_snapshot.HOLDER)), heap.nodes + 1000 + 1)

    def test_does_not_depend_on_how_rows_are_made(self):
        heap = Heap("star", 50, edges=1, huge_items=7, first_id=99)
        whole = document(heap)
        sizes = [node["self_size"] for node in Graph(whole).nodes[synthetic_snapshot.FIRST_ITEM :]]
        self.assertEqual(sizes, [HUGE_SIZE] * 7 + [32] * 43)
        for name in ("ROWS", "NUMBERS"):
            with unittest.mock.patch.object(synthetic_snapshot, name, 3):
                self.assertEqual(document(heap), whole)

    def test_is_none_for_what_cannot_be(self):
        for heap in [Heap("list", 0), Heap("star", 5, huge_items=6), Heap("star", 5, first_id=5), Heap("shared", 1500, edges=1)]:
            self.assertIsNotNone(heap.complaint())


class ProgramTests(unittest.TestCase):
    def test_writes_files_and_pipes(self):
        command = [sys.executable, "-B", synthetic_snapshot.__file__, "list", "--nodes", "100"]
        piped = subprocess.run([*command, "-"], capture_output=True, check=True)
        with tempfile.NamedTemporaryFile() as file:
            answer = subprocess.run([*command, file.name], capture_output=True, check=True).stdout
            self.assertEqual(file.read(), piped.stdout)
        self.assertEqual(json.loads(answer), json.loads(piped.stderr))
        self.assertEqual(json.loads(piped.stdout)["snapshot"]["node_count"], json.loads(answer)["nodes"])


if __name__ == "__main__":
    unittest.main()
