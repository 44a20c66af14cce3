-- KEYS: due, late, settled, halves. ARGV: prefix of calls, how long late calls and settled ones are waited for.
-- Gives how many calls got their money back; asked again until there are none.
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[3]))
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now)
return releaseDue(ARGV[1], KEYS[1], KEYS[2], 500)
