import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { runCampaign } from '../fuzz/campaign/campaign.ts'
import { CannotBegin } from '../fuzz/campaign/cannot-begin.ts'
import { CampaignError, type KeptFind, stands } from '../fuzz/campaign/folder.ts'
import type { Ending, Status } from '../fuzz/campaign/status.ts'
import { unbegun } from '../fuzz/campaign/unbegun.ts'
import { briefly, durationOf } from './duration.ts'
import { campaignOn, campaignPath, settingsOf, WORKER } from './fuzz/campaign.ts'
import { minimiseCases, replayCase } from './fuzz/cases.ts'
import { FindNews, groupLines } from './fuzz/find-lines.ts'
import { importInputs } from './fuzz/import.ts'
import { fuzzNight } from './fuzz/night.ts'
import { pruneCampaign } from './fuzz/prune.ts'
import { reportCampaign } from './fuzz/report.ts'
import { endLines, FuzzScreen } from './fuzz/screen.ts'
import { stopBySignal } from './fuzz/stop.ts'
import { takesPieces, targetNamed } from './fuzz/targets.ts'
import type { Command, Given } from './options.ts'
import { UsageError } from './options.ts'
import { err, out } from './terminal.ts'

/** What can be done with a campaign besides going on with it. */
const ACTIONS: Readonly<Record<string, (given: Given) => Promise<number>>> = {
  replay: replayCase,
  minimise: minimiseCases,
  prune: pruneCampaign,
  report: reportCampaign,
  import: importInputs,
  night: fuzzNight,
  // What it takes to work with others is not even loaded before it is asked for.
  worker: async given => (await import('./fuzz/queue-worker.ts')).queueWorker(given),
}

export const fuzz: Command = {
  name: 'fuzz',
  usage: '<target> | <action> ... [options]',
  about: 'Looks for inputs that break a codec, a machine, any decoder, or a server.',
  more: [
    'A campaign is a folder: what it found, the inputs worth keeping, a log. It goes on where it was, however it ended; several may share one folder.',
    'fuzz replay CASE... tries a find, or a file with the name of a target, once more, or every find and regression in folders. fuzz minimise CASE|CAMPAIGN makes inputs smaller. fuzz prune CAMPAIGN sets aside what smaller inputs show too. fuzz report CAMPAIGN tells what was found. fuzz import FROM TARGET takes inputs from a folder or a capture.',
    'fuzz night tries every target of the catalogue in turns, most time for what still finds, and goes on where it was the next time.',
    'server:NAME starts a real server (wiregrade list targets), one for each worker, and watches it: its end, a hang, what sanitizers report, memory and descriptors that grow. server:NAME/SCHEME reaches it by https, say. url:ADDRESS is one that runs already; where that is not this machine --mine says that it is yours, and it is asked no more than 20 times a second. A find lies beside the sessions before it, and replay.mjs, which does the same with Node alone: node replay.mjs HOST PORT.',
    'property:FILE#EXPORT is a property of fast-check, whose values are invented from inputs: what they reach in the code guides them. Each of our codecs has one too (property:NAME).',
    'diff:A,B... gives the same to several and finds where they disagree: codecs (codec:NAME) and decoders (module:FILE#EXPORT) in what they accept and what they make of it, as plain data; servers (server:NAME, url:ADDRESS) of one protocol in what they answer. --known is a JSON array of { "disagreement", "reason" }: the name of one as a find tells it, in which * stands for anything; suites/dns/fuzz-known.json and suites/http2/fuzz-known.json are such files.',
    'On many machines: fuzz TARGET --queue redis://HOST:6379 searches by slices, which are done by fuzz worker --queue redis://HOST:6379, started wherever the same target lies, in the same place below the working folder, files that it is told of too (--known, --program); of server:NAME each starts its own. Whoever is killed loses nothing; its slice is done again by another. Redis forgets a campaign 30 days after anybody worked on it, folders never do. fuzz prune and fuzz minimise take --queue too. It needs Redis, and npm install bullmq ioredis. Who can write to that Redis decides what workers run.',
    'Exit status: 1 when something was found; 2 when it could not begin, a server did not come back, or nobody has worked for a queue.',
  ],
  options: {
    campaign: { value: 'DIR', about: 'The folder, instead of .campaigns/<target>.' },
    time: { value: 'TIME', about: 'End after so long: 90s, 30m, 8h.' },
    'until-quiet': { value: 'TIME', about: 'End when nothing new has come for so long.' },
    runs: { value: 'N', about: 'End after so many runs.' },
    workers: { value: 'N', about: 'How many; one for each core unless said.' },
    campaigns: {
      value: 'DIR',
      about: 'night, worker: the folder of them all, instead of .campaigns/night or .campaigns.',
    },
    only: { value: 'GLOB', about: 'night: of the catalogue only these, such as codec:dns/*.' },
    with: { value: 'TARGET', many: true, about: 'night: this one too, such as module:./decode.ts#decode.' },
    queue: { value: 'URL', about: 'Work is done by fuzz workers: redis://:PASSWORD@HOST:6379, or rediss:// for TLS.' },
    slice: { value: 'TIME', about: 'With --queue: how much one worker takes at once, instead of 60s.' },
    seed: { value: 'N', about: 'With one worker and an empty folder: do the same again.' },
    allow: { value: 'NAME', many: true, about: 'An error of this name is a refusal, and no find.' },
    compare: { value: 'WHAT', about: 'diff: accept, or value too; value unless said.' },
    program: { value: 'FILE', about: 'server: run this in place of the one installed, built with sanitizers perhaps.' },
    mine: { about: 'url: the server is not on this machine, and yours to fuzz.' },
    known: { value: 'FILE', about: 'diff: disagreements that are none to act upon, and why.' },
    regressions: { value: 'DIR', about: 'Where finds are written as regressions, to be replayed.' },
    sarif: { value: 'FILE', about: 'report: write SARIF 2.1.0; - is standard output.' },
    html: { value: 'FILE', about: 'report: write a page with pictures; - is standard output.' },
    json: { value: 'FILE', about: 'report, night: write JSON; - is standard output.' },
  },
  words: [1, 10_000],
  examples: [
    ['fuzz codec:dns/message --time 8h', 'over night, with all cores'],
    ['fuzz night --time 8h', 'everything, in turns'],
    ['fuzz module:./decode.ts#decode --allow SyntaxError --until-quiet 5m', 'a decoder of your own'],
    ['fuzz server:bind9 --time 10m --workers 2', 'a real server'],
    ['fuzz url:h2c://127.0.0.1:8080 --until-quiet 5m', 'whatever listens there'],
    ['fuzz diff:codec:dns/message,module:./other.mjs#decode --time 5m', 'where two decoders disagree'],
    ['fuzz codec:dns/message --queue redis://10.0.0.1 --time 8h', 'on all machines that have joined'],
    ['fuzz worker --queue redis://10.0.0.1', 'joins, until it is stopped'],
    ['fuzz replay .campaigns/codec-dns-message/crashes/0123456789abcdef', 'one find'],
    ['fuzz replay vectors/regressions', 'all that once was found, in CI'],
    ['fuzz report .campaigns/codec-dns-message --sarif fuzz.sarif', 'all of them, for a code scanner'],
  ],
  run(given) {
    const [first = ''] = given.words
    const action = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined
    if (action) return action(given).catch(asUsage)
    if (given.words.length > 1) throw new UsageError(`fuzz: '${given.words[1]}' is too much; fuzz takes one target`)
    return campaign(given, first).catch(asUsage)
  },
}

