-- A robot with two driven wheels: motors with limits, exact motion along arcs, a range finder.
-- Lengths in metres, angles in radians (counter-clockwise), times in seconds.

local Arena = require 'arena'

local Robot = {
    radius = 0.2,
    wheelRadius = 0.06,
    track = 0.32,              -- distance between the wheels
    maxWheelSpeed = 15,        -- rad/s
    maxWheelAcceleration = 30, -- rad/s²
    beams = 60,                -- of the range finder, all around, the first one ahead
    range = 1.6,
}
Robot.__index = Robot
Robot.maxSpeed = Robot.maxWheelSpeed * Robot.wheelRadius
Robot.maxTurn = 2 * Robot.maxSpeed / Robot.track

local function clamp(value, limit)
    return math.max(-limit, math.min(limit, value))
end

function Robot.new(x, y, heading)
    local robot = setmetatable({}, Robot)
    robot:place(x, y, heading)
    return robot
end

-- Puts the robot somewhere, standing still.
function Robot:place(x, y, heading)
    self.x, self.y, self.heading = x, y, heading
    self.v, self.omega = 0, 0
    self.left, self.right = 0, 0
    self.command = {v = 0, omega = 0}
end

-- Asks for a forward speed and a turning speed. Beyond the limits the nearest possible is taken.
function Robot:drive(v, omega)
    self.command = {v = clamp(v, self.maxSpeed), omega = clamp(omega, self.maxTurn)}
end

-- The wheel speeds that the command needs, both scaled down alike where one of them is too fast:
-- the robot then drives the same curve, only slower.
function Robot:wantedWheelSpeeds()
    local turn = self.command.omega * self.track / 2
    local left = (self.command.v - turn) / self.wheelRadius
    local right = (self.command.v + turn) / self.wheelRadius
    local excess = math.max(1, math.abs(left) / self.maxWheelSpeed, math.abs(right) / self.maxWheelSpeed)
    return left / excess, right / excess
end

function Robot:stepMotors(dt)
    local left, right = self:wantedWheelSpeeds()
    local change = self.maxWheelAcceleration * dt
    self.left = self.left + clamp(left - self.left, change)
    self.right = self.right + clamp(right - self.right, change)
    self.v = (self.right + self.left) * self.wheelRadius / 2
    self.omega = (self.right - self.left) * self.wheelRadius / self.track
end

-- One step of the simulation. Within it the wheels' speeds are constant, so the robot drives an arc.
function Robot:step(dt)
    self:stepMotors(dt)
    local turned = self.omega * dt
    local chord = self.v * dt
    if math.abs(turned) > 1e-9 then chord = chord * math.sin(turned / 2) / (turned / 2) end
    local direction = self.heading + turned / 2
    self.x, self.y = Arena.keepFree(self.x + chord * math.cos(direction),
                                    self.y + chord * math.sin(direction), self.radius)
    self.heading = math.atan(math.sin(self.heading + turned), math.cos(self.heading + turned))
end

-- Distances from the robot's centre, one for each beam.
function Robot:scan()
    local distances = {}
    for i = 1, self.beams do
        local angle = self.heading + (i - 1) * 2 * math.pi / self.beams
        distances[i] = Arena.measure(self.x, self.y, angle, self.range)
    end
    return distances
end

return Robot
