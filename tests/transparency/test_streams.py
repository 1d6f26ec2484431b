"""Input and output pass through untouched."""

from tests.transparency.conftest import Same


def test_input_reaches_the_program(same: Same) -> None:
    program = """
import sys
name = input("name? ")  # probe: name
print("hello", name)
rest = sys.stdin.read()
print(len(rest), rest[-5:])
try:
    input()
except EOFError:
    print("end of input")
"""
    assert "hello Ada" in same(program, stdin="Ada\n" + 200_000 * "line\n").stdout


def test_no_input_is_taken_from_the_program(same: Same) -> None:
    same("import os\nx = 1  # probe: x\nprint(os.read(0, 100))\n", stdin="raw bytes")


def test_much_output(same: Same) -> None:
    same("""
import sys
for i in range(200_000):
    print("line", i)
x = i  # probe: x
print("last", file=sys.stderr)
""")


def test_half_a_line_and_the_order_of_both_streams(same: Same) -> None:
    same("""
import sys
sys.stdout.write("half")
x = 1  # probe: x
sys.stderr.write("error half")
sys.stdout.flush()
sys.stdout.write(" rest")
""")


def test_the_streams_are_what_they_are(same: Same) -> None:
    same("""
import os, sys
x = 1  # probe: x
for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(type(stream), stream.name, stream.mode, stream.encoding, stream.errors)
    print(stream.line_buffering, stream.write_through, stream.isatty(), stream.fileno())
print(sys.stdout is sys.__stdout__)
""")


def test_a_program_that_closes_its_stdout(same: Same) -> None:
    same("""
import os, sys
print("first")
sys.stdout.close()
for i in range(10):
    x = i  # probe: x
print("to stderr", file=sys.stderr)
""")


def test_a_program_that_closes_every_descriptor_it_does_not_know(same: Same) -> None:
    program = """
import os, sys
x = 1  # probe: x
os.closerange(3, 256)
for i in range(1000):
    x = i
with open("new.txt", "w") as new:
    new.write("text")
print(open("new.txt").read(), x)
"""
    assert same(program).code == 0


def test_what_closerange_answers(same: Same) -> None:
    same("""
import os, traceback
x = 1  # probe: x
print(os.closerange(5, 3), os.closerange(300, 310), os.closerange(True, 1), os.closerange.__name__)
for arguments in ((3,), ("a", 4), (3, 4, 5), (3.0, 5)):
    try:
        os.closerange(*arguments)
    except TypeError:
        traceback.print_exc()
""")


def test_bytes_that_are_no_text(same: Same) -> None:
    same(
        """
import sys
x = 1  # probe: x
sys.stdout.buffer.write(bytes(range(256)))
sys.stdout.write("\\u2603 \\U0001f600")
""",
        env={"PYTHONIOENCODING": "utf-8"},
    )
