-- A page behind a token, whose WebSocket is as that of any page; and a server of another port.
local simWS = require 'simWS'

local page = [[<!doctype html><title>guarded</title><link rel="icon" href="data:,"><script>
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/?x=1');
  socket.onmessage = ({data}) => { window.heard = data; };
</script>]]

local server = simWS.start(0, {token = 's3cret'})
simWS.setHTTPHandler(server, function(server, connection, resource)
    assert(not resource:find 's3cret')
    return 200, page, {['Content-Type'] = 'text/html'}
end)
simWS.setOpenHandler(server, function(server, connection)
    simWS.send(server, connection, 'welcome to ' .. simWS.getConnectionInfo(server, connection).resource)
end)

local other = simWS.start(0)
simWS.setHTTPHandler(other, function() return 200, '<!doctype html><title>other</title>', {['Content-Type'] = 'text/html'} end)

print('PORT ' .. simWS.getServerInfo(server).port)
print('OTHER ' .. simWS.getServerInfo(other).port)
