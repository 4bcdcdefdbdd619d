#!/usr/bin/env python3
"""Cuts a .heapsnapshot down to a few nodes, so that it stays a whole snapshot in the layout of the V8 that wrote it.

Usage: shrink-snapshot.py NODES INPUT OUTPUT

The root and the nodes found first from it are kept, with the edges between them, the strings that they use (cut to 40
characters), and a few of the other sections' rows.
"""

import json
import sys

STRING_LIMIT = 40
ROWS_KEPT = 6


def rows(values, width):
    return [values[i : i + width] for i in range(0, len(values), width)]


class Strings:
    """The strings that are used, numbered anew."""

    def __init__(self, old):
        self.old, self.new, self.index = old, [], {}

    def __call__(self, index):
        if index not in self.index:
            self.index[index] = len(self.new)
            self.new.append(self.old[index][:STRING_LIMIT])
        return self.index[index]


def first_found(nodes, edges_of, to_node, width, limit):
    found, queue = {0: None}, [0]
    while queue and len(found) < limit:
        node = queue.pop(0)
        # A few edges a node, so that the search comes to more than the first node's.
        for edge in edges_of[node][:5]:
            target = edge[to_node] // width
            if target not in found and len(found) < limit:
                found[target] = None
                queue.append(target)
    return sorted(found)


def shrink_tree(values, fields, functions, depth):
    """Keeps the first node of each level and two of its sisters."""
    kept, width = [], len(fields)
    for row in rows(values, width)[: 3 if depth else 1]:
        row = list(row)
        index = fields.index("function_info_index")
        row[index] = functions.setdefault(row[index], len(functions))
        children = fields.index("children")
        row[children] = shrink_tree(row[children], fields, functions, depth + 1) if depth < 4 else []
        kept += row
    return kept


def main(limit, source, output):
    with open(source, encoding="utf-8", errors="surrogatepass") as file:
        text = file.read()
    whole = json.loads(text)
    header, meta = whole["snapshot"], whole["snapshot"]["meta"]
    node_fields, edge_fields = meta["node_fields"], meta["edge_fields"]
    width = len(node_fields)
    name, edge_count = node_fields.index("name"), node_fields.index("edge_count")
    edge_type, edge_name, to_node = (edge_fields.index(f) for f in ("type", "name_or_index", "to_node"))
    plain = {meta["edge_types"][0].index(t) for t in ("element", "hidden")}
    nodes, all_edges = rows(whole["nodes"], width), iter(rows(whole["edges"], len(edge_fields)))
    edges_of = [[next(all_edges) for _ in range(node[edge_count])] for node in nodes]

    kept = first_found(nodes, edges_of, to_node, width, int(limit))
    place = {old: new * width for new, old in enumerate(kept)}
    strings = Strings(whole["strings"])
    new_nodes, new_edges = [], []
    for old in kept:
        edges = [e for e in edges_of[old] if e[to_node] // width in place][:12]
        node = list(nodes[old])
        node[name], node[edge_count] = strings(node[name]), len(edges)
        new_nodes.append(node)
        for edge in edges:
            edge = list(edge)
            edge[to_node] = place[edge[to_node] // width]
            if edge[edge_type] not in plain:
                edge[edge_name] = strings(edge[edge_name])
            new_edges.append(edge)

    functions = {}
    tree = shrink_tree(whole["trace_tree"], meta["trace_node_fields"], functions, 0)
    function_fields = meta["trace_function_info_fields"]
    old_functions = rows(whole["trace_function_infos"], len(function_fields))
    new_functions = []
    for old in functions:
        row = list(old_functions[old])
        for field in ("name", "script_name"):
            row[function_fields.index(field)] = strings(row[function_fields.index(field)])
        new_functions.append(row)
    object_index = meta["location_fields"].index("object_index")
    locations = []
    for row in rows(whole["locations"], len(meta["location_fields"])):
        if row[object_index] // width in place:
            row[object_index] = place[row[object_index] // width]
            locations.append(row)
    # Functions are rarely among the nodes found first: these rows speak of others.
    for row, new in zip(rows(whole["locations"], len(meta["location_fields"])), place.values()):
        if len(locations) < ROWS_KEPT:
            row[object_index] = new
            locations.append(row)
    header["node_count"], header["edge_count"] = len(new_nodes), len(new_edges)
    header["trace_function_count"] = len(new_functions)

    newline = "\n" if "\n," in text else ""
    between_strings = ",\n" if newline else ","

    def section(name, values):
        flat = [",".join(map(str, row)) for row in values]
        return f'"{name}":[' + (newline + ",").join(flat) + newline + "]"

    def compact(value):
        return json.dumps(value, separators=(",", ":"))

    parts = [
        f'{{"snapshot":{compact(header)}',
        section("nodes", new_nodes),
        section("edges", new_edges),
        section("trace_function_infos", new_functions),
        f'"trace_tree":{compact(tree)}',
        section("samples", rows(whole["samples"], len(meta["sample_fields"]))[:ROWS_KEPT]),
        section("locations", locations),
        '"strings":[' + between_strings.join(map(json.dumps, strings.new)) + "]}",
    ]
    with open(output, "w", encoding="ascii") as file:
        file.write((",\n" if newline else ",").join(parts))


main(*sys.argv[1:])
