#!/usr/bin/env python3
"""Prints the modules under Sources as a table in Markdown: number of files, lines, and the median of a file's lines.

Usage: modules.py
"""

import os
import statistics

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(ROOT, "Sources")
# Of each suffix; headers count as C.
LANGUAGES = {".swift": "Swift", ".c": "C", ".h": "C", ".js": "JavaScript", ".ts": "TypeScript", ".css": "CSS", ".html": "HTML"}


def lengths(module):
    """Lines of each source file, and the languages of the files."""
    lines, languages = [], set()
    for directory, _, names in os.walk(module):
        for name in names:
            language = LANGUAGES.get(os.path.splitext(name)[1])
            if language:
                languages.add(language)
                with open(os.path.join(directory, name), encoding="utf-8") as file:
                    lines.append(sum(1 for _ in file))
    return lines, languages


def row(name, lines, languages=""):
    return f"| {name} | {languages} | {len(lines):,} | {sum(lines):,} | {statistics.median(lines):g} |"


print("| module | languages | files | lines | median |")
print("|---|---|---:|---:|---:|")
total = []
for name in sorted(os.listdir(SOURCES), key=str.lower):
    lines, languages = lengths(os.path.join(SOURCES, name))
    if lines:
        print(row(name, lines, ", ".join(sorted(languages))))
        total += lines
print(row("all", total))
