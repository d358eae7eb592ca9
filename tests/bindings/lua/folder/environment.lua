-- What the program gives every script. It starts no server, so it ends by itself.
print(require('neighbour').name)
print(arg[0]:match '[^/]*$', #arg, table.concat(arg, ' '), select('#', ...))
print(require 'sim' == sim, require 'simWS' == simWS, sim_ws_opcode_text, sim_ws_opcode_binary)
print(require('dkjson').encode {1, 2})

print(sim.getNamedStringParam 'robot', sim.getNamedStringParam 'none')
sim.setNamedStringParam('robot', 'R3')
print(sim.getNamedStringParam 'robot')
sim.setNamedInt32Param('n', 7)
sim.setNamedFloatParam('x', 2.5)
sim.setNamedBoolParam('b', true)
print(sim.getNamedInt32Param 'n', sim.getNamedFloatParam 'x', sim.getNamedBoolParam 'b',
      sim.getNamedFloatParam 'none', sim.getNamedStringParam 'n')
print(pcall(sim.getNamedInt32Param, 'robot'))
print(pcall(sim.getNamedBoolParam, 'n'))
print(pcall(function() return sim.getObject end))
print(pcall(sim.wait, 1))
print(math.type(sim.getSystemTime()), sim.getSimulationTime())

for _, name in ipairs {'errors', 'warnings', 'loadinfos', 'scripterrors', 'scriptwarnings', 'scriptinfos', 'infos', 'debug'} do
    sim.addLog(sim['verbosity_' .. name], 'log ' .. name)
end

-- A named parameter is the default of its option.
local ok, server = pcall(simWS.start, 0)
print(ok, server)
if ok then simWS.stop(server) end
