-- What the robot has seen so far: cells of the floor where its range finder met something, in tiles.

local Map = {
    cell = 0.1,   -- metres along each side
    tile = 10,    -- cells along each side
}
Map.__index = Map

function Map.new()
    return setmetatable({tiles = {}}, Map)
end

-- The tile that a cell is in, by its name, and whether the cell is new there.
local function mark(tiles, column, row)
    local name = ('%d,%d'):format(column // Map.tile, row // Map.tile)
    tiles[name] = tiles[name] or {cells = {}, known = {}}
    local cells, known, cell = tiles[name].cells, tiles[name].known, column .. ',' .. row
    if known[cell] then return name, false end
    known[cell] = true
    cells[#cells + 1] = {column, row}
    return name, true
end

-- Takes a scan of the robot in, and answers the tiles that have changed: name -> list of {column, row}.
function Map:see(robot, scan)
    local changed = {}
    for i, distance in ipairs(scan) do
        if distance < robot.range then
            local angle = robot.heading + (i - 1) * 2 * math.pi / #scan
            local x, y = robot.x + distance * math.cos(angle), robot.y + distance * math.sin(angle)
            local name, isNew = mark(self.tiles, math.floor(x / Map.cell), math.floor(y / Map.cell))
            if isNew then changed[name] = self.tiles[name].cells end
        end
    end
    return changed
end

return Map
