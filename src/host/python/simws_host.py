"""Runs a Python script for the program simws, which starts this with its own arguments:

    python3 simws_host.py run [options] script.py [arguments...]
"""
import atexit
import contextlib
import os
import signal
import sys
import threading
import time
import traceback
import types

# What comes of a call, as the host counts it.
NEXT, ENDED, FAILED = range(3)

MODULES = ('sim', 'simWS')


class ThreadEnd(SystemExit):
    """What sim.wait raises in sysCall_thread when the script ends."""


class Coroutine:
    """A function on a thread of its own, which runs only while `resume` waits for it."""

    GRACE = 0.5  # seconds

    def __init__(self, host, function):
        self._host = host
        self._function = function
        self._may_run = self._locked()
        self._has_stopped = self._locked()
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name='sysCall_thread', daemon=True)
        self.has_returned = False
        self.is_lost = False  # it goes on by itself

    def resume(self):
        """Returns when the function waits or has returned, or is in what can't be interrupted."""
        self._go_on()
        while not self._has_stopped.acquire(timeout=self.GRACE):
            if not self._thread.is_alive():  # an interruption may end it anywhere
                self.has_returned = True
                return
            if self._host.has_interrupted():
                self.is_lost = not self._has_stopped.acquire(timeout=self.GRACE)
                return

    def wait(self):
        """For the function itself: until it's resumed."""
        if not self._is_ending:
            self._has_stopped.release()
            self._may_run.acquire()
        if self._is_ending:
            raise ThreadEnd

    def end(self):
        """Has the function end where it waits; when it's slow to it's interrupted."""
        if self._thread.ident is None:
            return
        self._is_ending = True
        self._go_on()
        self._thread.join(self.GRACE)
        if self._thread.is_alive():
            self._host.interrupt_thread(self._thread.ident)
            self._thread.join(self.GRACE)
        self.is_lost = self._thread.is_alive()

    @staticmethod
    def _locked():
        lock = threading.Lock()
        lock.acquire()
        return lock

    def _go_on(self):
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._may_run.release()

    def _run(self):
        try:
            self._function()
        finally:
            self.has_returned = True
            self._has_stopped.release()


