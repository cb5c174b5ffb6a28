-- wrk: how many rows have each status.
function request() return wrk.format("GET", "/v1/tables/status-download/count?by=status") end
