-- Chat: who has a name may talk, all hear it, and who comes later reads what was said.
--
--     simws run chat.lua [port]           then open http://localhost:9000 in two windows
--
-- Messages are JSON. From a page: {"type":"join","name":…}, {"type":"say","text":…}.
-- To the pages: {"type":"history","entries":[…]}, {"type":"people","names":[…]}, and entries
-- {"type":"said"|"joined"|"left","name":…,"text":…,"time":…}.

local json = require 'dkjson'
local simWS = require 'simWS'

local folder = debug.getinfo(1, 'S').source:match('^@(.*[/\\])') or './'
local names = {}   -- connection -> name, of those who have joined
local history = {} -- the last entries, oldest first
local HISTORY_SIZE, LONGEST_NAME, LONGEST_TEXT = 100, 24, 1000 -- entries, characters

local function publish(server, entry)
    entry.time = os.time()
    history[#history + 1] = entry
    if #history > HISTORY_SIZE then table.remove(history, 1) end
    simWS.broadcast(server, json.encode(entry))
end

local function publishPeople(server)
    local list = {}
    for _, name in pairs(names) do list[#list + 1] = name end
    table.sort(list)
    simWS.broadcast(server, json.encode {type = 'people', names = list})
end

-- The text without blanks around it, if it is text of a length from 1 to longest characters.
local function checked(text, longest)
    text = type(text) == 'string' and text:match('^%s*(.-)%s*$') or ''
    local length = utf8.len(text)
    return length and length > 0 and length <= longest and text
end

-- Names and texts are passed on as they are. It's the page that must not take them for HTML: it
-- puts them in with textContent.
local function handle(server, connection, message)
    if message.type == 'join' and not names[connection] and checked(message.name, LONGEST_NAME) then
        names[connection] = checked(message.name, LONGEST_NAME)
        publish(server, {type = 'joined', name = names[connection]})
        publishPeople(server)
    elseif message.type == 'say' and names[connection] and checked(message.text, LONGEST_TEXT) then
        publish(server, {type = 'said', name = names[connection],
                         text = checked(message.text, LONGEST_TEXT)})
    else
        local answer = 'join first with a name, then say something; neither empty nor too long'
        simWS.send(server, connection, json.encode {type = 'error', message = answer})
    end
end

function onMessage(server, connection, data)
    local decoded, message = pcall(json.decode, data)
    handle(server, connection, decoded and type(message) == 'table' and message or {})
end

function onOpen(server, connection)
    simWS.send(server, connection, json.encode {type = 'history', entries = history})
    publishPeople(server)
end

function onClose(server, connection)
    local name = names[connection]
    names[connection] = nil
    if name then
        publish(server, {type = 'left', name = name})
        publishPeople(server)
    end
end

function onHttp(server, connection, resource)
    if resource ~= '/' then return 404, 'not found\n' end
    local file <close> = assert(io.open(folder .. 'chat.html', 'rb'))
    return 200, file:read('a'), {['Content-Type'] = 'text/html; charset=utf-8'}
end

local server = simWS.start(tonumber(arg[1]) or 9000, {maxMessageSize = 65536})
simWS.setOpenHandler(server, 'onOpen')
simWS.setCloseHandler(server, 'onClose')
simWS.setMessageHandler(server, 'onMessage')
simWS.setHTTPHandler(server, 'onHttp')
