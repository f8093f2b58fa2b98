import { describe, expect, it } from 'vitest'
import { serverAddress } from './address.ts'
import { glob } from './glob.ts'
import { didYouMean, nearest } from './nearest.ts'
import type { Command } from './options.ts'
import { headerField, parse, UsageError } from './options.ts'

const command = {
  name: 'try',
  usage: '<what> [options]',
  words: [1, 2],
  options: {
    port: { value: 'N', about: 'a number' },
    ignore: { value: 'RULE', many: true, about: 'a list' },
    role: { value: 'ROLE', about: 'a choice' },
    tls: { about: 'a switch' },
  },
} satisfies Pick<Command, 'name' | 'usage' | 'words' | 'options'>

function wrong(...args: string[]): string {
  try {
    const given = parse(command, args)
    given.count('port', { least: 0, most: 65535 })
    given.choice('role', ['server', 'client'])
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as Error).message).not.toContain('\n')
    return (thrown as Error).message
  }
  throw new Error(`nothing is wrong with ${args.join(' ')}`)
}

describe('options', () => {
  it('are read wherever they stand', () => {
    const given = parse(command, ['--port', '80', 'a', '--ignore=x', '--tls', 'b', '--ignore', 'y'])
    expect(given.words).toEqual(['a', 'b'])
    expect(given.count('port', { least: 0, most: 65535 })).toBe(80)
    expect(given.all('ignore')).toEqual(['x', 'y'])
    expect(given.has('tls')).toBe(true)
    expect(given.choice('role', ['server', 'client'])).toBeUndefined()
  })

  it('take a lone - and what stands after -- as words', () => {
    expect(parse(command, ['-']).words).toEqual(['-'])
    expect(parse(command, ['--', '--port']).words).toEqual(['--port'])
  })

  it('ask for no words when help is wanted', () => {
    expect(parse(command, ['-h']).has('help')).toBe(true)
    expect(parse(command, ['--help']).has('help')).toBe(true)
  })

  it.each([
    [['a', '--prot', '1'], "try: no option '--prot'; did you mean '--port'?"],
    [['a', '--zzzzzz'], "try: no option '--zzzzzz'"],
    [['a', '--constructor'], "try: no option '--constructor'"],
    [['a', '-x'], "try: no option '-x'"],
    [['a', '--port'], 'try: --port wants N'],
    [['a', '--port', '--tls'], "try: --port wants N, and '--tls' is another option (--port=--tls if you mean it)"],
    [['a', '--port', '1', '--port', '2'], 'try: --port is given twice'],
    [['a', '--tls=yes'], 'try: --tls takes no value'],
    [['a', '--port', '-1'], "try: --port is a whole number from 0 to 65535, not '-1'"],
    [['a', '--port', '1e3'], "try: --port is a whole number from 0 to 65535, not '1e3'"],
    [['a', '--port', '65536'], "try: --port is a whole number from 0 to 65535, not '65536'"],
    [['a', '--port='], "try: --port is a whole number from 0 to 65535, not ''"],
    [['a', '--role', 'sever'], "try: --role is server or client, not 'sever'; did you mean 'server'?"],
    [[], 'try: too little is given; usage: wiregrade try <what> [options]'],
    [['a', 'b', 'c'], "try: 'c' is too much; usage: wiregrade try <what> [options]"],
  ])('%j is refused in one line', (args, message) => {
    expect(wrong(...args)).toBe(message)
  })

  it('reads header fields, names in lower case', () => {
    expect(headerField('X-Token: a:b')).toEqual(['x-token', 'a:b'])
    expect(headerField('accept=*/*')).toEqual(['accept', '*/*'])
    expect(() => headerField('nothing')).toThrow(UsageError)
  })
})

describe('nearest', () => {
  it.each([
    ['grad', 'grade'],
    ['gradee', 'grade'],
    ['garde', 'grade'],
    ['SERVE', 'serve'],
    ['cas', 'cases'],
    ['vec', 'vectors'],
  ])('%s is meant for %s', (typed, meant) => {
    expect(nearest(typed, ['grade', 'serve', 'cases', 'vectors'])).toBe(meant)
  })

  it('suggests nothing where nothing is near', () => {
    expect(didYouMean('quux', ['grade', 'serve'])).toBe('')
  })
})

