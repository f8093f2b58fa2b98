import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

const MODULES = '/usr/lib/apache2/modules'

export const apache2: ServerRecipe = {
  name: 'apache2',
  role: 'server',
  package: 'apache2-bin',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('apache2'),
  version: { args: ['-v'], pattern: /Apache\/(\S+)/ },
  files: ({ folder, ports }) => ({
    'httpd.conf': `
ServerRoot "${folder}"
PidFile "${folder}/httpd.pid"
DefaultRuntimeDir "${folder}"
Mutex file:${folder} default
ServerName localhost
Listen 127.0.0.1:${ports.h2c}
Listen 127.0.0.1:${ports.https} https
LoadModule mpm_event_module ${MODULES}/mod_mpm_event.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
LoadModule mime_module ${MODULES}/mod_mime.so
LoadModule dir_module ${MODULES}/mod_dir.so
LoadModule ssl_module ${MODULES}/mod_ssl.so
LoadModule http2_module ${MODULES}/mod_http2.so
ServerLimit 1
StartServers 1
ThreadsPerChild 25
MaxRequestWorkers 25
ErrorLog "${folder}/error.log"
LogLevel notice
TypesConfig /dev/null
Protocols h2 h2c http/1.1
SSLSessionCache none
DocumentRoot "${folder}/www"
<Directory "${folder}/www">
  Require all granted
</Directory>
DirectoryIndex index.html
<VirtualHost 127.0.0.1:${ports.https}>
  SSLEngine on
  SSLCertificateFile "${folder}/cert.pem"
  SSLCertificateKeyFile "${folder}/key.pem"
</VirtualHost>
`,
  }),
  args: ({ folder }) => ['-D', 'FOREGROUND', '-f', `${folder}/httpd.conf`],
  // Its ports accept before it has found out that it cannot start.
  ready: [{ log: /resuming normal operations/, file: 'error.log' }],
  resources: FILES,
  crash: { pattern: /child pid \d+ exit signal .*/, file: 'error.log' },
}
