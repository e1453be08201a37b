--[[
  Stores the plan in force of a junction, unless another owner has taken the junction over.
  KEYS[1] lease of the junction
  KEYS[2] plan in force of the junction
  ARGV[1] owner
  ARGV[2] plan as JSON
  Returns 1 when stored, 0 when the caller is not the owner.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[2])
return 1
