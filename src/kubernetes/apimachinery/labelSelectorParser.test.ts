import { expect, test } from 'vitest';
import { parseSelector } from './labelSelectorParser.ts';

test.each([
  ['', ''],
  ['x=a,y=b,z=c', 'x=a,y=b,z=c'],
  ['x!=a,y=b', 'x!=a,y=b'],
  ['x=', 'x='],
  ['x= ,z= ', 'x=,z='],
  ['!x', '!x'],
  ['x>1,z<5', 'x>1,z<5'],
  ['a=x,x=a', 'a=x,x=a'],
  ['x=a,a=x', 'a=x,x=a'],
  ['x==a', 'x==a'],
  ['\rx', 'x'],
  ['this-is-a-dns.domain.com/key-with-dash', 'this-is-a-dns.domain.com/key-with-dash'],
  [
    '0.1.2.domain/99 notin (10.10.100.1, tick.tack.clock)',
    '0.1.2.domain/99 notin (10.10.100.1,tick.tack.clock)',
  ],
  ['foo  in\t (abc)', 'foo in (abc)'],
  ['x  notin\t\t\t(def,abc)', 'x notin (abc,def)'],
  ['x in (abc,)', 'x in (,abc)'],
  ['x in (abc,,def)', 'x in (,abc,def)'],
  ['x in (,)', 'x in ()'],
  ['x in ()', 'x in ()'],
  ['x notin (abc,def),bar,z in (),w', 'bar,w,x notin (abc,def),z in ()'],
  ['x,y in (a)', 'x,y in (a)'],
  ['x notin (, a)', 'x notin (,a)'],
  ['a ', 'a'],
  ['a in (x,y,notin, z,in)', 'a in (in,notin,x,y,z)'],
  ['in in (in)', 'in in (in)'],
])('%j reads as %j', (text, canonical) => {
  const selector = parseSelector(text);
  expect(selector.toString()).toBe(canonical);
  expect(parseSelector(text)).toBe(selector);
  expect(parseSelector(canonical).toString()).toBe(canonical);
});

const operators = 'in, notin, =, ==, !=, gt, lt';
const key =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const integer = "for 'Gt', 'Lt' operators, the value must be an integer";

test.each([
  ['x=a y=b', `found 'y', expected: ',' or 'end of string'`],
  ['x==a==b', `found '==', expected: ',' or 'end of string'`],
  ['!x=a', `found '=', expected: ',' or 'end of string'`],
  ['!x in (a)', `found 'in', expected: ',' or 'end of string'`],
  ['x<a', `unable to parse requirement: values[0]: Invalid value: "a": ${integer}`],
  ['x>', `unable to parse requirement: values[0]: Invalid value: "": ${integer}`],
  [
    'x>99999999999999999999',
    `unable to parse requirement: values[0]: Invalid value: "99999999999999999999": ${integer}`,
  ],
  [',x,y', `found ',', expected: !, identifier, or 'end of string'`],
  ['x nott in (y)', `unable to parse requirement: found 'nott', expected: ${operators}`],
  ['a in (xyz),', `found '', expected: identifier after ','`],
  ['a in (xyz)b notin ()', `found 'b', expected: ',' or 'end of string'`],
  ['a in (xyz abc)', `unable to parse requirement: found 'abc', expected: ',' or ')'`],
  ['a in (xyz', `unable to parse requirement: found '', expected: ',' or ')'`],
  ['a in (b,=)', `unable to parse requirement: found '=', expected: ',', or identifier`],
  ['a in b', `unable to parse requirement: found 'b' expected: '('`],
  ['a notin(', `unable to parse requirement: found '', expected: ',', ')' or identifier`],
  ['a (', `unable to parse requirement: found '(', expected: ${operators}`],
  ['a=(', `unable to parse requirement: found '(', expected: identifier`],
  ['(', `found '(', expected: !, identifier, or 'end of string'`],
  ['!', `unable to parse requirement: found '', expected: identifier`],
  ['a*', `unable to parse requirement: <nil>: Invalid value: "a*": name part ${key}`],
  [
    'a=b*',
    `unable to parse requirement: values[0][a]: Invalid value: "b*": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  ],
])('%j is refused', (text, message) => {
  expect(() => parseSelector(text)).toThrow(expect.objectContaining({ reason: 'BadRequest', message }));
});
