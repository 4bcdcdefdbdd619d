"""Tests of what Bench, Stress and Scripts share. Run by Scripts/check.sh; they need no Node."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

from measuring import proc, processes, repository
from measuring.peak import anonymous_peak, peak_with_children
from measuring.processes import Failure, ended_with_block, run
from measuring.targets import started

MB = 1000 * 1000
SCRIPTS = os.path.dirname(os.path.abspath(__file__))


class RepositoryTests(unittest.TestCase):
    def test_is_this_one(self):
        self.assertTrue(os.path.isfile(os.path.join(repository.ROOT, "Package.swift")))
        self.assertTrue(os.path.isdir(repository.TARGETS))

    def test_has_links_to_the_package(self):
        package = os.path.dirname(repository.__file__)
        for directory in ("Bench", "Stress"):
            link = os.path.join(repository.ROOT, directory, "measuring")
            self.assertTrue(os.path.samefile(link, package), link)


class ProcessTests(unittest.TestCase):
    def test_refuses_a_program_that_fails(self):
        with self.assertRaisesRegex(Failure, "exit status 3: why"):
            run(["sh", "-c", "echo why >&2; exit 3"])

    def test_tells_memory(self):
        allocate = "import sys; data = b'x' * int(sys.argv[1]); print(len(data))"
        small = run([sys.executable, "-c", allocate, "1"], for_memory=True).peak_bytes
        large = run([sys.executable, "-c", allocate, "60000000"], for_memory=True).peak_bytes
        # Not all of the 60 MB: of the small one, what starts it here may be the larger part.
        self.assertGreater(large - small, 40 * MB)

    def test_reads_json(self):
        self.assertEqual(run(["echo", '{"bytes": 7}']).json(), {"bytes": 7})

    def test_ends_one_that_does_not_heed_sigterm(self):
        heedless = subprocess.Popen(["sh", "-c", "trap '' TERM; echo ready; sleep 60"], stdout=subprocess.PIPE)
        with mock.patch.object(processes, "END_SECONDS", 0.1), ended_with_block(heedless):
            heedless.stdout.readline()
        self.assertEqual(heedless.returncode, -signal.SIGKILL)

    def test_is_ended_by_signals_as_by_an_exception(self):
        waits = "from measuring.processes import end_by_exception; end_by_exception()\n"
        waits += "try: print(flush=True); input()\nfinally: print('cleared')"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            command = [sys.executable, "-B", "-c", waits]
            with subprocess.Popen(command, cwd=SCRIPTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                process.stdout.readline()
                process.send_signal(number)
                self.assertEqual(process.stdout.read(), b"cleared\n")
            self.assertEqual(process.returncode, 128 + number)


class TargetTests(unittest.TestCase):
    def test_says_that_it_is_ready(self):
        says = """echo 'ready {"port": 7}'; echo why >&2; echo more; read _"""
        with started(["sh", "-c", says]) as target:
            self.assertEqual(target.facts, {"port": 7})
            self.assertEqual(target.process.stdout.readline(), b"more\n")
            self.assertEqual(target.errors(), "why\n")
        self.assertEqual(target.process.returncode, -signal.SIGKILL)

    def test_is_a_failure_where_it_ends_before(self):
        with self.assertRaisesRegex(Failure, "did not start: why"), started(["sh", "-c", "echo why >&2"]):
            self.fail("it is not ready")

    def test_answers(self):
        serve = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"path": "%s"}' % self.path.encode())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print('ready {"port": %d}' % server.server_port, flush=True)
server.serve_forever()
"""
        with mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:9"}), started([sys.executable, "-c", serve]) as target:
            self.assertEqual(target.ask("/facts"), {"path": "/facts"})


class PeakTests(unittest.TestCase):
    def peak(self, script, *arguments):
        peaks = []

        def watch(pid):
            peaks.append(anonymous_peak(pid))
            return peaks[0]

        run([sys.executable, "-c", script, *arguments], watch=watch)
        return peaks[0].bytes

    def test_is_the_peak(self):
        self.assertGreater(self.peak("data = b'x' * 60_000_000; import time; time.sleep(0.1); del data"), 60 * MB)

    def test_leaves_files_out(self):
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(60_000_000)
            read = (
                "import mmap, sys, time\n"
                "with open(sys.argv[1], 'rb') as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:\n"
                "    sum(data[place] for place in range(0, len(data), 4096))\n"
                "    time.sleep(0.1)\n"
            )
            self.assertLess(self.peak(read, file.name), 50 * MB)

    def test_counts_what_a_copy_shares_once(self):
        # Pages of a parent that a child has too are half of each's.
        share = "import os, sys; data = b'x' * 60_000_000; os.fork(); print(flush=True); sys.stdin.read()"
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", share], stdin=pipe, stdout=pipe) as process:
            process.stdout.readline()
            process.stdout.readline()
            with peak_with_children(process.pid) as peak:
                self.assertEqual(len(proc.children(process.pid)), 1)
            resident = [proc.resident_bytes(pid) for pid in (process.pid, *(child.pid for child in proc.children(process.pid)))]
            process.stdin.close()
        self.assertGreater(peak.bytes, 60 * MB)
        self.assertLess(peak.bytes, 110 * MB)
        self.assertGreater(sum(resident), 120 * MB)


class ProcTests(unittest.TestCase):
    def test_reads_a_name_with_parentheses(self):
        with tempfile.TemporaryDirectory() as directory:
            program = os.path.join(directory, "a) R 1 (b")
            os.symlink(shutil.which("sleep"), program)
            with subprocess.Popen([program, "60"]) as process:
                try:
                    # Until the fork has become the program.
                    while (found := proc.stat(process.pid)).name != "a) R 1 (b":
                        time.sleep(0.01)
                finally:
                    process.kill()
        self.assertEqual((found.pid, found.parent), (process.pid, os.getpid()))

    def test_tells_cpu_time(self):
        before = proc.stat(os.getpid()).cpu_seconds
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
        self.assertAlmostEqual(proc.stat(os.getpid()).cpu_seconds - before, 0.1, delta=0.05)

    def test_tells_memory(self):
        self.assertGreater(proc.resident_bytes(os.getpid()), MB)
        self.assertGreater(proc.address_space(os.getpid()), proc.resident_bytes(os.getpid()))
        self.assertGreater(proc.available_memory(), MB)

    def test_forgets_a_peak(self):
        shrink = "import mmap, sys; m = mmap.mmap(-1, 60_000_000); m.write(b'x' * 60_000_000); m.close(); print(flush=True); sys.stdin.read()"
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", shrink], stdin=pipe, stdout=pipe) as process:
            process.stdout.readline()
            before = proc.peak_bytes(process.pid)
            proc.forget_peak(process.pid)
            after = proc.peak_bytes(process.pid)
            process.stdin.close()
        self.assertGreater(before, 60 * MB)
        self.assertLess(after, before)

    def test_has_nothing_of_a_process_that_has_ended(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.assertEqual((proc.anonymous_bytes(ended.pid), proc.children(ended.pid)), (0, []))
        with self.assertRaises(FileNotFoundError):
            proc.stat(ended.pid)


if __name__ == "__main__":
    unittest.main()
