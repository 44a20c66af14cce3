-- KEYS: call, due, late, touched, halves, epoch, then a counter for each line.
-- ARGV: prefix of calls, id of the call, ttl of what it sets aside, how long its record is kept, lines, an epoch if there is none,
-- and after how long a counter is compared with the table again ('' never).
-- A line: counter, key, money, amount (absent: not known), limit, plain (the limit as it was written), half, most (95 percent), livesMs, and
-- seed: what a counter that is not there begins with.
local calls, callId, ttl, kept, epoch, staleMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[6], tonumber(ARGV[7])
local lines = cjson.decode(ARGV[5])
local call, due, late, touched, halves = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

releaseDue(calls, due, late, 100)
if redis.call('EXISTS', call) == 1 then return { 'ok' } end

local absent, stale = {}, {}
for n, line in ipairs(lines) do
  local found = redis.call('HMGET', line.counter, 'spent', 'reserved', 'looked')
  line.spent, line.reserved, line.there = found[1], found[2], found[1] and true
  if line.money and not line.there and not line.seed then
    table.insert(absent, n)
  elseif line.money and line.there and staleMs and now - tonumber(found[3]) / 1000 > staleMs then
    table.insert(stale, n)
  end
end
if #absent > 0 or #stale > 0 then
  return { 'look', redis.call('GET', KEYS[6]) or '', absent, stale }
end
redis.call('SET', KEYS[6], epoch, 'NX')

for _, line in ipairs(lines) do
  if not line.there then
    line.spent, line.reserved = line.seed or write(ZERO), write(ZERO)
    redis.call('HSET', line.counter, 'spent', line.spent, 'table', line.spent, 'reserved', line.reserved, 'looked', clock[1] .. string.format('%06d', clock[2]))
    redis.call('PEXPIRE', line.counter, line.livesMs)
    -- calls that were under way to the table while it was read are found when it is read again
    if line.money then redis.call('SADD', touched, line.counter) end
  end
  redis.call('HSET', line.counter, 'limit', line.plain, 'half', line.half)
  if line.money then noteHalf(halves, line.counter, read(line.spent), line.half) end
end

for _, line in ipairs(lines) do
  local limit, spent = read(line.limit), read(line.spent)
  local free = minus(minus(limit, spent), read(line.reserved))
  local amount = line.amount and read(line.amount)
  if (amount and less(free, amount)) or (not amount and not less(ZERO, free)) then
    -- the last cents are never spent, because no call fits into them: a limit that nearly is used up and stands in the way is used up
    local told = not less(spent, read(line.most)) and tell(line.counter, line.plain, 100)
    return { 'refused', line.key, write(free), line.spent, told and '100' or '' }
  end
end

for _, line in ipairs(lines) do
  if line.amount then redis.call('HSET', line.counter, 'reserved', write(add(read(line.reserved), read(line.amount)))) end
end
redis.call('HSET', call, 'state', 'held', 'lines', ARGV[5])
redis.call('PEXPIRE', call, kept)
redis.call('ZADD', due, now + ttl, callId)
return { 'ok' }
