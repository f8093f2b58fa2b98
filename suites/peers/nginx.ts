import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

export const nginx: ServerRecipe = {
  name: 'nginx',
  role: 'server',
  package: 'nginx',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('nginx'),
  version: { args: ['-v'], pattern: /nginx\/(\S+)/ },
  files: ({ folder, ports }) => ({
    'tmp/': '',
    // Without paths of its own it wants to write below /var/lib, where nobody may.
    'nginx.conf': `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  types { text/html html; }
  default_type application/octet-stream;
  client_body_temp_path ${folder}/tmp/body;
  proxy_temp_path ${folder}/tmp/proxy;
  fastcgi_temp_path ${folder}/tmp/fastcgi;
  uwsgi_temp_path ${folder}/tmp/uwsgi;
  scgi_temp_path ${folder}/tmp/scgi;
  server {
    listen 127.0.0.1:${ports.h2c} http2;
    listen 127.0.0.1:${ports.https} ssl http2;
    server_name localhost;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    root ${folder}/www;
  }
}
`,
  }),
  args: ({ folder }) => ['-e', 'stderr', '-p', folder, '-c', `${folder}/nginx.conf`],
  // Before it has a worker, a signal would find it without handlers.
  ready: [{ log: /start worker process \d/ }],
  resources: FILES,
  crash: { pattern: /worker process \d+ exited on signal \d+.*/ },
}
