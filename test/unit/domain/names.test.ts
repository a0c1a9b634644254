import fc from 'fast-check';
import { bounded, sha256Hex } from '../../../src/domain/names';
import { keyword } from '../../../src/workflows/contract/search-attributes';
import { laneId, promotionId } from '../../../src/workflows/contract/ids';
import { promotionBranch } from '../../../src/domain/promotion/promotion-branch-name';
import { summaryText } from '../../../src/workflows/contract/summary';

const pipeline = { namespace: 'apps', name: 'shop' };
const identity = '0123456789abcdef'.repeat(4);
const bytes = (text: string) => Buffer.byteLength(text);
const anyText = fc.string({ unit: 'grapheme', maxLength: 400 });

describe('a bounded text', () => {
  it('is itself where it fits', () => {
    expect(bounded('x'.repeat(20), 20)).toBe('x'.repeat(20));
  });

  it('keeps its head and ends in a hash of the whole where it does not fit', () => {
    const text = 'x'.repeat(21);
    expect(bounded(text, 20)).toBe(`${'x'.repeat(7)}-${sha256Hex(text).slice(0, 12)}`);
  });

  it('never exceeds its bytes and never holds half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 13, max: 300 }), (text, max) => {
        const result = bounded(text, max);
        expect(bytes(result)).toBeLessThanOrEqual(max);
        expect(Buffer.from(result).toString()).toBe(result);
      }),
    );
  });

  it('tells two long texts apart that differ at their end only', () => {
    expect(bounded(`${'é'.repeat(300)}1`, 255)).not.toBe(bounded(`${'é'.repeat(300)}2`, 255));
  });
});

describe('workflow ids', () => {
  it('name pipeline and environment', () => {
    expect(laneId(pipeline, 'prod')).toBe('lane/apps/shop/prod');
    expect(promotionId(pipeline, 'prod', '1.2.3', identity)).toBe(
      'promotion/apps/shop/prod/1.2.3/0123456789ab',
    );
  });

  it('stay below what Temporal takes, with the identity always readable at the end', () => {
    fc.assert(
      fc.property(anyText, anyText, (environment, version) => {
        const long = { namespace: 'n'.repeat(63), name: 'p'.repeat(253) };
        expect(bytes(laneId(long, environment))).toBeLessThanOrEqual(1_000);
        const id = promotionId(long, environment, version, identity);
        expect(bytes(id)).toBeLessThanOrEqual(1_000);
        expect(id.endsWith('/0123456789ab')).toBe(true);
      }),
    );
  });
});

describe('the promotion branch', () => {
  it('is named as in the original', () => {
    expect(promotionBranch(pipeline, 'prod')).toBe('promotion-apps-shop-prod');
  });

  it.each(['a b', 'a..b', 'a~b', 'a:b', 'a.lock', 'a.', 'a@{b', 'a\\b', 'prod/eu', 'Ünder'])(
    'of %p is one that Git takes',
    (environment) => {
      expect(promotionBranch(pipeline, environment)).toMatch(
        /^promotion-apps-shop-[A-Za-z0-9._-]+-[0-9a-f]{12}$/,
      );
    },
  );

  it('obeys git-check-ref-format for any environment', () => {
    fc.assert(
      fc.property(anyText, (environment) => {
        const branch = promotionBranch(pipeline, environment);
        expect(branch).toMatch(/^promotion-[A-Za-z0-9._-]+$/);
        expect(branch).not.toMatch(/\.\.|\.lock$|\.$/);
        expect(bytes(branch)).toBeLessThanOrEqual(240);
      }),
    );
  });

  it('differs for environments that differ only in characters which Git refuses', () => {
    const branches = ['a b', 'a:b', 'a~b', 'a-b'].map((environment) =>
      promotionBranch(pipeline, environment),
    );
    expect(new Set(branches).size).toBe(4);
  });
});

it('a search attribute fits into what SQL visibility stores', () => {
  expect(keyword('apps/shop')).toBe('apps/shop');
  expect(keyword('é'.repeat(255))).toMatch(/^é+-[0-9a-f]{12}$/);
  expect(bytes(keyword('é'.repeat(255)))).toBeLessThanOrEqual(255);
});

it('sha256Hex is SHA-256 of the UTF-8 bytes', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('a summary fits what Temporal takes, as the JSON that it becomes', () => {
  expect(summaryText('apps/shop: promotions into prod')).toBe('apps/shop: promotions into prod');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 300, maxLength: 800 }), (text) => {
      expect(bytes(summaryText(text))).toBeLessThanOrEqual(300);
    }),
  );
});
