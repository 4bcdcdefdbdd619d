// Numbers and strings as people read them. What a heap holds is anybody's text: it is shown, and never does anything.

const grouped = new Intl.NumberFormat("en");

function count(value) {
  return grouped.format(value);
}

function counted(value, one, many = one + "s") {
  return `${count(value)} ${value === 1 ? one : many}`;
}

// As heapdump prints them on the terminal: decimal units, as DevTools uses them.
function bytes(value) {
  if (value < 1e3) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  if (value < 1e9) return `${(value / 1e6).toFixed(1)} MB`;
  return `${(value / 1e9).toFixed(1)} GB`;
}

// A time in ISO 8601.
function moment(text) {
  return plain(text.replace("T", " ").replace("Z", " UTC"));
}

function signed(value, format) {
  if (value === 0) return format(0);
  return value > 0 ? `+${format(value)}` : `\u2212${format(-value)}`;
}

function percent(share) {
  if (share > 0 && share < 0.0005) return "<0.1%";
  return `${(share * 100).toFixed(1)}%`;
}

function share(part, whole) {
  return whole > 0 ? part / whole : 0;
}

// Controls, directions, lone surrogates and whatever else has no width of its own; then accents piled on accents, which
// would cover the lines above.
const unseenRuns =
  /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFFA0]|(?<=\p{M}{3})\p{M})\1*/gu;
const shortEscapes = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

function escapeOf(character) {
  const short = shortEscapes.get(character);
  if (short) return short;
  const digits = character.codePointAt(0).toString(16).toUpperCase();
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
}

// One character again and again is said once.
function escapesOf(run) {
  const times = Array.from(run).length;
  return times > 3 ? `${escapeOf(run)}\u00D7${times}` : Array.from(run, escapeOf).join("");
}

// For attributes, which hold no elements.
function plain(text, limit = 120) {
  const head = clip(text, limit);
  const escaped = head.replace(unseenRuns, escapesOf);
  return head.length < text.length ? `${escaped}\u2026` : escaped || "(no name)";
}

// Never between the two halves of a character.
function clip(text, limit) {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit);
}

// Escapes are marked, so that nobody takes a backslash in the text for one.
function visible(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(unseenRuns)) {
    pieces.push(text.slice(end, match.index), make("span", { class: "escape" }, escapesOf(match[0])));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== "");
}

// A string from the heap. <bdi> keeps letters that run from right to left from moving what stands beside them.
function shown(text, { limit = 160, quoted = false, empty = "(no name)" } = {}) {
  if (text === "" && !quoted) return make("span", { class: "faint" }, empty);
  const quote = quoted ? ['"'] : [];
  const body = make("bdi", { class: "text" });
  const result = make("span", { class: "shown" }, body);
  const short = clip(text, limit);
  const fill = (part) => body.replaceChildren(...quote, ...visible(part), ...(part.length < text.length ? ["\u2026"] : quote));
  fill(short);
  if (short.length < text.length) {
    const label = `all ${count(text.length)} characters`;
    const button = make("button", { type: "button", class: "more", "aria-expanded": "false" }, label);
    button.addEventListener("click", () => {
      const opens = button.getAttribute("aria-expanded") === "false";
      fill(opens ? text : short);
      button.setAttribute("aria-expanded", String(opens));
      button.textContent = opens ? "less" : label;
    });
    result.append(" ", button);
  }
  return result;
}
