--[[
  Takes a junction's lease when it is free, or renews it when the caller holds it.
  KEYS[1] lease of the junction
  ARGV[1] owner (its address for redirects is part of it)
  ARGV[2] time to live, ms of wall time
  Returns the owner that holds the lease now.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return holder
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
