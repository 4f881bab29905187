import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedger, type Fate } from '../../src/ledger/ledger.ts';

type Reason = 'network' | 'overloaded';

const fates = fc.constantFrom<Fate<Reason>>(
  'delivered',
  'filtered',
  'sampled-out',
  'spooled',
  { dropped: 'network' },
  { dropped: 'overloaded' },
);

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('open' as const), count: fc.nat(20) }),
    fc.record({ do: fc.constant('setFate' as const), account: fc.nat(5), fate: fates, count: fc.nat(25) }),
    fc.record({ do: fc.constant('close' as const), account: fc.nat(5) }),
    fc.record({ do: fc.constant('unspool' as const), count: fc.nat(25), isDelivered: fc.boolean() }),
  ),
  { maxLength: 60 },
);

describe('the ledger', () => {
  it('has every span in exactly one place, whatever happens', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const moves = { new: 0, 'in-flight': 0, spooled: 0, delivered: 0, lost: 0, left: 0 };
        const ledger = createLedger<Reason>((count, from, to) => {
          moves[from] -= count;
          const place =
            typeof to === 'object' ? 'lost' : to === 'filtered' || to === 'sampled-out' ? 'left' : to;
          moves[place] += count;
        });
        const accounts = [ledger.open(0)];
        let seen = 0;
        for (const step of all) {
          switch (step.do) {
            case 'open':
              accounts.push(ledger.open(step.count));
              seen += step.count;
              break;
            case 'setFate':
              accounts[step.account % accounts.length]?.setFate(step.fate, step.count);
              break;
            case 'close':
              accounts[step.account % accounts.length]?.close('network');
              break;
            case 'unspool':
              ledger.unspool(step.isDelivered ? 'delivered' : { dropped: 'network' }, step.count);
          }
          const counts = ledger.counts();
          const { delivered, filtered, sampledOut, dropped, spooled, inFlight, droppedByReason } = counts;
          expect(counts.seen).toBe(seen);
          expect(delivered + filtered + sampledOut + dropped + spooled + inFlight).toBe(seen);
          for (const count of [delivered, filtered, sampledOut, dropped, spooled, inFlight]) {
            expect(count).toBeGreaterThanOrEqual(0);
          }
          expect(Object.values(droppedByReason).reduce((sum, count) => sum + count, 0)).toBe(dropped);
          // What observers were given comes to the same.
          expect(moves).toEqual({
            new: 0 - seen,
            'in-flight': inFlight,
            spooled,
            delivered,
            lost: dropped,
            left: filtered + sampledOut,
          });
        }
        for (const account of accounts) account.close('network');
        expect(ledger.counts().inFlight).toBe(0);
      }),
    );
  });

  it('knows what was spooled and sent before it learnt of the former', () => {
    const ledger = createLedger<Reason>();
    const account = ledger.open(5);
    ledger.unspool('delivered', 2);
    ledger.unspool({ dropped: 'network' }, 1);
    expect(ledger.counts()).toMatchObject({ inFlight: 5, spooled: 0, delivered: 0, dropped: 0 });
    account.setFate('spooled', 4);
    expect(ledger.counts()).toMatchObject({ inFlight: 1, spooled: 1, delivered: 2, dropped: 1 });
    account.setFate('delivered');
    expect(ledger.counts()).toMatchObject({ inFlight: 0, spooled: 1, delivered: 3, dropped: 1 });
  });

  it('says what one account lost, and whether all of it is done', () => {
    const ledger = createLedger<Reason>();
    const account = ledger.open(5);
    account.setFate('delivered', 2);
    expect(account.isClean()).toBe(true);
    account.setFate('spooled');
    expect(account.isClean()).toBe(false);
    account.close('overloaded');
    expect([...account.dropped()]).toEqual([['overloaded', 2]]);
    expect([...ledger.open(1).dropped()]).toEqual([]);
  });

  it('counts the ends of what another instance had spooled, and nowhere else', () => {
    const moves: string[] = [];
    const ledger = createLedger<Reason>((_count, _from, to) => moves.push(String(to)));
    ledger.open(2).setFate('spooled', 2);
    const before = ledger.counts();
    ledger.recover('delivered', 3);
    ledger.recover({ dropped: 'network' }, 4);
    expect(ledger.recovered()).toEqual({ delivered: 3, dropped: 4 });
    expect(ledger.counts()).toEqual(before);
    expect(moves).toEqual(['in-flight', 'spooled']);
  });
});
