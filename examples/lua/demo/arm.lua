-- An arm with six joints that waves at whoever looks. Angles in radians, times in seconds.

local Arm = {joints = 6}

local middles = {0, -0.5, 1.1, 0, 0.6, 0}
local swings = {1.2, 0.45, 0.6, 1.0, 0.5, 3.0}
local speeds = {0.35, 0.6, 0.8, 0.5, 1.1, 0.9}

-- The joints' angles at a time, as bytes: one little-endian float each.
function Arm.angles(time)
    local angles = {}
    for i = 1, Arm.joints do angles[i] = middles[i] + swings[i] * math.sin(speeds[i] * time) end
    return string.pack('<' .. ('f'):rep(Arm.joints), table.unpack(angles))
end

return Arm
