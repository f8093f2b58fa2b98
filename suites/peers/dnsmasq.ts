import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE } from './peer-recipe.ts'

/** A forwarder that has nobody to forward to: it reads no master file, and knows what its configuration says. */
export const dnsmasq: ServerRecipe = {
  name: 'dnsmasq',
  role: 'server',
  package: 'dnsmasq-base',
  protocols: ['dns'],
  offers: ['dns'],
  program: installed('dnsmasq'),
  version: { args: ['--version'], pattern: /version (\S+)/ },
  files: ({ ports }) => ({
    'dnsmasq.conf': `
port=${ports.dns}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
pid-file=
log-facility=-
local=/example.test/
auth-server=ns1.example.test,127.0.0.1
auth-zone=example.test
auth-soa=2026112101,hostmaster.example.test,3600,600,86400
host-record=www.example.test,192.0.2.1,2001:db8::1
host-record=ns1.example.test,127.0.0.1,::1
mx-host=example.test,mail.example.test,10
txt-record=example.test,"a zone to grade servers by"
cname=alias.example.test,www.example.test
`,
  }),
  args: ({ folder }) => ['-k', '-C', `${folder}/dnsmasq.conf`],
  ready: [{ log: /started, version/ }],
  resources: ZONE,
}
