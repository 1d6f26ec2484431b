"""Rows of the table of steps: coroutines and tasks, over and to their awaits."""

from tests.core.debug.step_row import StepRow

COROUTINES = [
    StepRow(
        "a coroutine: over its awaits, other tasks run in between",
        """
import asyncio

async def other():
    for _ in range(3):
        await asyncio.sleep(0)

async def child(x):
    await asyncio.sleep(0)  # c1
    return x + 1  # c2

async def main():
    task = asyncio.create_task(other())  # start
    a = await child(1)  # await
    b = a + 1  # b
    await task  # task
    return b  # after

asyncio.run(main())
""",
        steps=["over", "over", "over", "over", "over"],
        expected=[
            "start",
            "await",
            "b a=2",
            "task a=2 b=3",
            "after a=2 b=3",
            "asyncio.run(main())",
        ],
    ),
    StepRow(
        "a coroutine: into the one it awaits, and out",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)  # c1
    return x + 1  # c2

async def main():
    a = await child(1)  # start
    b = a + 1  # b
    return b  # after

asyncio.run(main())
""",
        steps=["into", "over", "over", "over", "over"],
        expected=["start", "c1 x=1", "c2 x=1", "start", "b a=2", "after a=2 b=3"],
    ),
    StepRow(
        "a coroutine: out waits for its end, not its suspensions",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)  # c1
    return x + 1  # c2

async def main():
    a = await child(1)  # start
    b = a + 1  # b
    return b  # after

asyncio.run(main())
""",
        steps=["into", "out", "over"],
        expected=["start", "c1 x=1", "start", "b a=2"],
    ),
    StepRow(
        "a coroutine: out of one whose awaits have returned, and of one that returns nothing",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    return x + 1

async def work(x):
    a = await child(x)  # first
    b = await child(a), await child(a)  # second
    for _ in b:
        await asyncio.sleep(0)

async def main():
    await work(1)  # start
    return 1  # after

asyncio.run(main())
""",
        steps=["into", "over", "out", "over"],
        expected=["start", "first x=1", "second a=2 x=1", "start", "after"],
    ),
    StepRow(
        "a coroutine: to each await, behind awaits that have returned",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    return x + 1

async def work():
    a = await child(1)  # call
    await asyncio.sleep(0)  # first
    b = 1
    await asyncio.sleep(0)  # second
    return b

async def main():
    await work()  # start

asyncio.run(main())
""",
        steps=["into", "to_yield", "to_yield", "to_yield"],
        expected=["start", "call", "call", "first a=2", "second a=2 b=1"],
    ),
    StepRow(
        "a generator: out of one that was thrown into, and then yields nothing",
        """
def numbers():
    while True:
        try:
            yield
        except KeyError:
            x = 1  # caught

def main():
    one = numbers()
    next(one)
    one.throw(KeyError)  # start
    one.close()

main()
""",
        steps=["into", "over", "out"],
        expected=["start", "except KeyError:", "caught", "start"],
    ),
    StepRow(
        "to the next await, and to the resumption",
        """
import asyncio

async def main():
    a = 1  # start
    b = 2
    await asyncio.sleep(0)  # await
    c = 3  # c
    d = 4
    await asyncio.sleep(0)  # await2
    return c  # after

asyncio.run(main())
""",
        steps=["to_yield", "to_yield", "resumption"],
        expected=["start", "await a=1 b=2", "await2 a=1 b=2 c=3 d=4", "after a=1 b=2 c=3 d=4"],
    ),
    StepRow(
        "two tasks of one function: the same one is followed",
        """
import asyncio

async def worker(name):
    for n in range(2):  # for
        await asyncio.sleep(0)  # await
        done = n  # done

async def main():
    await asyncio.gather(worker("a"), worker("b"))  # start

asyncio.run(main())
""",
        steps=["into", "over", "over", "over", "over", "over"],
        expected=[
            "start",
            "for name='a'",
            "await n=0 name='a'",
            "done n=0 name='a'",
            "for done=0 n=0 name='a'",
            "await done=0 n=1 name='a'",
            "done done=0 n=1 name='a'",
        ],
    ),
    StepRow(
        "an asynchronous generator, with and for",
        """
import asyncio

class Room:
    async def __aenter__(self):
        await asyncio.sleep(0)
        return 1
    async def __aexit__(self, *a):
        await asyncio.sleep(0)

async def numbers():
    yield 1  # n1
    await asyncio.sleep(0)
    yield 2

async def main():
    total = 0  # start
    async with Room() as r:  # with
        async for n in numbers():  # for
            total += n  # body
    squares = [n * n async for n in numbers()]  # comp
    return total  # after

asyncio.run(main())
""",
        steps=["over", "over", "over", "over", "over", "over", "over", "over", "over"],
        expected=[
            "start",
            "with total=0",
            "for r=1 total=0",
            "body n=1 r=1 total=0",
            "for n=1 r=1 total=1",
            "body n=2 r=1 total=1",
            "for n=2 r=1 total=3",
            "with n=2 r=1 total=3",
            "comp n=2 r=1 total=3",
            "after n=2 r=1 squares=[1,4] total=3",
        ],
    ),
    StepRow(
        "an asynchronous generator gives its values to who takes them, into and out",
        """
import asyncio

async def numbers():
    for n in (5, 6):
        await asyncio.sleep(0)
        yield n  # yield
    return  # end

async def main():
    found = [x async for x in numbers() if x]  # comp
    async for y in numbers(): found.append(y)  # line
    return found  # after

async def begin():
    await asyncio.sleep(0)  # start
    return await main()

asyncio.run(begin())
""",
        steps=[
            "to yield",
            "into",
            "to yield",
            "out",
            "to end",
            "to yield",
            "out",
            "to yield",
            "into",
        ],
        expected=[
            "start",
            "yield n=5",
            "comp",
            "yield n=6",
            "comp x=5",
            "end n=6",
            "yield n=5",
            "line found=[5,6]",
            "yield n=6",
            "line found=[5,6,5] y=5",
        ],
    ),
    StepRow(
        "the end of a task leads to who awaits it",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    y = x  # start

async def main():
    task = asyncio.create_task(child(1))
    await asyncio.sleep(0)
    a = await task  # await
    b = 1  # b

asyncio.run(main())  # run
end = 1  # end
""",
        steps=["over", "over", "over", "over"],
        expected=["start x=1", "await", "b a=None", "run", "end"],
    ),
    StepRow(
        "the end of a task, out: past other tasks",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    y = x  # start

async def other():
    for i in range(3):
        await asyncio.sleep(0)

async def main():
    task, two = asyncio.create_task(child(1)), asyncio.create_task(other())
    await asyncio.gather(two, task)  # await
    b = 1  # b

asyncio.run(main())
""",
        steps=["out", "over"],
        expected=["start x=1", "await", "b"],
    ),
    StepRow(
        "the end of a task that nobody awaits yet leads to the next line that runs",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    y = x  # start

async def other():
    for i in range(2):
        await asyncio.sleep(0)
        o = i  # other

async def main():
    task, two = asyncio.create_task(child(1)), asyncio.create_task(other())
    await two  # await
    b = await task  # b

asyncio.run(main())
""",
        steps=["over", "out", "over"],
        expected=["start x=1", "other i=0", "await", "b"],
    ),
    StepRow(
        "the end of a task of a group, and of one with a limit",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    y = x  # start

async def main():
    async with asyncio.TaskGroup() as group:  # group
        group.create_task(child(1))
    await asyncio.wait_for(child(2), 60)  # await
    b = 1  # b

asyncio.run(main())
""",
        steps=["over", "over", "to start", "over", "over"],
        expected=["start x=1", "group", "await", "start x=2", "await", "b"],
    ),
    StepRow(
        "the end of a task that raises leads to the handler of who awaits it",
        """
import asyncio

async def child(x):
    await asyncio.sleep(0)
    y = x // 0  # start

async def main():
    task = asyncio.create_task(child(1))
    try:
        await task  # await
    except ZeroDivisionError:  # except
        b = 1  # b

asyncio.run(main())
""",
        steps=["over", "over"],
        expected=["start x=1", "except", "b"],
    ),
    StepRow(
        "the end of a callback of the loop",
        """
import asyncio

def callback():
    y = 1  # start

async def main():
    asyncio.get_running_loop().call_soon(callback)
    await asyncio.sleep(0.001)
    b = 1  # b

asyncio.run(main())
""",
        steps=["over"],
        expected=["start", "b"],
    ),
]