/** Of a campaign that found nothing. */
const STATUS: Readonly<Partial<Record<Ending['why'], number>>> = { gone: 2, nobody: 2, stopped: 130 }

function asUsage(thrown: unknown): never {
  if (thrown instanceof CampaignError || thrown instanceof CannotBegin) throw new UsageError(`fuzz: ${thrown.message}`)
  throw thrown
}

async function campaign(given: Given, name: string): Promise<number> {
  const target = targetNamed(name, { allow: given.all('allow'), settings: settingsOf(given) })
  const time = given.text('time')
  const quiet = given.text('until-quiet')
  const limits = {
    time: time === undefined ? undefined : durationOf('fuzz: --time', time),
    untilQuiet: quiet === undefined ? undefined : durationOf('fuzz: --until-quiet', quiet),
    runs: given.count('runs', { least: 1, most: 1e12 }),
  }
  const workers = given.count('workers', { least: 1, most: 256 }) ?? availableParallelism()
  const seed = given.count('seed', { least: 0, most: 0x7fffffff }) ?? Date.now() % 1_000_000
  const place = unbegun(campaignPath(given, target.name))
  const folder = campaignOn(given, target.name)
  const display = new FuzzScreen()
  const news = new FindNews(given)
  const by = given.has('queue') ? 'workers that have joined' : `workers ${workers}`
  const until = limits.time === undefined ? '' : `, for ${briefly(limits.time)}`
  err.line(`fuzz ${target.name}: seed ${seed}, ${by}${until}, in ${relative('', folder.path)}`)
  const stopping = stopBySignal(line => display.say(line))
  const pieces = takesPieces(target.name)
  try {
    const campaign = {
      folder,
      seed,
      ...limits,
      signal: stopping.signal,
      onStatus: (status: Status) => display.show(status),
      onFind: (find: KeptFind) => {
        const told = news.of(find, folder.path)
        if (told !== undefined) display.say(told)
      },
    }
    const ending = given.has('queue')
      ? await (await import('./fuzz/queue.ts')).queueCampaign(given, { ...campaign, say: line => display.say(line) })
      : await runCampaign({ ...campaign, entry: WORKER, workers, pieces })
    display.clear()
    const finds = folder.finds().filter(stands)
    for (const line of groupLines(finds).flat()) out.line(line)
    for (const line of endLines(ending, folder.path)) out.line(line)
    if (folder.known > 0)
      out.line(`${folder.known} known, and no finds: in ${relative('', join(folder.path, 'known'))}`)
    return finds.length > 0 ? 1 : (STATUS[ending.why] ?? 0)
  } catch (thrown) {
    if (thrown instanceof CannotBegin || thrown instanceof UsageError) place.takeAway()
    throw thrown
  } finally {
    display.clear()
    stopping.done()
  }
}
