"""Commands: obeys what a front end asks for, and acknowledges each."""

from typing import TYPE_CHECKING

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.throttle import WatchConfig, parse_throttle
from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.messages import (
    Ack,
    AddProbe,
    Bye,
    Command,
    Configure,
    Detach,
    Pause,
    ProbeState,
    RemoveProbe,
    Resume,
    SetThrottle,
    Start,
    State,
)

if TYPE_CHECKING:
    from pyprobe.core.runner import ScriptRunner


class Commands:
    """Runs on the service thread (before Start: on the main thread)."""

    def __init__(self, runner: "ScriptRunner") -> None:
        self._runner = runner

    def obey_received(self) -> bool:
        """Obey every command that has arrived whole; True when Start was among them.

        A malformed message is refused and counted, and the next one is read.
        """
        started = False
        while True:
            try:
                message = self._runner.connection.receive()
            except ProtocolError as error:
                self._runner.sender.refused += 1
                self._runner.note(f"a message from the front end was refused: {error}")
                continue
            if message is None:
                return started
            if isinstance(message, Command):
                self.obey(message)
            started = started or isinstance(message, Start)

    def obey(self, command: Command) -> None:
        """Carry out a command and send its Ack, with the reason when it cannot be done."""
        try:
            self._obey(command)
        except (PyProbeError, ValueError) as error:
            self._runner.send(Ack(command.command_id, False, str(error)))
        else:
            self._runner.send(Ack(command.command_id, True, ""))

    def _obey(self, command: Command) -> None:
        runner = self._runner
        if isinstance(command, AddProbe):
            self._add(command)
        elif isinstance(command, RemoveProbe):
            runner.sender.forget(command.probe_id)
            runner.engine.remove(command.probe_id)
        elif isinstance(command, SetThrottle):
            self._set_throttle(command)
        elif isinstance(command, Pause):
            runner.source.pause(runner.halted)
        elif isinstance(command, Resume):
            runner.source.resume()
            runner.send(State("running", "", 0))
        elif isinstance(command, Configure):
            runner.configure(command)
        elif isinstance(command, Detach):
            runner.sender.flush_captures()
            runner.send(Bye("detach", runner.sender.captured, runner.sender.dropped()))
            runner.leave_plain()

    def _add(self, command: AddProbe) -> None:
        anchor = ProbeAnchor.from_dict(command.anchor)
        occurrence = Occurrence.from_dict(command.occurrence)
        strategy, param = parse_throttle(command.throttle)
        config = WatchConfig(anchor.symbol, strategy, param, run_code=command.run_code)
        self._runner.engine.add(command.probe_id, anchor, occurrence, config)
        self._runner.send(ProbeState(command.probe_id, "armed", ""))

    def _set_throttle(self, command: SetThrottle) -> None:
        strategy, param = parse_throttle(command.throttle)
        config = WatchConfig("", strategy, param, run_code=command.run_code)
        self._runner.engine.set_config(command.probe_id, config)
