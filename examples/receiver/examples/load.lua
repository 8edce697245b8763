-- wrk -t1 -c64 -d10s -s examples/load.lua http://127.0.0.1:8080
-- The families alternate. No two requests are equal, not even those of two runs.
local count = os.time() * 1000000

function request()
  count = count + 1
  local body
  if count % 2 == 0 then
    body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0"
      .. "&reason=desk+closed+session&SESSIONID=s19_3_" .. string.format("%d", count)
      .. "&CPUSER=%5C%5Cdefault%5Cjanez&totalTransferredBytes=1048576&totalConnectionTime=852"
      .. "&gracefulExit=1&deskAddress=192.0.2.10&deskPlatform=win32&clientAddress=192.0.2.20"
  else
    body = "<chat><room>Tea & <Cakes></room><user>Alice</user><message>I <3 you "
      .. string.format("%d", count) .. "</message></chat>\n"
  end
  return wrk.format("POST", "/callback", nil, body)
end
