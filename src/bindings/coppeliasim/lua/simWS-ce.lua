-- Generated from the table of functions by `simws coppeliasim-completion`: don't edit.
registerCodeEditorInfos('simWS', [[
bool queued = simWS.send(string serverOrClientHandle, string connectionHandle, buffer data, int opcode=simWS.opcode.text, map options={})
simWS.setCloseHandler(string serverOrClientHandle, string callbackFn)
simWS.setFailHandler(string serverOrClientHandle, string callbackFn)
simWS.setHTTPHandler(string serverHandle, string callbackFn)
simWS.setMessageHandler(string serverOrClientHandle, string callbackFn)
simWS.setOpenHandler(string serverOrClientHandle, string callbackFn)
string serverHandle = simWS.start(int listenPort, map options={})
simWS.stop(string serverHandle)
bool started = simWS.close(string serverOrClientHandle, string connectionHandle, int code=1000, string reason='')
int count = simWS.broadcast(string serverHandle, buffer data, int opcode=simWS.opcode.text, map options={})
string[] connectionHandles = simWS.getConnections(string serverOrClientHandle)
map info = simWS.getConnectionInfo(string serverOrClientHandle, string connectionHandle, string[] fields={})
map info = simWS.getServerInfo(string serverHandle)
simWS.setLogHandler(string callbackFn)
string clientHandle = simWS.connect(string uri, map options={})
simWS.disconnect(string clientHandle)
map info = simWS.getClientInfo(string clientHandle)
simWS.setUpgradeHandler(string serverHandle, string callbackFn)
simWS.serveFiles(string serverHandle, string prefix, string folder, map options={})
simWS.opcode.continuation
simWS.opcode.text
simWS.opcode.binary
]])
