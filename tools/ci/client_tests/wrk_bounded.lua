-- As many different chat requests as it is told to send, and not one more: after the last, every connection sends the
-- beginning of a request that never ends. When each has, what came of all the requests is known, and it says so on stderr.
local model, members, requests, connections
-- wrk asks once before it begins, to see whether it is HTTP.
local asked = -1

function init(args)
  model, members, requests, connections = args[1], args[2], tonumber(args[3]), tonumber(args[4])
end

function request()
  asked = asked + 1
  if asked <= requests then
    local body = '{"model":"%s","messages":[{"role":"user","content":"number %d"}]%s}'
    return wrk.format("POST", "/v1/chat/completions", {["content-type"] = "application/json"},
                      body:format(model, asked, members))
  end
  if asked == requests + connections then io.stderr:write("all known\n") end
  return "POST"
end