describe('glob', () => {
  const id = 'rfc9113/6.5/settings-ack-empty/a-settings-ack-carries-one-octet'
  it.each([
    id,
    'rfc9113/6.5/*',
    '*settings-ack*',
    'rfc9113/6.5',
    'settings-ack-empty',
    'a-settings-ack-carries-one-octet',
    'rfc{7541,9113}/6.?/*',
  ])('%s matches', pattern => {
    expect(glob(pattern)(id)).toBe(true)
  })
  it.each(['rfc9113/6.5.2', 'rfc9113/6x5/*', 'rfc9113/6', 'settings-ack', '*ack', '[a]*'])('%s does not', pattern => {
    expect(glob(pattern)(id)).toBe(false)
  })
})

describe('the address of a server', () => {
  it.each([
    ['h2c://127.0.0.1:8080', { host: '127.0.0.1', port: 8080, authority: '127.0.0.1:8080', secure: false }],
    ['https://example.org', { host: 'example.org', port: 443, authority: 'example.org', secure: true }],
    ['https://[::1]:8443/a?b', { host: '::1', port: 8443, authority: '[::1]:8443', secure: true, path: '/a?b' }],
    ['h2c://localhost', { host: 'localhost', port: 80, authority: 'localhost', secure: false }],
    ['h2c://localhost:443', { port: 443, authority: 'localhost:443' }],
    ['dns://127.0.0.1', { url: 'dns://127.0.0.1:53', scheme: 'dns', port: 53, authority: '127.0.0.1', secure: false }],
    ['dns://[::1]:5300/example.org', { host: '::1', port: 5300, zone: 'example.org.' }],
    ['dns://localhost/a%20b.test.', { zone: 'a\\032b.test.' }],
    ['DNS://localhost:443', { scheme: 'dns', port: 443 }],
    ['tls+dns://example.org', { scheme: 'tls+dns', port: 853, authority: 'example.org', secure: true }],
    ['tls+dns://example.org/test', { zone: 'test.' }],
    ['https+dns://example.org', { scheme: 'https+dns', port: 443, authority: 'example.org', secure: true }],
    ['https+dns://example.org:8443/ask?x=1', { port: 8443, path: '/ask?x=1' }],
  ])('%s', (typed, address) => {
    expect(serverAddress(typed)).toMatchObject(address)
  })

  it('leaves out what was not asked for', () => {
    expect(Object.keys(serverAddress('https://localhost/'))).not.toContain('path')
    expect(Object.keys(serverAddress('https+dns://localhost/'))).not.toContain('path')
    expect(Object.keys(serverAddress('dns://localhost/'))).not.toContain('zone')
  })

  it.each([
    ['http://127.0.0.1:80', /HTTP\/1\.1, which is not there yet.*h2c:\/\/127\.0\.0\.1:80$/],
    ['127.0.0.1:80', /no scheme; give h2c:\/\/127\.0\.0\.1:80/],
    ['h2s://localhost', /nothing grades h2s:\/\/; did you mean 'h2c'\?/],
    ['https://', /is not a URL/],
    ['h2c://localhost:99999', /is not a URL/],
    ['https://a:b@localhost', /user name, which has no place in HTTP\/2 over TLS; use --header/],
    ['dns://a@localhost', /user name, which has no place in DNS over UDP and TCP$/],
    ['doh://localhost', /nothing grades doh:\/\/; did you mean 'https\+dns'\?/],
    ['dns://localhost/a..b', /the zone in the URL is no name: an empty label in 'a\.\.b'/],
    ['dns://localhost/%ff%', /'%ff%' is not percent-encoded UTF-8/],
  ])('%s is refused', (typed, message) => {
    expect(() => serverAddress(typed)).toThrow(message)
    expect(() => serverAddress(typed)).toThrow(UsageError)
  })
})
