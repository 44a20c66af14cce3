-- KEYS: settled, late, touched, halves. ARGV: prefix of calls, calls that are in the table as [id, cost], counters as [counter, looked, sum].
-- All from one look into the table. A counter is put right by the difference between what the table holds and what was known to be in it, which
-- takes in whatever Redis never heard of. A counter that somebody else has compared in the meantime is left for the next time.
local calls = ARGV[1]
for _, written in ipairs(cjson.decode(ARGV[2])) do
  local id, cost = written[1], read(written[2])
  local found = redis.call('HMGET', calls .. id, 'state', 'lines')
  if found[1] ~= 'held' then
    if found[1] then
      for _, line in ipairs(cjson.decode(found[2])) do
        if line.money then
          local known = redis.call('HGET', line.counter, 'table')
          if known and found[1] == 'settled' then redis.call('HSET', line.counter, 'table', write(add(read(known), cost))) end
          -- what a released call cost is nowhere but in the table: the difference brings it. What a settled one cost may be in both by now, where
          -- somebody else compared the counter without knowing of the call: then the difference takes it away
          if known then redis.call('SADD', KEYS[3], line.counter) end
        end
      end
      redis.call('DEL', calls .. id)
    end
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  end
end
local done = 0
for _, one in ipairs(cjson.decode(ARGV[3])) do
  local counter, sum = one[1], read(one[3])
  local found = redis.call('HMGET', counter, 'looked', 'spent', 'table', 'half')
  if not found[1] then
    redis.call('SREM', KEYS[3], counter)
  elseif found[1] == one[2] then
    local spent = minus(add(read(found[2]), sum), read(found[3]))
    redis.call('HSET', counter, 'spent', write(spent), 'table', write(sum), 'looked', clock[1] .. string.format('%06d', clock[2]))
    redis.call('SREM', KEYS[3], counter)
    noteHalf(KEYS[4], counter, spent, found[4])
    done = done + 1
  end
end
return done
