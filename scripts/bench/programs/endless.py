"""Runs for ever in one frame; a probe is put on `x` while it runs."""


def work() -> None:
    x = 0.0
    print("running", flush=True)
    while True:
        x = x * 0.5 + 1.0


work()
