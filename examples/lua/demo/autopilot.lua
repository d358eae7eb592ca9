-- Drives the robot along a figure of eight around the pillars: it follows a point that runs ahead
-- of the robot on the path ("pure pursuit").

local Autopilot = {speed = 0.5, lookAhead = 0.45}
Autopilot.__index = Autopilot

function Autopilot.new()
    return setmetatable({at = nil}, Autopilot)
end

-- The path, once around while t goes from 0 to 2π.
local function path(t)
    return 2.35 * math.sin(t), 1.3 * math.sin(2 * t)
end

local function distanceTo(robot, t)
    local x, y = path(t)
    return math.sqrt((x - robot.x) ^ 2 + (y - robot.y) ^ 2)
end

-- Forgets where on the path the robot was: somebody else has moved it since.
function Autopilot:release()
    self.at = nil
end

function Autopilot:nearest(robot)
    local best, t = math.huge, 0
    for i = 0, 199 do
        local candidate = i * 2 * math.pi / 200
        local distance = distanceTo(robot, candidate)
        if distance < best then best, t = distance, candidate end
    end
    return t
end

-- The point to follow: as far ahead on the path as the robot can see.
function Autopilot:advance(robot)
    local t = self.at or self:nearest(robot)
    local last = t + 0.5
    while distanceTo(robot, t) < self.lookAhead and t < last do t = t + 0.01 end
    self.at = t % (2 * math.pi)
    return path(self.at)
end

-- The forward and the turning speed to command now.
function Autopilot:steer(robot)
    local x, y = self:advance(robot)
    local bearing = math.atan(y - robot.y, x - robot.x) - robot.heading
    bearing = math.atan(math.sin(bearing), math.cos(bearing))
    return self.speed * math.max(0, math.cos(bearing)), 2.2 * bearing
end

return Autopilot
