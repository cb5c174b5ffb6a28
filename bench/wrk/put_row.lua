-- wrk: PUT of random rows of status-download, whose status stays as bench/serve wrote it. The argument is how many rows
-- there are.
function init(arguments)
  rows = tonumber(arguments[1])
  math.randomseed(7)
  wrk.headers["Content-Type"] = "application/json"
end

local statuses = {"QUEUED", "RUNNING", "COMPLETED", "FAILED"}
local value = '{"omashuId":"%s","status":"%s","bytesSoFar":%d,"bytesTotal":104857600,' ..
  '"requestedAt":"2026-11-30T08:00:00Z","updatedAt":"2026-11-30T08:00:05Z",' ..
  '"source":{"url":"https://downloads.example/atlas.zip"}}'

function request()
  local row = math.random(0, rows - 1)
  local key = "om-" .. row
  return wrk.format("PUT", "/v1/tables/status-download/rows/" .. key, nil,
    value:format(key, statuses[1 + row % 4], math.random(0, 104857600)))
end
