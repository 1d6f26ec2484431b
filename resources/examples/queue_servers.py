"""A queue with several servers, simulated with SimPy: customers arrive, wait and are served.

Every server is a process of its own: a generator that waits at each `yield` while the others go on.
Worth probing: `queue_length`, `waited`, `service_time`. To follow one server only, stop in `serve`,
open `self` among the variables and choose *Follow this one only*; F10 then steps the lines of that
server, and F4 goes from event to event. Needs SimPy (`pip install simpy`).

    python queue_servers.py [--servers N] [--customers N] [--pause SECONDS]
"""

import argparse
import random
import time
from dataclasses import dataclass

import simpy

ARRIVALS_PER_MINUTE = 2.0
MEAN_SERVICE_MINUTES = 1.8


@dataclass
class Customer:
    number: int
    arrived: float


class Server:
    """One of the servers; all of them take their customers from the same queue."""

    def __init__(self, env, name, queue, seed):
        self.env = env
        self.name = name
        self.queue = queue
        self.random = random.Random(seed)
        self.served = 0
        self.busy_minutes = 0.0

    def serve(self):
        while True:
            customer = yield self.queue.get()
            queue_length = len(self.queue.items)
            waited = self.env.now - customer.arrived
            service_time = self.random.expovariate(1.0 / MEAN_SERVICE_MINUTES)
            self.busy_minutes += service_time
            yield self.env.timeout(service_time)
            self.served += 1
            if waited > 3.0:
                report(self, customer, waited, queue_length)


def report(server, customer, waited, queue_length):
    print(
        f"{server.env.now:7.1f} min  {server.name} served customer {customer.number},"
        f" who waited {waited:.1f} min; {queue_length} were waiting"
    )


def arrivals(env, queue, customers, pause_s):
    chance = random.Random(7)
    for number in range(1, customers + 1):
        yield env.timeout(chance.expovariate(ARRIVALS_PER_MINUTE))
        yield queue.put(Customer(number, env.now))
        time.sleep(pause_s)


def simulate(servers, customers, pause_s):
    env = simpy.Environment()
    queue = simpy.Store(env)
    team = [Server(env, f"Server {n}", queue, seed=n) for n in range(1, servers + 1)]
    for server in team:
        env.process(server.serve())
    env.process(arrivals(env, queue, customers, pause_s))
    env.run(until=customers / ARRIVALS_PER_MINUTE + 20.0)
    for server in team:
        print(f"{server.name}: {server.served} served, busy {server.busy_minutes:.0f} min")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--servers", type=int, default=4)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--pause", type=float, default=0.01, metavar="SECONDS")
    options = parser.parse_args()
    simulate(options.servers, options.customers, options.pause)


if __name__ == "__main__":
    main()
