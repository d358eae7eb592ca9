-- Tells each who asks which address it asks from. Arguments: options of simWS.start, as `name=value`.
local simWS = require 'simWS'

local options = {}
for _, argument in ipairs(arg) do
    local name, value = argument:match '^(%w+)=(.*)$'
    options[name] = tonumber(value) or value == 'true' or (name == 'host' and value or {value})
end

local server = simWS.start(0, options)
simWS.setUpgradeHandler(server, function(server, connection, request)
    return true, nil, {['X-Client'] = request.remoteAddress, ['X-Resource'] = request.resource}
end)
simWS.setHTTPHandler(server, function(server, connection, resource, data, request)
    return 200, resource, {['X-Client'] = request.remoteAddress}
end)
print 'ready' -- who came before hasn't met these handlers
