// Upstream: apiserver/pkg/admission/plugin/policy/mutating/patch (the types Object and JSONPatch of its expressions)

/** A quoted text, raw or not, of one line or of many: nothing in it is looked at. */
const quoted = /^[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/;
const messageStart = /^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)\s*\{/;
const fieldStart = /^\s*(?:`([^`]*)`|([A-Za-z_]\w*))\s*:/;

/**
 * Rewrites the construction of messages, which cel-js does not read (`Object.spec{replicas: 3}`), as that of maps
 * with the fields as keys (`dyn({"replicas": dyn(3)})`). An expression without them comes back as it is.
 */
export function rewriteMessages(text: string): string {
  let result = '';
  // What closes each brace or bracket that is open: messages close with the parenthesis of their `dyn`.
  const open: { readonly isMessage: boolean; readonly brace: string }[] = [];
  let at = 0;
  const take = (length: number, replacement = text.slice(at, at + length)) => {
    result += replacement;
    at += length;
  };
  const beginField = () => {
    const field = fieldStart.exec(text.slice(at));
    if (field !== null) take(field[0].length, `${JSON.stringify(field[1] ?? field[2])}: dyn(`);
    return field !== null;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const literal = quoted.exec(rest);
    const isWordBefore = /[\w.]$/.test(text.slice(0, at));
    const message = isWordBefore ? null : messageStart.exec(rest);
    const char = rest[0]!;
    const top = open.at(-1);
    if (literal !== null && !isWordBefore) take(literal[0].length);
    else if (message !== null) {
      take(message[0].length, 'dyn({');
      open.push({ isMessage: beginField(), brace: '})' });
    } else if ('([{'.includes(char)) {
      open.push({ isMessage: false, brace: char });
      take(1);
    } else if (')]}'.includes(char)) {
      open.pop();
      take(1, char === '}' && top?.brace === '})' ? `${top.isMessage ? ')' : ''}})` : char);
    } else if (char === ',' && top?.isMessage) {
      take(1, '),');
      // A comma may stand after the last field.
      if (!beginField()) open[open.length - 1] = { isMessage: false, brace: '})' };
    } else take(1);
  }
  return result;
}
