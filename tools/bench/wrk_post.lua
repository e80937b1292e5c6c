-- One chat request, again and again: its body in the file BENCH_BODY, further headers a line each in BENCH_HEADERS. Ends
-- with one line of JSON.
wrk.method = "POST"
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
wrk.body = file:read("*a")
file:close()
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer sk-client"
for name, value in (os.getenv("BENCH_HEADERS") or ""):gmatch("([^:\n]+): ([^\n]*)") do
  wrk.headers[name] = value
end

function done(summary, latency)
  local errors = summary.errors
  io.write(('{"requests": %d, "bytes": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "p999_us": %d, "errors": %d}\n')
    :format(summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
            latency:percentile(99.9), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
