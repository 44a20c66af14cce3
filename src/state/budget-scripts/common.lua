-- Amounts are whole dollars and pico-dollars (10^-12), both whole numbers that a double holds exactly: "1.000000000002" is {1, 2}.
local ONE = 1000000000000
local ZERO = { 0, 0 }

local function read(text)
  local whole, part = string.match(text, '^(%d+)%.(%d%d%d%d%d%d%d%d%d%d%d%d)$')
  return { tonumber(whole), tonumber(part) }
end

local function write(a)
  return string.format('%.0f.%012.0f', a[1], a[2])
end

local function add(a, b)
  local part = a[2] + b[2]
  if part >= ONE then return { a[1] + b[1] + 1, part - ONE } end
  return { a[1] + b[1], part }
end

local function less(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  return a[2] < b[2]
end

-- What is left of a when b is taken away; nothing when that is more.
local function minus(a, b)
  if less(a, b) then return ZERO end
  if a[2] < b[2] then return { a[1] - b[1] - 1, a[2] - b[2] + ONE } end
  return { a[1] - b[1], a[2] - b[2] }
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- A counter is a hash: spent and reserved; table: how much of spent is known to stand in the table of calls; looked: when that was last compared;
-- limit and half: of the last call that asked; told:<limit>: the percentage that was told of it.

-- Notes that so many percent of a limit are told; false when they were told before.
local function tell(counter, limit, percent)
  local told = tonumber(redis.call('HGET', counter, 'told:' .. limit) or '0')
  if told >= percent then return false end
  redis.call('HSET', counter, 'told:' .. limit, percent)
  return true
end

-- The counters that a manager wants to hear of are found without looking at all of them.
local function noteHalf(halves, counter, spent, half)
  if not half or less(spent, read(half)) then return end
  local lives = redis.call('PTTL', counter)
  if lives > 0 then redis.call('ZADD', halves, now + lives, counter) end
end

-- Gives back what calls set aside that never settled. Their cost may come to light later: they are kept among the late ones.
local function releaseDue(calls, due, late, most)
  local ids = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, most)
  for _, id in ipairs(ids) do
    local lines = redis.call('HGET', calls .. id, 'lines')
    if lines then
      for _, line in ipairs(cjson.decode(lines)) do
        local reserved = redis.call('HGET', line.counter, 'reserved')
        if reserved and line.amount then
          redis.call('HSET', line.counter, 'reserved', write(minus(read(reserved), read(line.amount))))
        end
      end
      redis.call('HSET', calls .. id, 'state', 'released')
      redis.call('ZADD', late, now, id)
    end
    redis.call('ZREM', due, id)
  end
  return #ids
end
