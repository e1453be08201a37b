--[[
  Gives a junction's lease back, if the caller holds it.
  KEYS[1] lease of the junction
  ARGV[1] owner
  Returns 1 when released, 0 when somebody else holds it.
]]
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
