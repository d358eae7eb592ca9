-- What has happened, in lines of a topic of which the last ones are retained for those who come later.

local simWS = require 'simWS'

local Events = {kept = 20}
Events.__index = Events

function Events.new(server, topic)
    return setmetatable({server = server, topic = topic, count = 0}, Events)
end

function Events:say(time, text, ...)
    self.count = self.count + 1
    local key = tostring(self.count % Events.kept) -- the newest one takes the place of the oldest
    simWS.publish(self.server, self.topic, ('%.1f s  '):format(time) .. text:format(...), simWS.opcode.text,
                  {key = key, retain = true})
end

return Events
