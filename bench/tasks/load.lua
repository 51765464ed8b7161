-- What wrk sends: the bodies in the files named behind "--", in turn, with the type named first; and what it prints.
local requests, turn = {}, 0

function init(arguments)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = arguments[1]
    for number = 2, #arguments do
        local file = assert(io.open(arguments[number], "rb"))
        requests[#requests + 1] = wrk.format(nil, nil, nil, file:read("*a"))
        file:close()
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "cut": %d, "status": %d, "late": %d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
        errors.connect, errors.read + errors.write, errors.status, errors.timeout))
end
