"""A script as CoppeliaSim steps it. The first argument says what happens in it.

Busy loops call the system: ThreadSanitizer hands signals on in such calls only.
"""
import os
import sys
import threading
import time

what = sys.argv[1]
steps = 0


def say(*words):
    sys.stdout.write('\t'.join(map(str, words)) + '\n')  # whole lines, whatever thread writes


def seconds(time):
    return f'{time:.3f}'


def attempt(function):
    try:
        function()
    except RuntimeError as error:
        say('false', error)


def be_busy():
    say('busy')
    while True:
        time.time()


def sysCall_init():
    global sim, simWS, server
    sim = require('sim')
    simWS = require('simWS')
    say('init', seconds(sim.getSimulationTime()), seconds(sim.getSimulationTimeStep()))
    server = simWS.start(0)
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setCloseHandler(server, lambda server, connection: say('closed'))
    say(f'PORT {simWS.getServerInfo(server)["port"]}')
    for function in (simWS.run, simWS.poll, simWS.fileno):
        attempt(function)
    if what == 'waitInit':
        before = sim.getSystemTime()
        sim.wait(0.05)
        say('waited', str(sim.getSystemTime() - before >= 0.05).lower(), seconds(sim.getSimulationTime()))
        sim.wait(3600, False)
    if what == 'failInit':
        raise RuntimeError('init failed')
    if what == 'endInit':
        return {'cmd': 'cleanup'}
    if what == 'otherThreads':
        threading.Thread(target=call_from_elsewhere, name='elsewhere').start()


def call_from_elsewhere():
    attempt(lambda: simWS.broadcast(server, 'x'))
    time.sleep(0.1)
    say('elsewhere')


def onMessage(server, connection, data):
    if data == 'busy':
        be_busy()
    if data == 'fork':
        fork()
    simWS.send(server, connection, f'step {steps}')


def fork():
    """The child may not call, and ends by exit or where it comes back to the host."""
    if os.fork() > 0:
        say('child', os.waitstatus_to_exitcode(os.wait()[1]))
        return
    attempt(lambda: simWS.broadcast(server, 'x'))
    if what == 'forkExits':
        sys.exit(5)


def sysCall_actuation():
    if steps < 3:
        say('actuation', seconds(sim.getSimulationTime()))
    if what.startswith('fork') and steps == 0:
        fork()
    if what == 'busy':
        be_busy()
    if what == 'sleep':
        say('busy')
        time.sleep(3600)
    if what == 'failStep':
        raise RuntimeError('step failed')
    if what == 'exitStep':
        sys.exit(True)
    if what == 'exitText':
        sys.exit('the script has had enough')


def sysCall_sensing():
    global steps
    steps += 1
    if steps <= 3:
        say('sensing', seconds(sim.getSimulationTime()))
    if what == 'end' and steps == 3:
        return {'cmd': 'cleanup'}


if 'thread' in what.lower():
    def sysCall_thread():
        if what == 'realTimeThread':
            sim.wait(0.01, False)
            say('real time', steps)
            return {'cmd': 'cleanup'}
        say('thread', steps)
        sim.wait(0)
        say('next step', steps)
        sim.wait(sim.getSimulationTimeStep() * 3)
        say('waited', steps)
        say(str(simWS.getConnections(server) == []).lower())
        sim.wait(0.001, False)
        say('real time')
        if what == 'failThread':
            raise RuntimeError('thread failed')
        if what == 'exitThread':
            sys.exit(7)
        if what == 'busyThread':
            be_busy()
        if what == 'sleepingThread':
            say('busy')
            time.sleep(3600)
        return {'cmd': 'cleanup'}

if what.startswith('waiting'):
    def sysCall_thread():
        try:
            say('busy')
            sim.wait(3600)
            say('never')
        finally:
            say('finally', len(simWS.getConnections(server)))
            if what == 'waitingFails':
                raise RuntimeError('thread failed')
            while what == 'waitingOnAndOn':
                try:
                    sim.wait(1)
                except SystemExit:
                    pass

if what == 'generator':
    def sysCall_thread():
        say('first', steps)
        yield
        say('second', steps)
        sim.wait(sim.getSimulationTimeStep() * 2)
        say('waited', steps)
        yield
        say('last', steps)
        return {'cmd': 'cleanup'}


def sysCall_cleanup():
    say('cleanup', simWS.getServerInfo(server)['connections'])
    if what == 'failCleanup':
        raise RuntimeError('cleanup failed')
