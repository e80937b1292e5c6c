#!/usr/bin/env python3
"""What a program's end says to the test that started it."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

# pylint: disable=wrong-import-position
from program import Program

ENDS_WITH = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("mock admin listening on http://127.0.0.1:1", flush=True)
signal.sigwait({signal.SIGTERM})
print("the last words", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


def ending_with(status):
    return Program([sys.executable, "-c", ENDS_WITH, str(status)], "admin")


class End(unittest.TestCase):
    def test_a_good_one_says_nothing(self):
        with ending_with(0) as program:
            self.assertTrue(program.running())
        self.assertFalse(program.running())

    def test_a_bad_one_fails_with_the_programs_last_words(self):
        with self.assertRaisesRegex(RuntimeError, "ended with 3:\nthe last words"):
            with ending_with(3):
                pass

    def test_a_crash_explains_what_failed_by_it(self):
        with self.assertRaisesRegex(RuntimeError, "ended with -9") as raised:
            with ending_with(0) as program:
                program.signal(9)
                program.wait()
                raise ConnectionError("nobody there")
        self.assertIsInstance(raised.exception.__cause__, ConnectionError)


if __name__ == "__main__":
    unittest.main()
