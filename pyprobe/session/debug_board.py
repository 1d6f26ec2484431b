"""DebugBoard: where a session's program stands, its steps, and what is asked of it meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType
from typing import Protocol

from pyprobe.core.debug.records import EVALUATION_LIMIT_MS, StepKind, StopPlace, StopReason
from pyprobe.core.named_members import member_named
from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.messages import Answer, Command, Inspect, Pause, SetStepping, Step, Stopped
from pyprobe.session.launch import Program
from pyprobe.session.model import SessionModel
from pyprobe.session.stepping_settings import SteppingSettings, parts_of, settings_for

Answered = Callable[[dict[str, object]], object]
Failed = Callable[[str], object]

_OVERDUE_S = 1.0  # over its limit, where the program would have interrupted it by itself
_LATE_S = 2.5  # over its limit, where the program would have answered that it cannot be interrupted
HOLDS_ALL = (
    "Only Stop ends this: it is one call of C code that holds the whole interpreter, and that looks"
    " for no signal or runs in another thread than the main one, so it cannot be interrupted."
    " Should it end by itself, its answer is shown."
)


class Sender(Protocol):
    """Sends a command to the program that runs; returns its id, 0 where none runs."""

    def __call__(self, command_type: Callable[..., Command], **fields: object) -> int: ...


class DebugBoard:
    """One for a session, over any number of runs. Listeners hear ``on_stop`` when stops change."""

    def __init__(self, program: Program, model: SessionModel, send: Sender) -> None:
        self._model = model
        self._send = send
        self._stops: dict[int, StopPlace] = {}
        self._asked: dict[int, tuple[Answered, Failed]] = {}
        self.is_pausing = False  # it was asked to stop, and no thread has come to a line yet
        self._due_s: dict[int, float] = {}  # by the command's id: when what runs code must be over
        self._late: set[int] = set()  # those who have been told that it cannot be interrupted
        # By the command's id: the thread that takes the step, and who is told if it cannot.
        self._stepped: dict[int, tuple[int, Failed | None]] = {}
        self._settings, complaint = settings_for(program)
        if complaint:
            model.note(complaint)

    # What a front end reads

    @property
    def stops(self) -> Mapping[int, StopPlace]:
        """The threads that stand, by their number; the one that stopped last at the end."""
        return MappingProxyType(self._stops)

    @property
    def stop(self) -> StopPlace | None:
        """The thread that stopped last, for a reason of its own if any has."""
        places = list(self._stops.values())
        own = [place for place in places if place.reason is not StopReason.OTHER]
        chosen = own or places
        return chosen[-1] if chosen else None

    @property
    def settings(self) -> SteppingSettings:
        """How the program stops and steps."""
        return self._settings

    # What a front end asks for

    def set_stepping(self, **changes: object) -> None:
        """Change some of the settings, for the run that goes on and all that come.

        Raises:
            TypeError: there is no such setting.
        """
        self._settings = replace(self._settings, **changes)  # type: ignore[arg-type]
        self.send_settings()

    def pause(self, thread: int = 0) -> None:
        """Stop a thread at its next line, 0 for the first that comes to one."""
        self.is_pausing = bool(self._send(Pause, thread=thread)) and not self._stops
        self._model.tell_stop()

    def step(
        self,
        kind: StepKind,
        *,
        thread: int = 0,
        file: str = "",
        line: int = 0,
        entity: str = "",
        refused: Failed | None = None,
    ) -> None:
        """Let a stopped thread run on; 0 is the one of ``stop``.

        ``file`` and ``line`` are those of TO_LINE; a line without code of its own means the next
        that has some. ``entity``: stop only in frames in which this
        condition holds. Why it cannot be done ``refused`` is told, inside ``process_events``, or
        comes as a note; the thread stands on.

        Raises:
            PyProbeError: no such thread stands, the entity is none, or the line and what
                is below it never run.
        """
        place = self._stops.get(thread) if thread else self.stop
        if place is None:
            raise PyProbeError("There is nothing to step: the program does not stand.")
        if entity:
            from pyprobe.conditions.entity import parse_entity  # only where there is one

            parse_entity(entity)
        if kind is StepKind.TO_LINE:
            line = _line_to_run_to(file, line)
        command_id = self._send(
            Step, kind=kind.value, thread=place.thread, file=file, line=line, entity=entity
        )
        self._stepped[command_id] = place.thread, refused

    def goes_on_at(self, thread: int, line: int) -> None:
        """Take note that a thread that stands goes on at another line, as it was asked to."""
        place = self._stops.get(thread)
        if place is not None:
            self._stops[thread] = replace(place, line=line)
            self._model.tell_stop()

    def ask(
        self,
        request: dict[str, object],
        answered: Answered,
        failed: Failed,
        *,
        thread: int = 0,
    ) -> None:
        """Ask something of a stopped thread: see ``core.debug.inspection`` for requests.

        One of the two is called, once, inside ``process_events``; ``failed`` with one sentence.
        Where code that is evaluated holds the whole interpreter, ``failed`` says so; should it end
        all the same, its answer still comes.
        """
        if not thread:
            place = self.stop
            thread = place.thread if place is not None else 0
        try:
            command_id = self._send(Inspect, thread=thread, request=request)
        except ProtocolError as error:
            failed(_why_unsendable(request, error))
            return
        if command_id:
            self._asked[command_id] = answered, failed
            if request.get("ask") in ("evaluate", "set"):
                limit_ms = request.get("limit_ms", EVALUATION_LIMIT_MS)
                if isinstance(limit_ms, int):
                    self._due_s[command_id] = monotonic() + limit_ms / 1000
        else:
            failed("The program does not run.")

    def look(self) -> None:
        """Tell who waits for the end of what holds the whole interpreter; called now and then."""
        for command_id in self._over_limit(_LATE_S):
            if command_id not in self._late:
                self._late.add(command_id)
                self._asked[command_id][1](HOLDS_ALL)

    @property
    def is_overdue(self) -> bool:
        """Whether something runs that the program has not interrupted, though it was to."""
        return bool(self._over_limit(_OVERDUE_S))

    def _over_limit(self, over_s: float) -> list[int]:
        now_s = monotonic()
        return [one for one, due_s in self._due_s.items() if now_s >= due_s + over_s]

    def _take_asked(self, command_id: int) -> tuple[Answered, Failed] | None:
        self._due_s.pop(command_id, None)
        self._late.discard(command_id)
        return self._asked.pop(command_id, None)

    # What a run asks and tells

    def begin_run(self) -> None:
        """Nothing of the last run stands or answers any more."""
        self._forget("The program has ended.")

    def send_settings(self) -> None:
        """Tell the program the settings: at its start, when they change, and as a sign of life."""
        self._send(SetStepping, **dict(parts_of(self._settings)))

    def thread_stopped(self, message: Stopped) -> None:
        """A thread stands.

        Raises:
            ProtocolError: for no reason that there is.
        """
        try:
            reason = member_named(StopReason, message.reason)
        except PyProbeError as error:
            raise ProtocolError(str(error)) from error
        self._stops.pop(message.thread, None)
        self.is_pausing = False
        self._stops[message.thread] = StopPlace(
            thread=message.thread,
            thread_name=message.thread_name,
            reason=reason,
            file=message.file,
            line=message.line,
            function=message.function,
            breakpoint_id=message.breakpoint_id,
            detail=message.detail,
        )
        self._model.tell_stop()

    def _goes_on(self, thread: int) -> None:
        """A thread takes a step; where all stand together, they go on together."""
        if self._settings.all_threads:
            self.program_goes_on()
        elif self._stops.pop(thread, None) is not None:
            self._model.tell_stop()

    def program_goes_on(self) -> None:
        """No thread stands any more."""
        if self._stops:
            self._stops.clear()
            self._model.tell_stop()

    def acknowledged(self, command_id: int, ok: bool, detail: str) -> bool:
        """Take over what has become of a command; False where it is none of ours."""
        stepped = self._stepped.pop(command_id, None)
        if stepped is not None:
            thread, refused = stepped
            if ok:
                self._goes_on(thread)
            if not ok and refused is not None:
                refused(detail)
            return ok or refused is not None
        if command_id not in self._asked:
            return False
        if not ok:
            asked = self._take_asked(command_id)
            if asked is not None:
                asked[1](detail)
        return True

    def answer_came(self, message: Answer) -> None:
        """Hand an answer to who has asked."""
        asked = self._take_asked(message.command_id)
        if asked is not None:
            asked[0](message.answer)

    def run_ended(self) -> None:
        """Whoever waits for an answer will get none."""
        self._forget("The program has ended.")

    def _forget(self, why: str) -> None:
        asked, self._asked = self._asked, {}
        self.is_pausing = False
        self._due_s.clear()
        self._late.clear()
        self._stepped.clear()
        for _answered, failed in asked.values():
            failed(why)
        self.program_goes_on()


def _why_unsendable(request: dict[str, object], error: ProtocolError) -> str:
    """Say why no message can carry a question."""
    texts = [value for value in request.values() if isinstance(value, str)]
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        return "This holds half a character (a lone surrogate), which is no text."
    return f"This cannot be asked: {error}"


def _line_to_run_to(file: str, line: int) -> int:
    """Return the line itself, or the next at which the program can arrive."""
    from pyprobe.analysis.breakable_lines import BreakableLines  # only where it is asked for
    from pyprobe.analysis.source_file import read_source

    source = read_source(file)
    if source.problem:
        return line  # the program may have it all the same
    try:
        found = BreakableLines(source.text, filename=file).at(line)
    except PyProbeError:  # it was edited, and does not compile now
        return line
    if found.line is None:
        raise PyProbeError(f"The program cannot run to there: {found.why}.")
    return found.line