class Script:
    """The script, and its functions which the host calls. `host` is what the host offers to it."""

    def __init__(self, host, sim, simWS):
        self._host = host
        self._main = types.ModuleType('__main__')
        self._thread = None
        self._thread_outcome = NEXT
        self.exit_code = None
        self.is_thread_lost = False

        self._note_wait = sim.wait
        sim.wait = self._wait
        sim.__getattr__ = need_simulator
        os.register_at_fork(after_in_child=host.note_fork)
        sys.modules.update(sim=sim, simWS=simWS, __main__=self._main)
        constants = {name: value for name, value in vars(simWS).items()
                     if name.startswith('sim_ws_')}
        vars(self._main).update(sim=sim, simWS=simWS, require=require, **constants)

    def run_file(self, path, arguments):
        sys.argv = [path, *arguments]
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
        path = os.path.join(os.getcwd(), path)
        self._main.__file__ = path
        return self._outcome_of(self._execute, path)

    def has_function(self, name):
        return callable(vars(self._main).get(name))

    def call(self, name):
        return self._outcome_of(vars(self._main)[name]) if self.has_function(name) else NEXT

    def make_thread(self, name):
        if self.has_function(name):
            self._thread = Coroutine(self._host, lambda: self._run_thread(name))

    def resume_thread(self):
        if not self._thread:
            return NEXT
        self._thread.resume()
        if not self._thread.has_returned and not self._thread.is_lost:
            return NEXT
        return self._leave_thread()

    def end_thread(self):
        if not self._thread:
            return NEXT
        self._thread.end()
        return self._leave_thread()

    def end_by(self, exception):
        """A callback raised what isn't only its own failure."""
        if self._outcome_by(exception) == FAILED:
            self.exit_code = 1

    def end_fork(self, outcome=NEXT):
        """A process that the script has forked ends where it comes back to the host, of which it has
        no more than the calling thread."""
        if self.exit_code is None:
            self.exit_code = int(outcome == FAILED)
        atexit._run_exitfuncs()
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        os._exit(self.exit_code)

    def _wait(self, *arguments):
        """sim.wait, which the host checks and notes."""
        self._note_wait(*arguments)
        if self._thread is None:
            time.sleep(arguments[0])  # in sysCall_init
        else:
            self._thread.wait()

    def _leave_thread(self):
        thread, self._thread = self._thread, None
        if not thread.is_lost:
            return self._thread_outcome
        self.is_thread_lost = True
        print('simws: sysCall_thread does not end; it is left behind', file=sys.stderr)
        return ENDED

    def _execute(self, path):
        with open(path, 'rb') as file:
            code = compile(file.read(), path, 'exec', dont_inherit=True)
        exec(code, vars(self._main))

    def _run_thread(self, name):
        self._host.adopt_thread()
        self._thread_outcome = self._outcome_of(self._step_through, vars(self._main)[name])

    def _step_through(self, function):
        """In a generator, `yield` waits for the next step."""
        result = function()
        if not isinstance(result, types.GeneratorType):
            return result
        with contextlib.closing(result) as steps:
            while True:
                try:
                    next(steps)
                except StopIteration as end:
                    return end.value
                self._thread.wait()

    def _outcome_of(self, function, *arguments):
        try:
            result = function(*arguments)
        except BaseException as exception:
            outcome = self._outcome_by(exception)
        else:
            is_end = isinstance(result, dict) and result.get('cmd') == 'cleanup'
            outcome = ENDED if is_end else NEXT
        if self._host.is_forked():
            self.end_fork(outcome)
        return outcome

    def _outcome_by(self, exception):
        if isinstance(exception, ThreadEnd):
            return NEXT
        if isinstance(exception, SystemExit):
            self.exit_code = exit_code_of(exception)
            return ENDED
        if isinstance(exception, KeyboardInterrupt) and self._host.has_interrupted():
            return ENDED
        show(exception)
        return FAILED


def require(name):
    """How scripts for the simulator get their modules."""
    if name in MODULES:
        return sys.modules[name]
    raise ImportError(f"require('{name}') needs CoppeliaSim, but for 'sim' and 'simWS'; modules of "
                      'Python are imported')


def need_simulator(name):
    raise AttributeError(f'sim.{name} needs CoppeliaSim')


def exit_code_of(exit):
    """As Python itself has it: no code is success, and a text is what went wrong."""
    if exit.code is None or isinstance(exit.code, int):
        return (exit.code or 0) & 0xff
    print(exit.code, file=sys.stderr)
    return 1


def show(exception):
    """As Python shows what nobody caught."""
    trace = without_host(exception.__traceback__)
    try:
        sys.excepthook(type(exception), exception.with_traceback(trace), trace)
    except Exception:
        traceback.print_exc()


def without_host(trace):
    """The traceback without this file's own part."""
    def is_own(part):
        return part and part.tb_frame.f_code.co_filename == __file__

    while is_own(trace):
        trace = trace.tb_next
    last = trace
    while last:
        while is_own(last.tb_next):
            last.tb_next = last.tb_next.tb_next
        last = last.tb_next
    return trace


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path = [folder, *(path for path in sys.path if path != folder)]
    try:
        import _simws_host
    except ImportError as error:
        version = '.'.join(map(str, sys.version_info[:3]))
        sys.exit(f'simws: Python {version} ({sys.executable}) can not run scripts of this simws: '
                 f'{error}; the first python3 of the PATH must be the one that simws was built with, '
                 'or from 3.11 on a later one')
    del sys.path[0]
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(line_buffering=True)
    # By this the host interrupts scripts, whatever the program was started with.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    exit_code, is_thread_lost = _simws_host.main(sys.argv, Script)
    if is_thread_lost:
        sys.stdout.flush()
        os._exit(exit_code)
    sys.exit(exit_code)


if __name__ == '__main__':
    main()
