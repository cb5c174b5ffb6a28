-- wrk: GET of random rows of the Kafka Streams peer, by the bytes of their keys: Confluent's frame with the id of the
-- key's schema, and a string. Arguments: how many rows there are, and the id.
function init(arguments)
  rows = tonumber(arguments[1])
  frame = string.format("00%08x", tonumber(arguments[2]))
  math.randomseed(7)
end

function request()
  local key = "om-" .. math.random(0, rows - 1)
  local hex = key:gsub(".", function(c) return string.format("%02x", c:byte()) end)
  return wrk.format("GET", "/" .. frame .. string.format("%02x", 2 * #key) .. hex)
end
