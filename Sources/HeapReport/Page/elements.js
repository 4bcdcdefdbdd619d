// The only way in which this page makes elements. Strings become text nodes: nothing is ever parsed as markup.

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
}

// The policy of this page forbids style attributes; a script's own hand on the style is no attribute.
function styled(element, properties) {
  for (const [key, value] of Object.entries(properties)) element.style.setProperty(key, value);
  return element;
}

function bar(part, kind = "") {
  const width = `${Math.max(0, Math.min(1, part)) * 100}%`;
  return make("span", { class: `bar ${kind}`, "aria-hidden": "true" }, styled(make("span"), { width }));
}

let lastIdentifier = 0;
function identifier(prefix) {
  lastIdentifier += 1;
  return `${prefix}-${lastIdentifier}`;
}
