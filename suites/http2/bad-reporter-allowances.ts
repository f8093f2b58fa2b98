import { type Allowance, aside, flood, status } from './degenerate-allowance.ts'

/**
 * What conforming peers pass although they report an error badly in it: all other cases have to notice. A reason is what
 * makes the rule blind to that part of the report.
 */
export const reportedAnyway: Readonly<Record<'server' | 'client', readonly Allowance[]>> = {
  server: [
    {
      because: status,
      peers: ['gives bogus error codes'],
      cases: [
        'rfc9113/8.2.1/invalid-field-bad-request/a-request-has-a-line-feed-in-a-field-value',
        'rfc9113/8.2.1/invalid-field-bad-request/a-request-has-an-uppercase-field-name',
        'rfc9113/8.6/switching-protocols-not-sent/a-request-asks-for-a-websocket-in-the-way-of-http-1-1',
      ],
    },
    {
      because: aside,
      peers: ['gives a bogus last stream', 'closes without GOAWAY'],
      cases: [
        'rfc9113/3.4/preface-invalid/the-24-octets-are-followed-by-a-request',
        'rfc9113/3.4/preface-invalid/the-24-octets-are-followed-by-ping',
        'rfc9113/3.4/preface-invalid/two-of-the-24-octets-are-others',
      ],
    },
    {
      because: aside,
      peers: ['gives a bogus last stream', 'sends GOAWAY but never closes'],
      cases: ['rfc9113/6.9/unacceptable-frame-refused/content-goes-beyond-the-window-of-its-stream'],
    },
    {
      because: aside,
      peers: ['gives bogus error codes'],
      cases: [
        'rfc9113/4.3/discarded-field-block-decompressed/trailers-for-a-request-that-was-refused-fill-the-dynamic-table',
        'rfc9113/5.1/reset-stream-late-field-block/trailers-that-fill-the-dynamic-table-were-under-way-on-a-stream-that-it-has-reset',
        'rfc9113/5.1/reset-stream-late-frame/data-and-window-update-were-under-way-on-a-stream-that-it-has-reset',
        'rfc9113/5.1/reset-stream-late-frame/rst-stream-was-under-way-on-a-stream-that-it-has-reset',
        'rfc9113/5.4.2/one-reset-per-stream/data-go-on-coming-after-a-malformed-request',
        'rfc9113/5.4/one-error-reported/a-malformed-message-is-followed-by-a-second-section-without-end-stream',
        'rfc9113/6.4/reset-never-on-stream-zero/it-resets-the-stream-of-a-malformed-request',
        'rfc9113/6.9/connection-window-always-counted/content-follows-what-makes-the-server-reset-its-stream-until-the-window-of-the-connection-is-spent',
        'rfc9113/8.7/refused-only-unprocessed/data-comes-on-a-half-closed-stream-after-its-response-has-begun',
      ],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'gives a bogus last stream'],
      cases: ['rfc9113/5.4.1/close-after-error-goaway/a-ping-is-too-short-and-our-side-is-left-open'],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'gives a bogus last stream', 'sends GOAWAY but never closes'],
      cases: [
        'rfc9113/5.4.1/goaway-on-connection-error/a-ping-is-too-short',
        'rfc9113/5.4/one-connection-error-type/a-ping-that-is-too-short-one-on-a-stream-and-data-on-stream-0-come-at-once',
        'rfc9113/6.8/goaway-last-stream-never-grows/a-connection-error-comes',
        'rfc9113/6.8/goaway-last-stream-never-grows/a-connection-error-follows-goaway',
        'rfc9113/6.8/goaway-sent-on-stream-zero/a-connection-error-makes-it-send-goaway',
        'rfc9113/8.7/goaway-covers-processed/a-connection-error-follows-a-second-response',
      ],
    },
    {
      because: aside,
      peers: [
        'gives bogus error codes',
        'gives a bogus last stream',
        'sends GOAWAY but never closes',
        'closes without GOAWAY',
      ],
      cases: ['rfc9113/6.4/reset-never-on-idle/priority-of-a-wrong-length-comes-on-an-idle-stream'],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'sends GOAWAY but never closes'],
      cases: ['rfc9113/5.4.1/goaway-names-last-stream/a-ping-is-too-short-after-a-request-on-stream-3-was-answered'],
    },
  ],
  client: [
    {
      because: flood,
      peers: ['gives bogus error codes'],
      cases: ['wiregrade/10.5.1/survives-hpack-bomb/a-small-field-block-decodes-to-ten-megabytes-from-a-server'],
    },
    {
      because: flood,
      peers: [
        'gives bogus error codes',
        'gives a bogus last stream',
        'sends GOAWAY but never closes',
        'closes without GOAWAY',
      ],
      cases: [
        'wiregrade/10.5.1/survives-continuation-flood/a-field-block-goes-on-for-a-megabyte-of-continuation-from-a-server',
        'wiregrade/10.5/survives-empty-data-flood/a-thousand-empty-data-frames-come-on-a-stream-from-a-server',
        'wiregrade/10.5/survives-empty-headers-flood/a-field-block-goes-on-for-a-thousand-empty-continuation-frames-from-a-server',
        'wiregrade/10.5/survives-ping-flood/four-thousand-pings-come-at-once-from-a-server',
        'wiregrade/10.5/survives-push-flood/a-thousand-streams-are-promised-and-never-begin',
        'wiregrade/10.5/survives-settings-churn/settings-hold-one-setting-2700-times-from-a-server',
        'wiregrade/10.5/survives-settings-flood/a-thousand-settings-come-at-once-from-a-server',
        'wiregrade/10.5/survives-unknown-frame-flood/five-thousand-frames-of-an-unknown-type-come-at-once-from-a-server',
        'wiregrade/10.5/survives-window-update-flood/five-thousand-window-update-of-one-octet-come-at-once-from-a-server',
      ],
    },
    {
      because: aside,
      peers: ['gives a bogus last stream'],
      cases: [
        'rfc9113/3.4/preface-invalid/a-server-begins-with-a-response',
        'rfc9113/3.4/preface-invalid/a-server-begins-with-ping',
        'rfc9113/3.4/preface-invalid/a-server-begins-with-settings-ack',
      ],
    },
    {
      because: aside,
      peers: ['gives a bogus last stream', 'sends GOAWAY but never closes'],
      cases: ['rfc9113/6.9/unacceptable-frame-refused/content-goes-beyond-the-window-of-its-stream'],
    },
    {
      because: aside,
      peers: ['gives bogus error codes'],
      cases: [
        'rfc9113/5.1/reset-stream-late-frame/data-and-window-update-follow-a-response-that-it-refuses',
        'rfc9113/5.4.2/one-reset-per-stream/data-go-on-coming-after-a-malformed-response',
        'rfc9113/5.4/one-error-reported/a-malformed-message-is-followed-by-a-second-section-without-end-stream-from-a-server',
        'rfc9113/6.4/reset-never-on-stream-zero/a-response-is-malformed',
        'rfc9113/6.6/promise-on-reset-stream/push-promise-comes-on-the-stream-of-a-response-that-it-refuses',
        'rfc9113/6.9/connection-window-always-counted/content-comes-on-promised-streams-that-it-resets-until-the-window-of-the-connection-is-spent',
        'rfc9113/8.1.1/malformed-response-rejected/a-response-has-a-connection-field',
        'rfc9113/8.1.1/malformed-response-rejected/a-response-without-status-has-content',
      ],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'gives a bogus last stream'],
      cases: ['rfc9113/5.4.1/close-after-error-goaway/a-ping-is-too-short-and-our-side-is-left-open-from-a-server'],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'gives a bogus last stream', 'sends GOAWAY but never closes'],
      cases: [
        'rfc9113/5.4.1/goaway-on-connection-error/a-ping-is-too-short-from-a-server',
        'rfc9113/5.4/one-connection-error-type/a-ping-that-is-too-short-one-on-a-stream-and-data-on-stream-0-come-at-once-from-a-server',
        'rfc9113/6.8/goaway-last-stream-never-grows/a-connection-error-comes-from-a-server',
        'rfc9113/6.8/goaway-last-stream-never-grows/a-connection-error-follows-goaway-from-a-server',
        'rfc9113/6.8/goaway-sent-on-stream-zero/a-connection-error-makes-it-send-goaway-from-a-server',
      ],
    },
    {
      because: aside,
      peers: [
        'gives bogus error codes',
        'gives a bogus last stream',
        'sends GOAWAY but never closes',
        'closes without GOAWAY',
      ],
      cases: [
        'rfc9113/10.5/reserved-streams-limited/a-thousand-streams-are-promised-and-never-begin',
        'rfc9113/6.4/reset-never-on-idle/priority-of-a-wrong-length-comes-on-a-stream-that-it-has-not-opened-yet',
      ],
    },
    {
      because: aside,
      peers: ['gives bogus error codes', 'sends GOAWAY but never closes'],
      cases: ['rfc9113/5.4.1/goaway-names-last-stream/a-ping-is-too-short-before-anything-was-pushed'],
    },
  ],
}
