"""What the program gives every script. It starts no server, so it ends by itself."""
import sys
import threading

import neighbour


def attempt(function):
    try:
        return 'true', function()
    except (AttributeError, RuntimeError, ImportError, TypeError, ValueError) as error:
        return 'false', f'{type(error).__name__}: {error}'


def say(*words):
    print(*words, sep='\t')


say(neighbour.name)
say(sys.argv[0].rpartition('/')[2], len(sys.argv) - 1, ' '.join(sys.argv[1:]), __name__)
given = sim, simWS
import sim
import simWS
say((sim, simWS) == given == (require('sim'), require('simWS')), sys.modules['__main__'].say is say,
    int(sim_ws_opcode_text), int(sim_ws_opcode_binary))
say(threading.current_thread() is threading.main_thread(), __file__ == sys.argv[0])

say(sim.getNamedStringParam('robot'), sim.getNamedStringParam('none'))
sim.setNamedStringParam('robot', 'R3')
say(sim.getNamedStringParam('robot'))
sim.setNamedInt32Param('n', 7)
sim.setNamedFloatParam('x', 2.5)
sim.setNamedBoolParam('b', True)
say(sim.getNamedInt32Param('n'), sim.getNamedFloatParam('x'), sim.getNamedBoolParam('b'),
    sim.getNamedFloatParam('none'), sim.getNamedStringParam('n'))
say(*attempt(lambda: sim.getNamedInt32Param('robot')))
say(*attempt(lambda: sim.getNamedBoolParam('n')))
say(*attempt(lambda: sim.getObject))
say(*attempt(lambda: sim.wait(1)))
say(type(sim.getSystemTime()).__name__, sim.getSimulationTime())

for name in ('errors', 'warnings', 'loadinfos', 'scripterrors', 'scriptwarnings', 'scriptinfos',
             'infos', 'debug'):
    sim.addLog(getattr(sim, 'verbosity_' + name), 'log ' + name)

# A named parameter is the default of its option.
ok, server = attempt(lambda: simWS.start(0))
say(ok, server)
if ok == 'true':
    simWS.stop(server)

say(*attempt(lambda: require('simUI')))
say(*attempt(lambda: sim.addLog('loud', 'x')))
say(*attempt(lambda: sim.addLog(1, 2, 3)))
say(hasattr(sim, 'getObject'))
