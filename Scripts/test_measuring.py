"""Tests of what Bench, Stress and Scripts share. Run by Scripts/check.sh; they need no Node."""

import os
import signal
import subprocess
import sys
import unittest
from unittest import mock

from measuring import processes, repository
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


if __name__ == "__main__":
    unittest.main()
