import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** ISC's BIND, as an authority. */
export const bind9: ServerRecipe = {
  name: 'bind9',
  role: 'server',
  package: 'bind9',
  protocols: ['dns'],
  offers: ['dns', 'tls+dns', 'https+dns'],
  program: installed('named'),
  version: { args: ['-v'], pattern: /BIND (\d+\.\d+\.\d+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    'keys/': '',
    // What it would keep outside of its folder is turned off; and that names are names of hosts is for others to ask. Its
    // own view of what it tells of itself answers no more than three times in a second, which one has to replace.
    'named.conf': `
tls peer {
  cert-file "${folder}/cert.pem";
  key-file "${folder}/key.pem";
};
options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  lock-file none;
  managed-keys-directory "${folder}/keys";
  listen-on port ${ports.dns} { 127.0.0.1; };
  listen-on port ${ports['tls+dns']} tls peer { 127.0.0.1; };
  listen-on port ${ports['https+dns']} tls peer http default { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  notify no;
  check-names primary ignore;
  allow-transfer { 127.0.0.1; ::1; };
};
controls { };
view "zones" IN {
  zone "example.test" { type primary; file "${folder}/${ZONE_FILE}"; };
};
view "server" CH {
  zone "version.bind" CH { type primary; database "_builtin version"; };
  zone "hostname.bind" CH { type primary; database "_builtin hostname"; };
  zone "authors.bind" CH { type primary; database "_builtin authors"; };
  zone "id.server" CH { type primary; database "_builtin id"; };
};
`,
  }),
  args: ({ folder }) => ['-g', '-n', '1', '-c', `${folder}/named.conf`],
  ready: [{ log: /running$/m }],
  resources: ZONE,
}
