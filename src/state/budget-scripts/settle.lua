-- KEYS: call, due, late, settled, touched, halves. ARGV: id of the call, what it cost ('': not known, then what was set aside counts).
-- Gives a key, what is spent and a percentage for each limit that has to be told of. What was settled before, or was lost with all of Redis, is
-- left alone: the table of calls has it.
local call, halves = KEYS[1], KEYS[6]
local found = redis.call('HMGET', call, 'state', 'lines')
local state = found[1]
if not state or state == 'settled' then return {} end

local cost = ARGV[2] ~= '' and read(ARGV[2])
local told, money = {}, false
for _, line in ipairs(cjson.decode(found[2])) do
  local amount = line.amount and read(line.amount) or ZERO
  local counter = redis.call('HMGET', line.counter, 'spent', 'reserved')
  money = money or line.money
  if counter[1] then
    local spent = add(read(counter[1]), line.money and cost or amount)
    redis.call('HSET', line.counter, 'spent', write(spent))
    if state == 'held' then redis.call('HSET', line.counter, 'reserved', write(minus(read(counter[2]), amount))) end
    if line.money then
      redis.call('SADD', KEYS[5], line.counter)
      noteHalf(halves, line.counter, spent, line.half)
    end
    local percent = 0
    if not less(spent, read(line.half)) then percent = 50 end
    if not less(spent, read(line.mostly)) then percent = 80 end
    if not less(spent, read(line.most)) then percent = 95 end
    if not less(spent, read(line.limit)) then percent = 100 end
    if percent > 0 and tell(line.counter, line.plain, percent) then
      table.insert(told, { line.key, write(spent), tostring(percent) })
    end
  end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
if money then
  -- until it is found in the table
  redis.call('HSET', call, 'state', 'settled')
  redis.call('ZADD', KEYS[4], now, ARGV[1])
else
  redis.call('DEL', call)
end
return told
