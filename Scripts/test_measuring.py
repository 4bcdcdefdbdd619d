"""Tests of what Bench, Stress and Scripts share. Run by Scripts/check.sh; they need no Node."""

import os
import unittest

from measuring import repository


class RepositoryTests(unittest.TestCase):
    def test_is_this_one(self):
        self.assertTrue(os.path.isfile(os.path.join(repository.ROOT, "Package.swift")))
        self.assertTrue(os.path.isdir(repository.TARGETS))

    def test_has_links_to_the_package(self):
        package = os.path.dirname(repository.__file__)
        for directory in ("Bench", "Stress"):
            link = os.path.join(repository.ROOT, directory, "measuring")
            self.assertTrue(os.path.samefile(link, package), link)


if __name__ == "__main__":
    unittest.main()
