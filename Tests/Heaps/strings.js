'use strict';
// Strings by how V8 keeps them: sequential, concatenated, sliced, external, internalized; and what DevTools counts as duplicates.
const { cannot, snapshot } = require('./support/snapshot');

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
// Made at run time, so that V8 has no one copy of it.
const fresh = (text) => Buffer.from(text, 'utf8').toString('utf8');
const freshUtf16 = (text) => Buffer.from(text, 'utf16le').toString('utf16le');
const flattened = (text) => { text.charCodeAt(0); /x/.test(text); return text; };

const base = 'the quick brown fox jumps over the lazy dog';
const odd = ['', ' ', '\0', '\n\r\t\b\f\v', '\x1b[31m', '"', '\\', '</script>', '\u2028\u2029', '\u202e', '\ufeff', '\ufffd', '\uffff', 'é', 'ÿ', 'Ā',
  '日本語', '😀', '👩‍👩‍👧‍👦', '\ud83d', '\ude00', '\ude00\ud83d', 'a\ud83d', '\ud83db', '\ud83d😀', '\\ud83d', '\\n', '(string)', '(cut)', '...'];
// V8 writes 1024 characters of a string (which Node since 22 may tell), so that longer ones of the same beginning look alike.
const lengths = [1, 2, 12, 13, 255, 256, 1022, 1023, 1024, 1025, 1026, 2000, 2048, 5000, 70_000];

const held = {
  duplicates: times(500, (i) => fresh(`duplicate ${i % 25}`)),
  singles: times(200, (i) => fresh(`single ${i}`)),
  odd: odd.flatMap((text) => times(4, () => freshUtf16(text))),
  oddWithin: odd.flatMap((text) => times(3, () => freshUtf16(`before ${text} after`))),
  byLength: lengths.flatMap((length) => times(3, () => fresh('l'.repeat(length)))),
  wideByLength: lengths.flatMap((length) => times(3, () => freshUtf16('語'.repeat(length)))),
  // Alike as far as a snapshot shows them, of the same length and of others.
  sameBeginning: times(12, (i) => fresh(`${'b'.repeat(1500)}${'e'.repeat(i % 4)}${i % 2}`)),
  wideSameBeginning: times(12, (i) => freshUtf16(`${'語'.repeat(1500)}${i % 3}`)),
  surrogateAtTheCut: times(6, (i) => freshUtf16(`${'s'.repeat(1018 + i)}${'😀'.repeat(20)}`)),
  concatenated: times(300, (i) => `concatenated with a long enough beginning ${i % 30}` + fresh(' and an end')),
  // Equal to plain ones.
  concatenatedTwins: times(50, (i) => [fresh(`twin ${i % 5} of some length`), `twin ${i % 5} ` + fresh('of some length')]),
  deep: times(3000, (i) => i).reduce((text, i) => text + `,${i}`, 'a rope: '),
  leftDeep: times(500, (i) => i).reduce((text, i) => `${i},` + text, 'a rope to the left'),
  balanced: times(10, () => 0).reduce((text) => text + text, 'one sixteen chars'),
  wideConcatenated: times(50, (i) => fresh('日本語の文字列である') + `number ${i % 5} and more`),
  flattened: times(100, (i) => flattened(fresh('this one was concatenated ') + `and then flattened ${i % 10}`)),
  sliced: times(200, (i) => fresh(`${base} ${i}`).slice(4, 40)),
  slicesOfOne: (() => { const whole = fresh(base.repeat(50)); return times(43, (i) => whole.slice(i, i + 60)); })(),
  slicedTwins: times(50, () => [fresh(base).slice(3, 33), fresh(base.slice(3, 33))]),
  external: times(5, () => Buffer.alloc(1_200_000, 'external').toString('latin1')),
  wideExternal: times(2, () => Buffer.alloc(2_400_000, '語', 'utf16le').toString('utf16le')),
  keys: times(300, (i) => ({ [fresh(`computed key ${i}`)]: fresh(`duplicate ${i % 25}`) })),
  numbersAsText: times(300, (i) => String(i % 100)),
  templates: times(20, (i) => ((parts) => parts)`template ${i} of text`),
  names: times(20, (i) => ({ [`method ${i}`]() {} })),
};
if (held.deep.length < 10_000) cannot('the strings are not as this program wants them');

const change = (held) => {
  held.duplicates.length = 100;
  held.added = times(200, (i) => fresh(`added ${i % 20}`));
  flattened(held.deep);
};
snapshot(held, { change });
