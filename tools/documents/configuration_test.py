#!/usr/bin/env python3
"""config.example.toml and docs/configuration.md say what the program does: every key, each default; docs/recipes.md has what
it takes."""

import os
import re
import subprocess
import tempfile
import unittest

PROGRAM = os.path.abspath("proxy/arbstr")
EXAMPLE = "config.example.toml"
REFERENCE = "docs/configuration.md"
RECIPES = "docs/recipes.md"
LOADERS = ["proxy/config/load.cc", "proxy/config/load_providers.cc"]
# The calls of TomlSection, and of the functions over it, that read a key.
READ_KEY = re.compile(
    r'(?:\.(?:Integer|Millis|Number|Bool|String|Strings|Integers|Entries|Choice|Table|Tables)\(|ReadStatuses\(section,)'
    r'\s*"(\w+)"')
TABLES = {"server", "database", "retry", "providers", "policies", "rules", "circuit_breaker", "logging"}

SMALLEST = '[[providers]]\nname = "one"\nurl = "https://one.example/v1"\n'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def check(text, **environment):
    """(exit status, stdout, stderr) of `arbstr check` on a configuration."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "config.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        run = subprocess.run([PROGRAM, "check", "--config", path], capture_output=True, text=True, env=environment)
        return run.returncode, run.stdout, run.stderr


def values(toml):
    """{(section, key): value} of the lines `key = value`; the last one of a section that repeats."""
    section, found = "", {}
    for line in toml.splitlines():
        if match := re.match(r"\[+([\w.]+)\]+$", line):
            section = match[1]
        elif match := re.match(r"(\w+) = (.*)$", line):
            found[section, match[1]] = match[2]
    return found


def documented():
    """{(section, key): default as the reference gives it}."""
    section, found = None, {}
    for line in read(REFERENCE).splitlines():
        if match := re.match(r"#+ \[+([\w.]+)\]+$", line):
            section = match[1]
        elif section and (match := re.match(r"\| `(\w+)` \| `?(.*?)`? \| ", line)):
            found[section, match[1]] = match[2]
    return found


def header_of(section):
    repeated = {"providers", "policies.rules"}
    return f"[[{section}]]" if section in repeated else f"[{section}]"


class Configuration(unittest.TestCase):
    def test_the_example_is_accepted(self):
        status, _, stderr = check(read(EXAMPLE), OPENAI_API_KEY="sk-example-key")
        self.assertEqual((status, stderr), (0, ""))

    def test_the_example_is_accepted_with_a_token_too(self):
        text = read(EXAMPLE).replace("# auth_token", "auth_token")
        status, stdout, stderr = check(text, OPENAI_API_KEY="sk-example-key", ARBSTR_TOKEN="a-long-secret-token")
        self.assertEqual((status, stderr), (0, ""))
        self.assertNotIn("a-long-secret-token", stdout)
        self.assertNotIn("sk-example-key", stdout)

    def test_each_recipe_is_accepted_without_a_warning(self):
        recipes = re.findall(r"```toml\n(.*?)```", read(RECIPES), flags=re.S)
        self.assertGreater(len(recipes), 3)
        for recipe in recipes:
            text = recipe if "[[providers]]" in recipe else recipe + SMALLEST
            keys = {name: "sk-recipe-key" for name in re.findall(r"\$\{(\w+)\}", text)}
            status, _, stderr = check(text, **keys)
            self.assertEqual((status, stderr), (0, ""), recipe)

    def test_an_unset_variable_of_the_example_is_named(self):
        status, _, stderr = check(read(EXAMPLE))
        self.assertEqual(status, 2)
        self.assertIn("the environment variable OPENAI_API_KEY is not set", stderr)

    def test_the_example_shows_the_defaults(self):
        example = values(check(read(EXAMPLE), OPENAI_API_KEY="sk-example-key")[1])
        default = values(check(SMALLEST)[1])
        for (section, key), value in default.items():
            if section != "providers":
                self.assertEqual(example[section, key], value, f"{section}.{key}")

    def test_relative_paths_are_relative_to_where_bazel_run_was_typed(self):
        text = '[database]\npath = "rows.db"\n' + SMALLEST
        shown = values(check(text, BUILD_WORKING_DIRECTORY="/where/the/user/is")[1])
        self.assertEqual(shown["database", "path"], '"/where/the/user/is/rows.db"')
        status, _, stderr = check(text + 'tls_ca_file = "ca.pem"\n', BUILD_WORKING_DIRECTORY="/where/the/user/is")
        self.assertEqual(status, 2)
        self.assertIn("the CA certificates of /where/the/user/is/ca.pem: ", stderr)

    def test_the_example_has_every_key_of_the_reference(self):
        example = set(re.findall(r"^(?:# )?(\w+) = ", read(EXAMPLE), re.MULTILINE))
        self.assertEqual({key for _, key in documented()} - example, set())

    def test_the_reference_has_every_key_that_the_program_reads(self):
        keys = set().union(*(READ_KEY.findall(read(path)) for path in LOADERS)) - TABLES
        self.assertGreater(len(keys), 40)
        self.assertEqual(keys, {key for _, key in documented()})

    def test_the_program_knows_every_key_of_the_reference_in_its_section(self):
        for section, key in documented():
            # A table of a date is the wrong type of every key: a known one is complained about, but not as unknown.
            text = f"{header_of(section)}\n{key} = [1979-05-27]\n"
            status, _, stderr = check(text)
            self.assertEqual(status, 2, f"{section}.{key}")
            self.assertNotIn("unknown key", stderr, f"{section}.{key}")
            self.assertIn(f".{key}: ", stderr, f"{section}.{key}")

    def test_the_program_says_that_a_key_is_unknown(self):
        self.assertIn("unknown key", check("[server]\nno_such_key = 1\n")[2])

    def test_the_defaults_of_the_reference_are_the_programs(self):
        default = values(check(SMALLEST + "[[policies.rules]]\nname = \"a\"\n")[1])
        for (section, key), said in documented().items():
            if said in ("absent", "needed"):
                continue
            self.assertEqual(default[section, key].replace("{  }", "{}"), said, f"{section}.{key}")


if __name__ == "__main__":
    unittest.main()
