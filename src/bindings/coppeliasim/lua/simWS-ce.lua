-- Generated from the table of functions by `simws coppeliasim-completion`: don't edit.
registerCodeEditorInfos('simWS', [[
bool queued = simWS.send(string serverHandle, string connectionHandle, buffer data, int opcode=simWS.opcode.text, map options={})
simWS.setCloseHandler(string serverHandle, string callbackFn)
simWS.setFailHandler(string serverHandle, string callbackFn)
simWS.setHTTPHandler(string serverHandle, string callbackFn)
simWS.setMessageHandler(string serverHandle, string callbackFn)
simWS.setOpenHandler(string serverHandle, string callbackFn)
string serverHandle = simWS.start(int listenPort, map options={})
simWS.stop(string serverHandle)
bool started = simWS.close(string serverHandle, string connectionHandle, int code=1000, string reason='')
int count = simWS.broadcast(string serverHandle, buffer data, int opcode=simWS.opcode.text, map options={})
string[] connectionHandles = simWS.getConnections(string serverHandle)
map info = simWS.getConnectionInfo(string serverHandle, string connectionHandle, string[] fields={})
map info = simWS.getServerInfo(string serverHandle)
simWS.setLogHandler(string callbackFn)
simWS.opcode.continuation
simWS.opcode.text
simWS.opcode.binary
]])
