#!/usr/bin/env python3
"""What the documents name is there: files, links, routes, error codes, the rows' columns."""

import glob
import os
import re
import unittest

# The workspace itself, not this test's runfiles: the documents may name any file of it.
ROOT = os.path.dirname(os.path.realpath("README.md"))

# A path in backticks: a folder of ours and something in it.
NAMED_PATH = re.compile(
    r"`((?:proxy|router|retry|request_log|mock_provider|integration_tests|tools|third_party|docs|\.ci)/[\w./-]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def documents():
    paths = ["README.md", "ARCHITECTURE.md"]
    return paths + sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))


def anchors(text):
    """Of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(text, heading):
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)[1]


def sources(*folders):
    for folder in folders:
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.cc"), recursive=True):
            if not path.endswith(("_test.cc", "_benchmark.cc")):
                yield read(os.path.relpath(path, ROOT))


class Documents(unittest.TestCase):
    def test_every_path_they_name_exists(self):
        count = 0
        for document in documents():
            for path in NAMED_PATH.findall(read(document)):
                count += 1
                self.assertTrue(os.path.exists(os.path.join(ROOT, path)), f"{document}: {path}")
        self.assertGreater(count, 20)

    def test_every_link_between_them_leads_somewhere(self):
        for document in documents():
            for link in LINK.findall(read(document)):
                if re.match(r"https?://", link):
                    continue
                path, _, anchor = link.partition("#")
                target = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
                self.assertTrue(os.path.exists(os.path.join(ROOT, target)), f"{document}: {link}")
                if anchor:
                    self.assertIn(anchor, anchors(read(target)), f"{document}: {link}")

    def test_the_life_of_a_request_has_ten_lines_that_each_name_a_file(self):
        lines = section(read("ARCHITECTURE.md"), "Life of a request").strip().splitlines()
        self.assertEqual([line.split(".")[0] for line in lines], [str(number) for number in range(1, 11)])
        for line in lines:
            self.assertRegex(line, NAMED_PATH)

    def test_the_routes_are_the_servers(self):
        served = set(re.findall(r'\{"(/[\w/]*)", "(GET|POST)", RouteId::', read("proxy/server/route.cc")))
        self.assertGreater(len(served), 5)
        told = {(path, method) for method, path in re.findall(r"`(GET|POST) (/[\w/{}]+)`", read("docs/http-api.md"))}
        told = {(path.replace("{id}", ""), method) for path, method in told}
        self.assertEqual(told | {("/chat/completions", "POST")}, served)
        self.assertIn("`/chat/completions` is the same", read("docs/http-api.md"))

    def test_the_error_codes_are_the_gateways(self):
        table = section(read("docs/http-api.md"), "Errors")
        told = set(re.findall(r"^\| [\w ]+ \| `(\w+)` \|", table, re.MULTILINE))
        made = set()
        for source in sources("proxy/chat", "proxy/server"):
            made |= set(re.findall(r'\{\s*\d{3},\s*"(\w+)",', source))          # ApiError{status, code, …}
            made |= set(re.findall(r'code = "(\w+)"', source))
            made |= set(re.findall(r'return "((?:upstream|deadline|gateway)_\w+)"', source))  # by fault
        self.assertGreater(len(told), 10)
        self.assertEqual(told, made)

    def test_the_columns_are_the_tables(self):
        told = re.findall(r"^\| `(\w+)` \|", section(read("docs/http-api.md"), "The request log"), re.MULTILINE)
        schema = re.search(r"CREATE TABLE requests \((.*?)\n\)", read("request_log/schema.cc"), re.DOTALL)[1]
        self.assertEqual(told, re.findall(r"^\s*(\w+) (?:INTEGER|TEXT|REAL)", schema, re.MULTILINE))


if __name__ == "__main__":
    unittest.main()
