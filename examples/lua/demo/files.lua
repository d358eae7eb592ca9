-- Serves the files of one folder over HTTP.

local Files = {}

local contentTypes = {
    css = 'text/css; charset=utf-8',
    html = 'text/html; charset=utf-8',
    js = 'text/javascript; charset=utf-8',
    svg = 'image/svg+xml',
}

-- What npm has put beside the folder, if it was asked to (npm ci), so that no page loads it from elsewhere.
local libraries = {
    ['/three.module.js'] = '../node_modules/three/build/three.module.js',
    ['/three.core.js'] = '../node_modules/three/build/three.core.js',
}

local function read(path)
    local file = io.open(path, 'rb')
    if not file then return nil end
    local content = file:read('a')
    file:close()
    return content
end

-- The file that a path of a URL names. Names are letters, digits, - and _ with one of the endings
-- above: no path that leads out of the folder can be written that way.
local function locate(path)
    if path == '/' then return 'index.html', 'html' end
    if libraries[path] then return libraries[path], 'js' end
    local name, ending = path:match('^/([%w_-]+%.(%w+))$')
    if contentTypes[ending] then return name, ending end
end

function Files.hasLibraries(folder)
    return read(folder .. libraries['/three.module.js']) ~= nil
end

-- Answers a request for a resource with status, data and headers, as the HTTP handler returns them.
function Files.answer(folder, resource)
    local name, ending = locate(resource:match('^[^?]*'))
    local content = name and read(folder .. name)
    if not content then
        return 404, read(folder .. '404.html') or 'not found', {['Content-Type'] = contentTypes.html}
    end
    return 200, content, {['Content-Type'] = contentTypes[ending], ['Cache-Control'] = 'no-cache'}
end

return Files
