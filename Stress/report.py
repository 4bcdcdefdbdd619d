"""What was found, as a table."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import List, Tuple

KILL_HEADS = ("Node", "killed", "kills", "where", "failures", "nothing left after", "worst gap", "next dump")
HEADS = ("Node", "program", "dumps", "tries", "failures", "worst gap", "gap else", "worst pause", "median pause", "dump")


@dataclass
class Row:
    """All dumps of one program on one Node."""

    node: str
    # Its name; or what was killed.
    program: str
    dumps: list = field(default_factory=list)
    # Milliseconds for which the event loop stood still: while a dump was taken, and between dumps.
    gaps: List[float] = field(default_factory=list)
    other_gaps: List[float] = field(default_factory=list)
    # Kinds and sentences.
    failures: List[Tuple[str, str]] = field(default_factory=list)

    def fail(self, kind, text):
        self.failures.append((kind, text))

    @property
    def kinds(self):
        return Counter(kind for kind, _ in self.failures)

    @property
    def tries(self):
        return Counter(dump.forks for dump in self.dumps)


@dataclass
class KillRow(Row):
    """Kills, each with a dump after it."""

    # What was killed in which phase, or how its dump ended.
    endings: Counter = field(default_factory=Counter)
    # Until nothing was left of a killed dump.
    cleared_seconds: List[float] = field(default_factory=list)


def counted(counter):
    return ", ".join(f"{count}× {value}" for value, count in sorted(counter.items(), key=lambda item: str(item[0])))


def milliseconds(values, choose):
    return f"{choose(values):.1f} ms" if values else "-"


def cells(row):
    pauses = [dump.pause_milliseconds for dump in row.dumps if not dump.failure]
    seconds = [dump.seconds for dump in row.dumps if not dump.failure]
    return (
        row.node,
        row.program,
        str(len(row.dumps)),
        counted(getattr(row, "endings", None) or row.tries),
        counted(row.kinds) or "none",
        milliseconds(row.gaps, max),
        milliseconds(row.other_gaps, max),
        milliseconds(pauses, max),
        milliseconds(pauses, median),
        f"{median(seconds):.2f} s" if seconds else "-",
    )


def kill_cells(row):
    cleared = row.cleared_seconds
    return (
        row.node,
        row.program,
        str(sum(row.endings.values())),
        counted(row.endings),
        counted(row.kinds) or "none",
        f"{median(cleared):.1f} s, {max(cleared):.1f} at most" if cleared else "-",
        milliseconds(row.gaps, max),
        cells(row)[-1],
    )


def tables(rows):
    kills = [row for row in rows if isinstance(row, KillRow)]
    dumps = [row for row in rows if not isinstance(row, KillRow)]
    parts = []
    if dumps:
        parts.append(aligned([HEADS] + [cells(row) for row in dumps]))
    if kills:
        parts.append(aligned([KILL_HEADS] + [kill_cells(row) for row in kills]))
    return "\n\n".join(parts)


def aligned(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines
    )


def summary(rows):
    dumps = sum(len(row.dumps) for row in rows)
    failures = sum((row.kinds for row in rows), Counter())
    tries = sum((row.tries for row in rows), Counter())
    return f"{dumps} dumps; tries: {counted(tries) or 'none'}; failures: {counted(failures) or 'none'}"


def legend():
    return (
        "tries: forks that the dumps took. worst gap: of the event loop while dumps were taken; gap else: between them, "
        "by the program's own work. pause: what heapdump reports. dump: median time of one."
    )
