import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed, LARGE, PAGE } from './peer-recipe.ts'

/** A proxy that answers for itself: it needs no server behind it, so what is graded is HAProxy alone. */
export const haproxy: ServerRecipe = {
  name: 'haproxy',
  role: 'server',
  package: 'haproxy',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('haproxy'),
  version: { args: ['-v'], pattern: /version (\d+\.\d+\.\d+)/ },
  files: ({ folder, ports }) => ({
    // A fixed response has to fit into one of its buffers, so what is larger is written by Lua.
    'site.lua': `
core.register_service("large", "http", function(applet)
  local body = string.rep("x", ${LARGE})
  applet:set_status(200)
  applet:add_header("content-type", "application/octet-stream")
  applet:add_header("content-length", tostring(#body))
  applet:start_response()
  applet:send(body)
end)
core.register_service("echo", "http", function(applet)
  local body = applet:receive()
  applet:set_status(200)
  applet:add_header("content-type", "application/octet-stream")
  applet:add_header("content-length", tostring(#body))
  applet:start_response()
  applet:send(body)
end)
`,
    'haproxy.cfg': `
global
  log stderr format raw local0 notice
  nbthread 1
  maxconn 256
  lua-load ${folder}/site.lua
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend peer
  bind 127.0.0.1:${ports.h2c}
  bind 127.0.0.1:${ports.https} ssl crt ${folder}/both.pem alpn h2,http/1.1
  http-request use-service lua.large if { path /big.bin }
  http-request use-service lua.echo if { path /echo }
  http-request return status 200 content-type text/plain string "${PAGE.replace('\n', '\\n')}" if { path / }
  http-request return status 404
`,
  }),
  args: ({ folder }) => ['-db', '-f', `${folder}/haproxy.cfg`],
  resources: { ...FILES, echo: '/echo' },
}
