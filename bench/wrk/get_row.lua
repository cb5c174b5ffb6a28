-- wrk: GET of random rows of status-download. The argument is how many rows there are.
function init(arguments)
  rows = tonumber(arguments[1])
  math.randomseed(7)
end

function request()
  return wrk.format("GET", "/v1/tables/status-download/rows/om-" .. math.random(0, rows - 1))
end
