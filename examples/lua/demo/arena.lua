-- The room the robot lives in: four walls around the origin and round pillars. Lengths in metres.

local Arena = {
    width = 6,
    height = 4,
    pillars = {
        {x = -1.5, y = 0, radius = 0.32},
        {x = 1.5, y = 0, radius = 0.32},
    },
}

local function clamp(value, limit)
    return math.max(-limit, math.min(limit, value))
end

-- The place nearest to x, y where a disc of that radius touches neither wall nor pillar.
function Arena.keepFree(x, y, radius)
    for _, pillar in ipairs(Arena.pillars) do
        local dx, dy = x - pillar.x, y - pillar.y
        local distance, least = math.sqrt(dx * dx + dy * dy), pillar.radius + radius
        if distance == 0 then
            x = pillar.x + least
        elseif distance < least then
            x, y = pillar.x + dx * least / distance, pillar.y + dy * least / distance
        end
    end
    return clamp(x, Arena.width / 2 - radius), clamp(y, Arena.height / 2 - radius)
end

-- How far a ray from inside the arena goes until it meets the wall at +half or -half of one axis.
local function distanceToWall(start, direction, half)
    if direction > 0 then return (half - start) / direction end
    if direction < 0 then return (-half - start) / direction end
    return math.huge
end

local function distanceToPillar(x, y, dx, dy, pillar)
    local ox, oy = pillar.x - x, pillar.y - y
    local along = ox * dx + oy * dy
    local beside = ox * ox + oy * oy - along * along
    local radius = pillar.radius * pillar.radius
    if along < 0 or beside > radius then return math.huge end
    return along - math.sqrt(radius - beside)
end

-- What a range finder at x, y sees in that direction, at most range.
function Arena.measure(x, y, angle, range)
    local dx, dy = math.cos(angle), math.sin(angle)
    local nearest = math.min(range, distanceToWall(x, dx, Arena.width / 2),
                             distanceToWall(y, dy, Arena.height / 2))
    for _, pillar in ipairs(Arena.pillars) do
        nearest = math.min(nearest, distanceToPillar(x, y, dx, dy, pillar))
    end
    return nearest
end

return Arena
