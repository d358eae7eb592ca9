-- A script for the probe, the plugin of the host's own tests.
probe = loadPlugin 'probe'

function sysCall_info() print 'trace: info' end
function sysCall_init() print 'trace: init' end
function sysCall_cleanup() print('trace: cleanup ' .. probe.describe(1)) end

app = {inner = {}}
function app.inner.give(...) return ... end
function raise() error 'on purpose' end
function kill() host.kill() end

function describe(...) return probe.describe(...) end

-- What reaches the script as an error, without the place.
function message(callee, ...) return (select(2, pcall(callee, ...)):gsub('^%-?%d+: ', '')) end
